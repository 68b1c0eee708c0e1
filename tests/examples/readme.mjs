/**
 * Reads what a README claims: its programs with what they print, and its tables. Owns the conventions; runs nothing.
 */
import { readFileSync } from "node:fs";

/** @param {string} path Within the repository. */
export const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/**
 * One program for each `##` section with `js` blocks: these in order. What it prints stands in the comment behind a
 * `console.log(…);`, and in a `text` block right after the program's.
 */
export function programs(markdown) {
  const all = [];
  for (const [title, text] of sections(markdown)) {
    const found = blocksIn(text).filter(({ language }) => language === "js" || language === "text");
    const first = found.findIndex(({ language }) => language === "js");
    if (first < 0) continue;
    const told = found.slice(first).map(({ language, content }) => (language === "text" ? content : commented(content)));
    const code = found.filter(({ language }) => language === "js").map(({ content }) => content).join("\n");
    all.push({ title, code, prints: told.join("") });
  }
  return all;
}

export function blocksIn(text) {
  return [...text.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, language, content]) => ({ language, content }));
}

const commented = (code) => [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => `${line}\n`).join("");

/**
 * The rows of a section's table whose first header cell is `first`, as objects by header; backticks are left out.
 * A cell holds no `|`.
 */
export function table(markdown, section, first) {
  const lines = new Map(sections(markdown)).get(section).split("\n");
  const start = lines.findIndex((line, at) => cells(line)?.[0] === first && /^\|[-|]+\|$/.test(lines[at + 1] ?? ""));
  if (start < 0) throw new Error(`no table of "${section}" begins with "${first}"`);
  const header = cells(lines[start]);
  const rows = [];
  for (const line of lines.slice(start + 2)) {
    const row = cells(line);
    if (row === null) break;
    rows.push(Object.fromEntries(header.map((name, at) => [name, row[at]])));
  }
  return rows;
}

function cells(line) {
  if (!line.startsWith("| ")) return null;
  return line.split("|").slice(1, -1).map((cell) => cell.replaceAll("`", "").trim());
}

/** Title and text of each `##` section. */
export function sections(markdown) {
  return markdown.split(/^(?=## )/m).map((text) => [/^## (.*)$/m.exec(text)?.[1] ?? "", text]);
}
