/** The README shows the quickstart as it is, and what it prints. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the README's quickstart is the tested one, and prints what is promised", () => {
  const readme = read("README.md");
  const program = read("examples/quickstart/quickstart.mjs").replace(/^\/\*\*[^]*?\*\/\n/, "");
  assert.ok(readme.includes(`\`\`\`js\n${program}\`\`\``), "the program");
  assert.ok(readme.includes(`\`\`\`text\n${read("examples/quickstart/expected.txt")}\`\`\``), "its output");
});
