/** The READMEs' programs print what is promised, on the packed package; the quickstart is the tested one. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { installExample } from "../../examples/install.mjs";
import { programs, read, sections } from "./readme.mjs";

/** `Intl` writes them before a currency; nobody could tell them from spaces in a README. */
const NO_BREAK = /[\u00a0\u202f]/g;

test("the README's quickstart is the tested one, and prints what is promised", () => {
  const readme = read("README.md");
  const program = read("examples/quickstart/quickstart.mjs").replace(/^\/\*\*[^]*?\*\/\n/, "");
  assert.ok(readme.includes(`\`\`\`js\n${program}\`\`\``), "the program");
  assert.ok(readme.includes(`\`\`\`text\n${read("examples/quickstart/expected.txt")}\`\`\``), "its output");
});

for (const readme of ["README.md", "pkg-template/README.md"]) {
  test(`the programs of ${readme} print what stands beside them`, async (context) => {
    const examples = path.dirname(await installExample("quickstart"));
    const folder = await mkdtemp(path.join(examples, "readme-"));
    context.after(() => rm(folder, { recursive: true }));
    const found = programs(read(readme));
    assert.ok(found.length >= 2, "programs were found");
    for (const { title, code, prints } of found) {
      assert.notEqual(prints, "", `${title}: says what it prints`);
      const file = path.join(folder, "program.mjs");
      await writeFile(file, code);
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [file]);
      assert.equal(stdout.replace(NO_BREAK, " "), prints, title);
      assert.equal(stderr, "", title);
    }
  });
}

test("the contents list names every section of the README, and every link within it leads somewhere", () => {
  const readme = read("README.md");
  const anchorOf = (heading) => heading.toLowerCase().replace(/[^a-z0-9 -]/g, "").replaceAll(" ", "-");
  const anchors = new Set([...readme.matchAll(/^#{2,3} (.*)$/gm)].map(([, heading]) => anchorOf(heading)));
  const linked = new Set([...readme.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor));
  for (const anchor of linked) assert.ok(anchors.has(anchor), `#${anchor}`);
  const titles = sections(readme).map(([title]) => title).filter((title) => title !== "" && title !== "Contents");
  for (const title of titles) assert.ok(linked.has(anchorOf(title)), title);
});
