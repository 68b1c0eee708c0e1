/**
 * `lint`: runs every check within one bound of work, and puts what they find in order.
 */
import { OutOfWork, Work } from "./bench.js";
import { placed, type Case, type Check, type Found } from "./check.js";
import { readDefinitions } from "./definitions.js";
import { guessable, template } from "./guess.js";
import { never } from "./never.js";
import { ineffectiveNeeds, manyDiscounts } from "./company.js";
import { codeExpiry, codeLimits, draft, duplicateLinks, emailPatterns, inactiveLinks, uncapped, unlinked } from "./terms.js";
import { freeOrder, neverCombines, orderDependent } from "./together.js";
import type { LintRequest, LintWarning } from "./types.js";

/** Cart lines evaluated, definitions and calls counted too: seconds. */
const MAX_UNITS = 200_000;

/** Cheap ones first: what runs out of work is the search through pairs. */
const CHECKS: readonly Check[] = [
  draft, inactiveLinks, duplicateLinks, unlinked, uncapped, codeLimits, emailPatterns, template, guessable, ineffectiveNeeds, manyDiscounts,
  codeExpiry, never, freeOrder, neverCombines, orderDependent,
];

/**
 * What is odd about these coupons and rules, before they are saved. Archived ones are not judged, though coupons may
 * link them. Nothing is read or written, and nothing is refused: a warning is for staff to think about.
 *
 * All checks together evaluate at most as much as 200,000 cart lines take; for what that leaves out there is a warning
 * `unchecked`. A shop of 100 coupons is far below it, one of 1,000 is not: its pairs are half a million.
 *
 * Throws as `evaluate` does, with paths from `coupons`, `rules`, `policy`, `cart` and `now`, and `not_initialized`
 * before `preload()` or `createCouponEngine()` has been awaited.
 */
export function lint(request: LintRequest): readonly LintWarning[] {
  const definitions = readDefinitions(request, []);
  const warnings: LintWarning[] = [];
  const given: Case = {
    definitions,
    coupons: placed(definitions.coupons, "coupons"),
    rules: placed(definitions.rules, "rules"),
    work: new Work(MAX_UNITS),
    warn: (found: Found) => warnings.push({ couponIds: [], ruleIds: [], ...found }),
  };
  for (const check of CHECKS) {
    try {
      check.run(given);
    } catch (error) {
      if (!(error instanceof OutOfWork)) throw error;
      given.warn({ code: "unchecked", severity: "hint", details: { check: check.finds }, message: `There are too many coupons and codes to look for ${check.finds} among all of them.` });
    }
  }
  return warnings.filter(isFirst).sort((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity]);
}

const GRAVITY: Readonly<Record<LintWarning["severity"], number>> = { error: 0, warning: 1, hint: 2 };

/** All orders that are free because everything is need no example. */
function isFirst({ code, couponIds }: LintWarning, _: number, all: readonly LintWarning[]): boolean {
  return code !== "free_order" || !all.some((other) => other.code === "unlimited_full_discount" && other.couponIds[0] === couponIds[0]);
}
