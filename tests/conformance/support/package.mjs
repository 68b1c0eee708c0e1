/**
 * Where these tests find what they test: the built package, as it is published. It must not fall back to the sources.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const PACKAGE_DIST = new URL("../../../dist/package/dist/", import.meta.url);

/** Throws unless the package was built with this entry. */
export async function entry(name) {
  const url = new URL(`${name}.js`, PACKAGE_DIST);
  if (!existsSync(fileURLToPath(url))) throw new Error(`the package has no ${name}: run \`npm run build\` first`);
  return import(url.href);
}
