/**
 * Asks the engine, within a bound: definitions are prepared once, each question is one evaluation.
 *
 * Owns the count of the work. What a check needs to know of the rules it learns from the answers here.
 */
import { CouponError, prepare, type PreparedSet } from "../index.js";
import type { Cart } from "../types/cart.js";
import type { Quote } from "../types/quote.js";
import type { EvaluateRequest, PreparedRequest } from "../types/requests.js";

/** About the time of a line of a cart in an evaluation: a call as such takes some. */
const UNITS_OF_A_CALL = 5;
/** Characters of definitions, as JSON, that are read in the time of one line. */
const CHARACTERS_OF_A_UNIT = 500;

/** Thrown to whoever runs the checks, when the work is used up. Never leaves the package. */
export class OutOfWork extends Error {}

/** Counted work, so that a lint of anything ends in seconds. */
export class Work {
  #left: number;

  constructor(units: number) {
    this.#left = units;
  }

  get left(): number {
    return this.#left;
  }

  /** Throws `OutOfWork` when there is none left. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new OutOfWork();
  }

  /** Of one evaluation. */
  spendOn(cart: Cart): void {
    this.spend(UNITS_OF_A_CALL + cart.lines.length);
  }
}

export type Question = PreparedRequest & { readonly zones?: EvaluateRequest["zones"] };
/** `null` where the amounts of the question go beyond what the engine computes. */
export type Ask = (question: Question) => Quote | null;

/** Runs `use` with definitions prepared; they are freed when it ends. */
export function onBench<T>(definitions: Pick<EvaluateRequest, "coupons" | "rules">, work: Work, use: (ask: Ask) => T): T {
  work.spend(UNITS_OF_A_CALL + Math.ceil(JSON.stringify(definitions).length / CHARACTERS_OF_A_UNIT));
  const set = prepare(definitions);
  try {
    return use((question) => {
      work.spendOn(question.cart);
      return answer(set, question);
    });
  } finally {
    set.close();
  }
}

function answer(set: PreparedSet, question: Question): Quote | null {
  try {
    return set.evaluate(question);
  } catch (error) {
    if (error instanceof CouponError && error.code === "arithmetic") return null;
    throw error;
  }
}

/** Every failing check of an entry, or of a rule. */
export function reasonsOf(outcome: Quote["codes"][number] | Quote["automatic"][number] | undefined): readonly Quote["codes"][number]["also"][number][] {
  if (outcome === undefined || outcome.rejection === null) return [];
  return [outcome.rejection, ...outcome.also];
}

/** Whether each entry takes something; store credit takes nothing. */
export function allApplied({ codes, adjustments }: Quote): boolean {
  return codes.every(({ state, index }) => state === "applied" && adjustments.some((adjustment) => adjustment.index === index));
}
