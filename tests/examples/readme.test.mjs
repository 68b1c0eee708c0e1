/** The READMEs' programs print what is promised, on the packed package; the quickstart is the tested one. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client } from "pg";

import { installExample } from "../../examples/install.mjs";
import { memoryStorage, postgresStorage, sqliteStorage } from "../stores/package.mjs";
import { startPostgres } from "../stores/postgres-server.mjs";
import { blocksIn, programs, read, sections, table } from "./readme.mjs";

/** `Intl` writes them before a currency; nobody could tell them from spaces in a README. */
const NO_BREAK = /[\u00a0\u202f]/g;

const root = fileURLToPath(new URL("../..", import.meta.url));
const server = await startPostgres();
after(() => server.stop());

test("the README's quickstart is the tested one, and prints what is promised", () => {
  const readme = read("README.md");
  const program = read("examples/quickstart/quickstart.mjs").replace(/^\/\*\*[^]*?\*\/\n/, "");
  assert.ok(readme.includes(`\`\`\`js\n${program}\`\`\``), "the program");
  assert.ok(readme.includes(`\`\`\`text\n${read("examples/quickstart/expected.txt")}\`\`\``), "its output");
});

for (const readme of ["README.md", "pkg-template/README.md"]) {
  test(`the programs of ${readme} print what stands beside them`, async (context) => {
    const folder = await folderWithPackage(context);
    const found = programs(read(readme));
    assert.ok(found.length >= 2, "programs were found");
    for (const { title, code, prints } of found) {
      assert.notEqual(prints, "", `${title}: says what it prints`);
      const { stdout, stderr } = await run(folder, code);
      assert.equal(stdout.replace(NO_BREAK, " "), prints, title);
      assert.equal(stderr, "", title);
    }
  });
}

test("the views are as in their table, and the queries for analysts run", async (context) => {
  const { connectionString } = server;
  const storage = await postgresStorage({ connectionString, schema: "shop" });
  context.after(() => storage.close());
  const client = new Client({ connectionString });
  await client.connect();
  context.after(() => client.end());
  const readme = read("README.md");
  const { rows } = await client.query("SELECT table_name AS view, column_name FROM information_schema.columns WHERE table_schema = 'shop' ORDER BY ordinal_position");
  for (const { view, columns } of table(readme, "Storage", "view")) {
    assert.equal(columns, rows.filter((row) => row.view === view).map((row) => row.column_name).join(", "));
  }
  const queries = blocksIn(readme).filter(({ language }) => language === "sql").flatMap(({ content }) => content.match(/[^;]+;/g));
  assert.equal(queries.length, 2);
  for (const query of queries) assert.ok((await client.query(query)).fields.length > 2, query);
});

test("the README's few lines hold a ledger against the conformance kit", async (context) => {
  const { content } = blocksIn(read("README.md")).find(({ language }) => language === "mjs");
  const { stdout } = await run(await folderWithPackage(context), content);
  assert.match(stdout, /conformance v1, durability=volatile, maxOperations=1000, 10\/10, redemptions$/m);
});

test("each store's line of the kit says what its ledger declares", async (context) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "readme-"));
  context.after(() => rm(folder, { recursive: true }));
  const { connectionString } = server;
  const stores = {
    Memory: memoryStorage(),
    SQLite: await sqliteStorage({ path: path.join(folder, "shop.db") }),
    PostgreSQL: await postgresStorage({ connectionString, schema: "lines" }),
  };
  const told = new Map(read("README.md").split(/^(?=\*\*\w)/m).map((text) => [/^\*\*(\w+)/.exec(text)?.[1], text]));
  for (const [name, { ledger, redemptions, close }] of Object.entries(stores)) {
    const { durability, maxOperations } = ledger.capabilities;
    assert.ok(redemptions);
    const line = `conformance v1, durability=${durability}, maxOperations=${maxOperations}, 10/10, redemptions`;
    assert.ok(told.get(name).includes(`\`${line}\``), name);
    await close?.();
  }
});

test("the SQLite store's options are as in their table", () => {
  const [, fields] = /interface SqliteStorageOptions \{([^]*?)\n\}/.exec(read("js/stores/sqlite.ts"));
  const names = [...fields.matchAll(/^  readonly (\w+)\??:/gm)].map(([, name]) => name);
  assert.deepEqual(table(read("README.md"), "Storage", "sqliteStorage").map((row) => row.sqliteStorage), names);
});

test("the guide counts the kit's cases right", async () => {
  const { ledgerCases } = await import(new URL("../../dist/package/dist/conformance.js", import.meta.url).href);
  const guide = read("js/conformance/README.md");
  const words = { 3: "three", 9: "nine" };
  const ofRedemptions = ledgerCases().filter(({ group }) => group === "redemptions").length;
  const ofProcesses = ledgerCases().filter(({ requires }) => requires?.({ durability: "volatile" }) === false).length;
  assert.ok(guide.includes(`\n${ledgerCases().length + 1} tests, the last of which`), `${ledgerCases().length} cases`);
  assert.ok(guide.includes(`the ${words[ofRedemptions]} of \`redemptions\``), `${ofRedemptions} of redemptions`);
  assert.ok(guide.includes(`the ${words[ofProcesses]} cases that need\na second process`), `${ofProcesses} of several processes`);
});

test("the guide's adapter carries a shop beside a store of the package, as the guide prints it", async (context) => {
  const guide = read("js/conformance/README.md");
  const blocks = blocksIn(new Map(sections(guide)).get("A whole adapter"));
  assert.deepEqual(blocks.map(({ language }) => language), ["js", "js", "text"]);
  const [adapter, shop, prints] = blocks.map(({ content }) => content);
  const folder = await folderWithPackage(context);
  await writeFile(path.join(folder, "ledger.mjs"), adapter);
  const { stdout } = await run(folder, shop);
  assert.equal(stdout, prints);
});

test("the contents list names every section of the README, and every link within it leads somewhere", () => {
  const readme = read("README.md");
  const anchorOf = (heading) => heading.toLowerCase().replace(/[^a-z0-9 -]/g, "").replaceAll(" ", "-");
  const anchors = new Set([...readme.matchAll(/^#{2,3} (.*)$/gm)].map(([, heading]) => anchorOf(heading)));
  const linked = new Set([...readme.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor));
  for (const anchor of linked) assert.ok(anchors.has(anchor), `#${anchor}`);
  const files = [...readme.matchAll(/\]\((?!#)([^)#]*)\)/g)].map(([, file]) => file);
  assert.ok(files.length >= 8);
  for (const file of files) assert.ok(existsSync(path.join(root, file)), file);
  const titles = sections(readme).map(([title]) => title).filter((title) => title !== "" && title !== "Contents");
  for (const title of titles) assert.ok(linked.has(anchorOf(title)), title);
});

/** Where a program finds the package as a user would; whatever it writes goes with the folder. */
async function folderWithPackage(context) {
  const examples = path.dirname(await installExample("quickstart"));
  const folder = await mkdtemp(path.join(examples, "readme-"));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function run(folder, code) {
  const file = path.join(folder, "program.mjs");
  await writeFile(file, code);
  // A test file told that it is a child of this runner would report to it instead of printing.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return promisify(execFile)(process.execPath, [file], { cwd: folder, env: { ...env, DATABASE_URL: server.connectionString } });
}
