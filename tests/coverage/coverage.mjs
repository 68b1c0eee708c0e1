/**
 * Which items of the guides and which sections of the semantics have a test, and which part owns the others:
 * `node tests/coverage/coverage.mjs`. Prints a table per guide and one of the sections, and fails when the lists and the
 * tests do not fit. Owns the printing only.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { namedItems, namedSections } from "./collect.mjs";
import { judge, judgeSections } from "./judge.mjs";

const GUIDES = [
  { title: "S0 Creating coupons", prefixes: ["S0.", "S0+."] },
  { title: "S1 Coupons, an overview", prefixes: ["S1."] },
  { title: "S2 Coupons and promotion codes", prefixes: ["S2.", "S2+."] },
  { title: "S3 Coupon groups and codes", prefixes: ["S3.", "S3+."] },
  { title: "S4 Coupons and store credit", prefixes: ["S4.", "S4+."] },
  { title: "B What other systems have beyond the guides", prefixes: ["B"] },
];

const root = fileURLToPath(new URL("../../", import.meta.url));
const listed = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const items = listed("items.json");
const named = namedItems(root);
const sections = listed("sections.json");
const namedBy = namedSections(root);

const judged = [judge(items, named), judgeSections(sections, namedBy)];
const failures = judged.flatMap((each) => each.failures);
const passed = judged.reduce((sum, each) => sum + each.passed, 0);

for (const { title, prefixes } of GUIDES) console.log(tableOf(title, items.filter(({ id }) => prefixes.some((prefix) => id.startsWith(prefix))), named));
const sectionItems = sections.map(({ section, owner, title }) => ({ id: `§${section}`, owner, title }));
console.log(tableOf("Sections of the semantics", sectionItems, new Map([...namedBy].map(([section, files]) => [`§${section}`, files]))));
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

function tableOf(title, own, namedIn) {
  const rows = own.map(({ id, owner, title: words }) => {
    const files = [...(namedIn.get(id) ?? [])].map((file) => file.replace(/^tests\//, ""));
    return [id, owner ?? "-", words, files.join(" ") || "-"];
  });
  const width = (column) => Math.max(...rows.map((row) => row[column].length));
  const [ids, owners, titles] = [width(0), width(1), width(2)];
  const lines = rows.map(([id, owner, words, files]) => [id.padEnd(ids), owner.padEnd(owners), words.padEnd(titles), files].join(" | "));
  return [title, ...lines.map((line) => `  ${line}`), `  ${sumOf(own, namedIn)}`, ""].join("\n");
}

function sumOf(own, namedIn) {
  const tested = own.filter(({ id }) => namedIn.has(id)).length;
  const waiting = new Map();
  for (const { id, owner } of own) if (!namedIn.has(id)) waiting.set(owner ?? "nobody", (waiting.get(owner ?? "nobody") ?? 0) + 1);
  const owned = [...waiting].sort(([one], [two]) => (one < two ? -1 : 1)).map(([owner, count]) => `${owner} ${count}`);
  return `${own.length} in all, ${tested} with a test${owned.length === 0 ? "" : `, others owned by: ${owned.join(", ")}`}`;
}
