/**
 * The kit's own assertions, so that it runs where no test library does. Owns how two values are compared and how a
 * difference is told.
 */
import { ConformanceFailure, textOf } from "./case.js";

const LONGEST = 300;

export function expect(holds: boolean, otherwise: () => string): void {
  if (!holds) throw new ConformanceFailure(otherwise());
}

/** Compares plain data; the order of an object's keys is of no matter. */
export function expectEqual(seen: unknown, wanted: unknown, what: string): void {
  const [seenText, wantedText] = [sortedJson(seen), sortedJson(wanted)];
  if (seenText === wantedText) return;
  throw new ConformanceFailure(`${what}: answered ${shortened(seenText, wantedText)}, expected ${shortened(wantedText, seenText)}`);
}

/** Runs what must not throw. */
export async function expectAnswer<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof ConformanceFailure) throw cause;
    throw new ConformanceFailure(`${what} threw ${textOf(cause)}`, { cause });
  }
}

function sortedJson(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return `bigint ${part}`;
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
  return text === undefined ? "undefined" : text;
}

/** From just before the first difference on. */
function shortened(text: string, other: string): string {
  if (text.length <= LONGEST) return text;
  let at = 0;
  while (at < text.length && text[at] === other[at]) at += 1;
  const from = Math.max(0, at - 40);
  return `${from > 0 ? "…" : ""}${text.slice(from, from + LONGEST)}… (${text.length} characters)`;
}
