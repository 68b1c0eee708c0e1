/**
 * The coverage check itself: which names carry which ids and sections, and that each kind of misfit is a failure.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { idsInNode, idsInRust, sectionsInNode } from "./collect.mjs";
import { judge, judgeSections } from "./judge.mjs";

const items = JSON.parse(readFileSync(new URL("items.json", import.meta.url), "utf8"));
const sections = JSON.parse(readFileSync(new URL("sections.json", import.meta.url), "utf8"));
const everyTest = () => new Map(items.map(({ id }) => [id, new Set(["a.test.mjs"])]));
const changed = (id, changes) => items.map((item) => (item.id === id ? { ...item, ...changes } : item));

test("ids stand at the beginning of a Rust test's name", () => {
  const text = [
    "#[test]", "fn s2_9_s2_11_s2_15_labels() {}",
    "  #[test]", "  #[cfg(unix)]", "  // why", "  fn s0_plus_1_bytes() {}",
    "#[test]", "fn b45_figures() {}",
    "#[test]", "fn semantics_17_s2_26_is_not_at_the_beginning() {}",
    "fn s3_1_no_test() {}",
    "// #[test]", "fn s3_2_commented_out() {}",
    "/*", "#[test]", "fn s3_3_commented_out() {}", "*/",
  ].join("\n");
  assert.deepEqual(idsInRust(text), ["S2.9", "S2.11", "S2.15", "S0+.1", "B45"]);
});

test("ids stand at the beginning of the name given to test or it", () => {
  const text = [
    'test("S2.17 a cap", () => {});',
    "  it('S0+.1: a link', () => {});",
    "await context.test(`S3.12, S3.13 and S3.14: limits of ${kind}`, () => {});",
    'test("B45 reasons (S2.2 is not at the beginning)", () => {});',
    'test("S2.170x is no id", () => {});',
    '// test("S4.1 commented out", () => {});',
    "/**", ' test("S4.2 commented out", () => {});', " */",
    'test.skip("S4.3 skipped", () => {});',
  ].join("\n");
  assert.deepEqual(idsInNode(text), ["S2.17", "S0+.1", "S3.12", "S3.13", "S3.14", "B45"]);
});

test("the list is complete, and passes if everything has a test", () => {
  assert.deepEqual(judge(items, everyTest()), { passed: 307, failures: [] });
});

const MISFITS = [
  ["an item that stands twice", [...items, items[0]], 308, "S0.1 is in the list twice"],
  ["an owner that is no part", changed("B1", { owner: "Z" }), 306, "B1 belongs to Z, which is no part"],
  ["an item without a title", changed("B1", { title: " " }), 306, "B1 has no title"],
];
for (const [name, list, passed, failure] of MISFITS) {
  test(`${name} is a failure`, () => assert.deepEqual(judge(list, everyTest()), { passed, failures: [failure] }));
}

test("a gap in a sequence is a failure", () => {
  const named = everyTest();
  named.delete("S2.69");
  assert.deepEqual(judge(items.filter(({ id }) => id !== "S2.69"), named), { passed: 306, failures: ["S2.69 is missing from the list"] });
});

test("neither test nor owner is a failure, an owner that is still to build is none", () => {
  const named = everyTest();
  named.delete("S4.20");
  assert.deepEqual(judge(items, named).failures, []);
  assert.deepEqual(judge(changed("S4.20", { owner: undefined }), named), { passed: 306, failures: ["S4.20 has neither a test nor an owner"] });
});

test("an item of a part that is built needs a test", () => {
  const named = everyTest();
  named.delete("S2.17");
  assert.deepEqual(judge(items, named), { passed: 306, failures: ["S2.17 belongs to part A, which is built, and no test names it"] });
});

test("a test that names no item is a failure", () => {
  const named = everyTest().set("S2.70", new Set(["b.test.mjs", "c.rs"]));
  assert.deepEqual(judge(items, named), { passed: 307, failures: ["S2.70 is named by b.test.mjs, c.rs, and is no item"] });
});

test("sections stand at the beginning of a name, after the word", () => {
  const text = [
    'test("semantics §17: both ends", () => {});',
    "  test(`semantics §4, §5: ${what}`, () => {});",
    'test("B45 figures (semantics §24: not at the beginning)", () => {});',
    'test("semantics §170x is none", () => {});',
    '// test("semantics §9: commented out", () => {});',
  ].join("\n");
  assert.deepEqual(sectionsInNode(text), [17, 4, 5]);
});

const everySection = () => new Map(sections.map(({ section }) => [section, new Set(["a.test.mjs"])]));

test("the list of sections is complete, and one of a part that is built needs a test", () => {
  assert.deepEqual(judgeSections(sections, everySection()), { passed: 34, failures: [] });
  for (const [section, owner] of [[14, "C"], [17, "A"], [32, "B"]]) {
    const named = everySection();
    named.delete(section);
    assert.deepEqual(judgeSections(sections, named), { passed: 33, failures: [`§${section} belongs to part ${owner}, which is built, and no test names it`] });
  }
  const named = everySection();
  for (const later of [29, 31]) named.delete(later);
  assert.deepEqual(judgeSections(sections, named).failures, []);
});

const with17 = (changes) => sections.map((entry) => (entry.section === 17 ? { ...entry, ...changes } : entry));
const SECTION_MISFITS = [
  ["a missing section", sections.filter(({ section }) => section !== 29), ["§29 is missing from the list", "§29 is named by a test, and is no section"]],
  ["a section that stands twice", [...sections, sections[0]], ["§1 is in the list twice"]],
  ["an owner of a section that is no part", with17({ owner: "Z" }), ["§17 belongs to Z, which is no part"]],
  ["a section without a title", with17({ title: "" }), ["§17 has no title"]],
];
for (const [name, list, failures] of SECTION_MISFITS) {
  test(`${name} is a failure`, () => assert.deepEqual(judgeSections(list, everySection()).failures, failures));
}
