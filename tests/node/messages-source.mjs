/**
 * The writers of texts by themselves, bundled as the package bundles them: what they say of figures that no single
 * request has together. Owns no test.
 */
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const contents = ["format", "outcome", "terms", "trace", "template", "en", "de"].map((name) => `export * from "./js/messages/${name}.ts";`);
const { outputFiles } = await esbuild.build({
  stdin: { contents: contents.join("\n"), resolveDir: root, loader: "ts" },
  bundle: true,
  write: false,
  format: "esm",
});

export const {
  createMessages, englishMessages, filled, germanMessages, rejectionText, templateFault, termsText, traceText, withMessages,
} = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);

export const english = createMessages(undefined, "messages");
export const german = createMessages(germanMessages, "messages");

/** `Intl` separates with spaces of several kinds. */
export const plain = (text) => text.replaceAll(/\s/gu, " ");
