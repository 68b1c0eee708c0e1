/**
 * Which checklist items and which sections of the semantics the tests name: reads test files as text and answers ids and
 * numbers with the files that name them. Owns how a name carries them (`s2_9_s2_11_labels` in Rust, `"S2.9, S2.11: labels"`
 * and `"semantics §4, §5: caps"` in node); must not know the items and sections themselves.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** `S2.9` → the test files that name it, relative to `root`. */
export function namedItems(root) {
  const named = new Map();
  for (const { file, read } of testFiles(root)) {
    const path = relative(root, file).replaceAll("\\", "/");
    for (const id of read(readFileSync(file, "utf8"))) named.set(id, (named.get(id) ?? new Set()).add(path));
  }
  return named;
}

/** `17` → the node test files that name this section of the semantics, relative to `root`. */
export function namedSections(root) {
  const named = new Map();
  for (const file of nodeTestFiles(root)) {
    const path = relative(root, file).replaceAll("\\", "/");
    for (const section of sectionsInNode(readFileSync(file, "utf8"))) named.set(section, (named.get(section) ?? new Set()).add(path));
  }
  return named;
}

/** The sections in the names given to `test( )` and `it( )`. */
export function sectionsInNode(text) {
  const names = [...withoutBlockComments(text).matchAll(NODE_TEST)].map(([, , name]) => SECTIONS_OF.exec(name)?.[1] ?? "");
  return names.flatMap((list) => [...list.matchAll(/\d+/g)].map(Number));
}

/** The ids in the names of a Rust file's tests. A comment or a plain function names nothing. */
export function idsInRust(text) {
  return [...withoutBlockComments(text).matchAll(RUST_TEST)].flatMap(([, name]) => idsOfRustName(name));
}

/** The ids in the names given to `test( )` and `it( )`. A skipped test names nothing. */
export function idsInNode(text) {
  return [...withoutBlockComments(text).matchAll(NODE_TEST)].flatMap(([, , name]) => idsOfNodeName(name));
}

const RUST_TEST = /^[ \t]*#\[test\]\s*(?:^[ \t]*(?:#\[.*\]|\/\/.*)\s*)*^[ \t]*fn (\w+)/gm;
const NODE_TEST = /^[ \t]*(?:await )?(?:\w+\.)?(?:test|it)\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gm;
const SECTIONS_OF = /^semantics (§\d+(?:, §\d+)*):/;
const RUST_ID = /^(s[0-4]_(?:plus_)?\d+|b\d+)(?:_|$)/;
const NODE_ID = /^(S[0-4]\+?\.\d+|B\d+)(?![\w.+])(?:,? and |, | )?/;

function idsOfRustName(name) {
  return leading(name, RUST_ID).map((id) => id.toUpperCase().replace("_PLUS_", "+.").replace("_", "."));
}

function idsOfNodeName(name) {
  return leading(name, NODE_ID);
}

/** A name begins with its ids, one after the other; what follows is words. */
function leading(name, pattern) {
  const ids = [];
  for (let rest = name, found; (found = pattern.exec(rest)) !== null; rest = rest.slice(found[0].length)) ids.push(found[1]);
  return ids;
}

function withoutBlockComments(text) {
  return text.replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, "");
}

function testFiles(root) {
  const rust = [...filesUnder(join(root, "src"), ".rs"), ...filesUnder(join(root, "tests"), ".rs")];
  return [...rust.map((file) => ({ file, read: idsInRust })), ...nodeTestFiles(root).map((file) => ({ file, read: idsInNode }))];
}

/** This folder is left out: its own tests quote names that are not theirs. */
function nodeTestFiles(root) {
  return filesUnder(join(root, "tests"), ".test.mjs").filter((file) => !file.startsWith(join(root, "tests", "coverage")));
}

function filesUnder(folder, ending) {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== "node_modules");
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path, ending);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}
