/**
 * Writes the answers of the native engine into the golden files. Owns no expectation: whoever runs it reads the diff,
 * figure by figure, before it is committed.
 *
 * `node tests/golden/update.mjs`
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { evaluateNatively } from "../differential/native.mjs";

const folder = new URL("./", import.meta.url);
for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  const path = new URL(file, folder);
  const cases = JSON.parse(readFileSync(path, "utf8"));
  const answers = evaluateNatively(cases.map(({ request }) => request));
  const updated = cases.map(({ name, request }, at) => ({ name, request, answer: answers[at] }));
  writeFileSync(path, `${JSON.stringify(updated, null, 2)}\n`);
}
