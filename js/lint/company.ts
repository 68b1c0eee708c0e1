/**
 * What a coupon needs others for, and how many discounts may meet in one order.
 */
import type { Restrictions } from "../types/restrictions.js";
import { onBench } from "./bench.js";
import { named, some, type Case, type Check } from "./check.js";
import { isActive, linkedRules, millis, type Coupon, type Rule } from "./definitions.js";
import { NEUTRAL, neutralCart, stacks, takesSeveral } from "./together.js";

interface Need {
  readonly coupon: Coupon;
  readonly ruleIds: readonly string[];
  readonly path: string;
  readonly who: string;
  /** One of these has to be entered. */
  readonly needed: readonly string[];
}

export const ineffectiveNeeds: Check = {
  finds: "ineffective_need",
  run(given) {
    const needs = given.coupons.flatMap(({ of, path }) => [...needsOf(of, path, given)]);
    if (needs.length === 0) return;
    const isAlone = !takesSeveral(given);
    for (const need of needs) {
      if (need.needed.includes(need.coupon.id)) report(given, need, "itself");
      else if (isAlone && stacks(need.coupon, given) && need.needed.every((id) => competes(id, given))) report(given, need, "one_code");
    }
  },
};

function* needsOf(coupon: Coupon, path: string, { definitions: { rules } }: Case): Iterable<Need> {
  const need = (place: string, who: string, restrictions: Restrictions | undefined, ruleIds: readonly string[] = []): readonly Need[] =>
    restrictions?.coupons ? [{ coupon, ruleIds, path: `${place}.restrictions.coupons`, who, needed: restrictions.coupons }] : [];
  yield* need(path, `Coupon ${coupon.id}`, coupon.restrictions);
  for (const [index, code] of coupon.codes.entries()) {
    if (code.state !== "archived") yield* need(`${path}.codes[${index}]`, `Code ${code.code} of coupon ${coupon.id}`, code.restrictions);
  }
  for (const rule of new Set(linkedRules(coupon, rules))) {
    if (rule.gate === "coupon") yield* need(`rules[${rules.indexOf(rule)}]`, `Coupon ${coupon.id}, by its rule ${rule.id},`, rule.restrictions, [rule.id]);
  }
}

/** Store credit and what the host computes are applied beside any code; of a coupon that is not given nothing is known. */
function competes(id: string, given: Case): boolean {
  const coupon = given.definitions.coupons.find((other) => other.id === id);
  return coupon === undefined || stacks(coupon, given);
}

const NEED_TEXTS = {
  itself: (needed: string) => `needs one of ${needed}, which it is itself: it needs no other`,
  one_code: (needed: string) => `needs ${needed} beside it, and the shop applies no two codes together: who enters both gets one of them at most`,
} as const;

function report(given: Case, { coupon, ruleIds, path, who, needed }: Need, reason: keyof typeof NEED_TEXTS): void {
  const message = `${who} ${NEED_TEXTS[reason](named(needed))}.`;
  given.warn({ code: "ineffective_need", severity: "warning", couponIds: [coupon.id], ruleIds, path, details: { reason, coupons: some(needed) }, message });
}

/** Up to so many every selection is tried (semantics §7). */
const TRIED_EXHAUSTIVELY = 12;
/** The most codes a policy takes. */
const MAX_CODES = 30;

export const manyDiscounts: Check = {
  finds: "many_discounts",
  run(given) {
    const automatic = given.rules.filter(({ of }) => of.gate === "automatic" && isLive(of, given)).length;
    const sizes = given.coupons.filter(({ of }) => isLive(of, given)).map(({ of }) => sizeOf(of, given)).filter((size) => size > 0);
    if (automatic + sizes.reduce((sum, size) => sum + size, 0) <= TRIED_EXHAUSTIVELY) return;
    const codes = Math.min(codesTaken(given), sizes.length);
    const ofCodes = sizes.sort((a, b) => b - a).slice(0, codes).reduce((sum, size) => sum + size, 0);
    const discounts = automatic + ofCodes;
    if (codes === 0 || discounts <= TRIED_EXHAUSTIVELY) return;
    const message = `An order may have ${discounts} discounts at once, ${automatic} of them automatic: of more than ${TRIED_EXHAUSTIVELY} the best combination is searched step by step, and may be missed.`;
    given.warn({ code: "many_discounts", severity: "hint", details: { discounts, automatic, codes }, message });
  },
};

/** Active, and within its own window at the instant of the request. */
function isLive(definition: Coupon | Rule, { definitions: { now } }: Case): boolean {
  const { startsAt, expiresAt } = definition.restrictions ?? {};
  const at = millis(now);
  return isActive(definition) && (startsAt == null || millis(startsAt) <= at) && (expiresAt == null || at <= millis(expiresAt));
}

/** The discounts that one code of it opens. */
function sizeOf(coupon: Coupon, given: Case): number {
  if (!stacks(coupon, given)) return 0;
  if (coupon.discount) return 1;
  return linkedRules(coupon, given.definitions.rules).filter((rule) => rule.gate === "coupon" && isLive(rule, given)).length;
}

/** By the engine: so many codes the shop takes together; 0 where it takes one discount only, or none. */
function codesTaken(given: Case): number {
  const { now, policy } = given.definitions;
  const coupons = Array.from({ length: MAX_CODES }, (_, index) => ({ id: `neutral_${index}`, type: "standard", code: null, discount: NEUTRAL } as const));
  return onBench({ coupons }, given.work, (ask) => {
    const codes = coupons.map(({ id }) => ({ couponId: id }));
    const partial = { ...policy, stacking: { ...policy?.stacking, onInapplicable: "partial" } } as const;
    const quote = ask({ codes, cart: neutralCart(), now, policy: partial });
    const isSelecting = quote !== null && SELECTING.has(quote.strategy.stacking);
    return isSelecting ? quote.codes.filter(({ state }) => state === "applied").length : 0;
  });
}

const SELECTING: ReadonlySet<string> = new Set(["additive", "sequential", "best_combination"]);
