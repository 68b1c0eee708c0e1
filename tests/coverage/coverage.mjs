/**
 * Which items of the guides have a test, and which part owns the others: `node tests/coverage/coverage.mjs`. Prints a
 * table per guide and fails when the list and the tests do not fit. Owns the printing only.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { namedItems } from "./collect.mjs";
import { judge } from "./judge.mjs";

const GUIDES = [
  { title: "S0 Creating coupons", prefixes: ["S0.", "S0+."] },
  { title: "S1 Coupons, an overview", prefixes: ["S1."] },
  { title: "S2 Coupons and promotion codes", prefixes: ["S2.", "S2+."] },
  { title: "S3 Coupon groups and codes", prefixes: ["S3.", "S3+."] },
  { title: "S4 Coupons and store credit", prefixes: ["S4.", "S4+."] },
  { title: "B What other systems have beyond the guides", prefixes: ["B"] },
];

const items = JSON.parse(readFileSync(new URL("items.json", import.meta.url), "utf8"));
const named = namedItems(fileURLToPath(new URL("../../", import.meta.url)));
const { passed, failures } = judge(items, named);

for (const guide of GUIDES) console.log(tableOf(guide));
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

function tableOf({ title, prefixes }) {
  const own = items.filter(({ id }) => prefixes.some((prefix) => id.startsWith(prefix)));
  const rows = own.map(({ id, owner, title: words }) => {
    const files = [...(named.get(id) ?? [])].map((file) => file.replace(/^tests\//, ""));
    return [id, owner ?? "-", words, files.join(" ") || "-"];
  });
  const width = (column) => Math.max(...rows.map((row) => row[column].length));
  const [ids, owners, titles] = [width(0), width(1), width(2)];
  const lines = rows.map(([id, owner, words, files]) => [id.padEnd(ids), owner.padEnd(owners), words.padEnd(titles), files].join(" | "));
  return [title, ...lines.map((line) => `  ${line}`), `  ${sumOf(own)}`, ""].join("\n");
}

function sumOf(own) {
  const tested = own.filter(({ id }) => named.has(id)).length;
  const waiting = new Map();
  for (const { id, owner } of own) if (!named.has(id)) waiting.set(owner ?? "nobody", (waiting.get(owner ?? "nobody") ?? 0) + 1);
  const owned = [...waiting].sort(([one], [two]) => (one < two ? -1 : 1)).map(([owner, count]) => `${owner} ${count}`);
  return `${own.length} items, ${tested} with a test${owned.length === 0 ? "" : `, others owned by: ${owned.join(", ")}`}`;
}
