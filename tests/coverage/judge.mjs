/**
 * What the lists of items and of sections and the tests' names say about each other. Owns the sequences of items, the
 * number of sections, the parts that may own one, and what counts as a failure; reads and prints nothing.
 */

/** Every sequence of items and its last number. */
export const SEQUENCES = [
  { prefix: "S0.", last: 49 }, { prefix: "S0+.", last: 8 },
  { prefix: "S1.", last: 17 },
  { prefix: "S2.", last: 69 }, { prefix: "S2+.", last: 5 },
  { prefix: "S3.", last: 23 }, { prefix: "S3+.", last: 8 },
  { prefix: "S4.", last: 35 }, { prefix: "S4+.", last: 3 },
  { prefix: "B", last: 90 },
];
/** The sections of the semantics, from 1. */
export const SECTIONS = 34;
const PARTS = new Set(["A", "B", "C", "D", "E", "F", "G", "H", "later"]);
/** The parts that exist: what they own has a test. */
const BUILT = new Set(["A", "B", "C"]);

/** The owner of a section that only tells what others do. */
const NOTHING_TO_TEST = "none";

/** Every failure in words; `passed` are the items that nothing is wrong with. */
export function judge(items, named) {
  const failures = [...missing(items), ...repeated(items), ...unknown(items, named)];
  let passed = 0;
  for (const item of items) {
    const failure = failureOf(item, named);
    if (failure === null) passed += 1;
    else failures.push(failure);
  }
  return { passed, failures };
}

/** As `judge`, of the sections: each stands in the list, and one of a part that is built has a test of its name. */
export function judgeSections(sections, named) {
  const known = new Set(sections.map(({ section }) => section));
  const every = Array.from({ length: SECTIONS }, (_, at) => at + 1);
  const failures = every.filter((section) => !known.has(section)).map((section) => `§${section} is missing from the list`);
  const numbers = sections.map(({ section }) => section);
  failures.push(...numbers.filter((number, at) => numbers.indexOf(number) !== at).map((number) => `§${number} is in the list twice`));
  const strangers = [...named.keys()].filter((section) => !known.has(section));
  failures.push(...strangers.map((section) => `§${section} is named by a test, and is no section`));
  let passed = 0;
  for (const entry of sections) {
    const failure = sectionFailure(entry, named);
    if (failure === null) passed += 1;
    else failures.push(failure);
  }
  return { passed, failures };
}

function sectionFailure({ section, owner, title }, named) {
  if (typeof title !== "string" || title.trim() === "") return `§${section} has no title`;
  if (owner !== NOTHING_TO_TEST && !PARTS.has(owner)) return `§${section} belongs to ${owner}, which is no part`;
  return BUILT.has(owner) && !named.has(section) ? `§${section} belongs to part ${owner}, which is built, and no test names it` : null;
}

function failureOf({ id, owner, title }, named) {
  if (typeof title !== "string" || title.trim() === "") return `${id} has no title`;
  if (owner !== undefined && !PARTS.has(owner)) return `${id} belongs to ${owner}, which is no part`;
  if (named.has(id)) return null;
  if (owner === undefined) return `${id} has neither a test nor an owner`;
  return BUILT.has(owner) ? `${id} belongs to part ${owner}, which is built, and no test names it` : null;
}

function missing(items) {
  const known = new Set(items.map(({ id }) => id));
  const all = SEQUENCES.flatMap(({ prefix, last }) => Array.from({ length: last }, (_, at) => `${prefix}${at + 1}`));
  return all.filter((id) => !known.has(id)).map((id) => `${id} is missing from the list`);
}

function repeated(items) {
  const ids = items.map(({ id }) => id);
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id} is in the list twice`);
}

function unknown(items, named) {
  const known = new Set(items.map(({ id }) => id));
  const strangers = [...named].filter(([id]) => !known.has(id));
  return strangers.map(([id, files]) => `${id} is named by ${[...files].join(", ")}, and is no item`);
}
