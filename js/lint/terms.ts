/**
 * Oddities that stand in the definitions themselves: how much, how often, linked to what.
 */
import { percentOf } from "../messages/exponent.js";
import type { Discount } from "../types/discount.js";
import type { Limits } from "../types/coupon.js";
import { onBench, reasonsOf } from "./bench.js";
import { named, some, type Case, type Check, type Placed } from "./check.js";
import { isActive, isGenerated, linkedRules, millis, type Code, type Coupon, type Rule } from "./definitions.js";
import { ANY_CURRENCY, exampleCart, partsOf } from "./example.js";

const HALF = 5_000;
const ALL = 10_000;

export const uncapped: Check = {
  finds: "uncapped_percent",
  run(given) {
    for (const { of: coupon, path } of given.coupons) {
      const unlimited = !coupon.limits?.total;
      const linked = linkedRules(coupon, given.definitions.rules).filter(isActive);
      judge(given, coupon.discount, { couponIds: [coupon.id], path: `${path}.discount` }, unlimited, `Coupon ${coupon.id}`);
      for (const rule of linked) {
        judge(given, rule.discount, { couponIds: [coupon.id], ruleIds: [rule.id], path: `${path}.rules` }, unlimited, `Coupon ${coupon.id}, by its rule ${rule.id},`);
      }
    }
    for (const { of: rule, path } of given.rules) {
      if (rule.gate === "automatic") judge(given, rule.discount, { ruleIds: [rule.id], path: `${path}.discount` }, true, `Rule ${rule.id}`);
    }
  },
};

interface Place {
  readonly couponIds?: readonly string[];
  readonly ruleIds?: readonly string[];
  readonly path: string;
}

function judge(given: Case, discount: Discount | null | undefined, place: Place, unlimited: boolean, who: string): void {
  const basisPoints = openPercent(discount);
  if (basisPoints < HALF) return;
  const percent = percentOf(basisPoints, ".");
  if (basisPoints === ALL && unlimited) {
    const message = `${who} takes all of the price of any order, any number of times.`;
    given.warn({ code: "unlimited_full_discount", severity: "error", ...place, details: { basisPoints }, message });
    return;
  }
  const worse = unlimited ? ", and no total limit says how often" : "";
  const message = `${who} takes ${percent} % without a cap${worse}.`;
  given.warn({ code: "uncapped_percent", severity: "warning", ...place, details: { basisPoints, unlimited }, message });
}

/** The greatest percentage of the whole goods that nothing bounds; 0 if there is none. */
function openPercent(discount: Discount | null | undefined): number {
  if (!discount || discount.type === "store_credit") return 0;
  if (discount.target === "shipping" || discount.units || discount.maxPerLine) return 0;
  return Math.max(0, ...partsOf(discount).map((part) => (part.type === "percent" && !part.cap ? part.basisPoints : 0)));
}

export const draft: Check = {
  finds: "draft",
  run(given) {
    for (const { of: coupon, path } of given.coupons) {
      if (coupon.discount || coupon.rules?.length) continue;
      const message = `Coupon ${coupon.id} is a draft: it has neither a discount nor a rule.`;
      given.warn({ code: "draft", severity: "hint", couponIds: [coupon.id], path, details: {}, message });
    }
  },
};

export const inactiveLinks: Check = {
  finds: "linked_rule_inactive",
  run(given) {
    for (const { of: coupon, path } of given.coupons) {
      const linked = linkedRules(coupon, given.definitions.rules);
      const off = linked.filter((rule) => !isActive(rule));
      if (off.length === 0) continue;
      const isNothingLeft = off.length === linked.length;
      const ids = off.map(({ id }) => id);
      const message = `Coupon ${coupon.id} links ${isNothingLeft ? "only rules that are not active" : "rules that are not active"}: ${ids.join(", ")}.`;
      const details = { states: off.map(({ state }) => state) };
      const severity = isNothingLeft ? "error" : "warning";
      given.warn({ code: "linked_rule_inactive", severity, couponIds: [coupon.id], ruleIds: ids, path: `${path}.rules`, details, message });
    }
  },
};

export const duplicateLinks: Check = {
  finds: "duplicate_link",
  run(given) {
    for (const { of: coupon, path } of given.coupons) {
      const ids = [...new Set((coupon.rules ?? []).filter((id, index, all) => all.indexOf(id) < index))];
      if (ids.length === 0) continue;
      const message = `Coupon ${coupon.id} links ${named(ids)} more than once: a discount applies once.`;
      given.warn({ code: "duplicate_link", severity: "hint", couponIds: [coupon.id], ruleIds: ids, path: `${path}.rules`, details: {}, message });
    }
  },
};

/** Of a pattern only `*@` in front and a whole domain behind it mean more than themselves (semantics §11). */
const COVERS_A_DOMAIN = /^\s*\*@[^@*\s]+\s*$/;

export const emailPatterns: Check = {
  finds: "email_pattern",
  run(given) {
    const warnOf = ({ restrictions }: Pick<Coupon | Rule | Code, "restrictions">, place: Place, who: string): void => {
      const emails = restrictions?.customers?.filter(({ kind }) => kind === "email") ?? [];
      const odd = emails.map(({ value }) => value).filter((value) => value.includes("*") && !COVERS_A_DOMAIN.test(value));
      if (odd.length === 0) return;
      const message = `${who} is for ${named(odd)}, which is no e-mail address of anybody; only *@ and a whole domain stands for several.`;
      given.warn({ code: "email_pattern", severity: "warning", ...place, details: { values: some(odd), count: odd.length }, message });
    };
    for (const { of, path } of given.coupons) warnOf(of, { couponIds: [of.id], path: `${path}.restrictions.customers` }, `Coupon ${of.id}`);
    eachCode(given, (coupon, code, path) => warnOf(code, { couponIds: [coupon.id], path: `${path}.restrictions.customers` }, `Code ${code.code}`));
    for (const { of, path } of given.rules) warnOf(of, { ruleIds: [of.id], path: `${path}.restrictions.customers` }, `Rule ${of.id}`);
  },
};

export const unlinked: Check = {
  finds: "rule_never_reached",
  run(given) {
    const linked = new Set(given.coupons.flatMap(({ of }) => of.rules ?? []));
    for (const { of: rule, path } of given.rules) {
      if (rule.gate === "automatic" || linked.has(rule.id)) continue;
      const message = `Rule ${rule.id} needs a coupon, and no coupon links it.`;
      given.warn({ code: "rule_never_reached", severity: "warning", ruleIds: [rule.id], path, details: { gate: rule.gate }, message });
    }
  },
};

export const codeLimits: Check = {
  finds: "ineffective_code_limit",
  run(given) {
    eachCode(given, (coupon, code, path) => {
      for (const field of ["total", "perCustomer"] as const) {
        const limit = code.limits?.[field];
        const couponLimit = leastOf(coupon.limits, field);
        if (!limit || !couponLimit || limit <= couponLimit) continue;
        const message = `Code ${code.code} may be used ${limit} times${field === "total" ? "" : " by each customer"}, its coupon ${coupon.id} only ${couponLimit} times.`;
        const details = { field, code: code.code, limit, couponLimit };
        given.warn({ code: "ineffective_code_limit", severity: "warning", couponIds: [coupon.id], path: `${path}.limits.${field}`, details, message });
      }
    });
  },
};

/** No customer redeems more often than all of them together. */
function leastOf(limits: Limits | undefined, field: keyof Limits): number | null {
  const { total, perCustomer } = limits ?? {};
  if (field === "total" || !perCustomer) return total ?? null;
  return Math.min(perCustomer, total ?? perCustomer);
}

export const codeExpiry: Check = {
  finds: "ineffective_code_expiry",
  run(given) {
    const { definitions, work } = given;
    eachCode(given, (coupon, code, path) => {
      const end = code.restrictions?.expiresAt;
      if (end === undefined || end === null) return;
      const alone = { ...coupon, state: "active", discount: { type: "percent", basisPoints: ALL }, codes: [{ ...code, state: "active" }] } as const;
      const { rules: _, ...unlinkedCoupon } = alone;
      const quote = onBench({ coupons: [unlinkedCoupon] }, work, (ask) =>
        ask({ codes: [{ code: code.code, origin: "url" }], cart: exampleCart(ANY_CURRENCY, []), now: end, zones: definitions.zones ?? {} }),
      );
      const expired = reasonsOf(quote?.codes[0]).find((rejection) => rejection.code === "expired");
      if (expired?.level !== "coupon") return;
      const message = `Code ${code.code} is to end after its coupon ${coupon.id}, and ends with it.`;
      const details = { code: code.code, expiresAt: millis(end) };
      given.warn({ code: "ineffective_code_expiry", severity: "warning", couponIds: [coupon.id], path: `${path}.restrictions.expiresAt`, details, message });
    });
  },
};

export function eachCode(given: Case, use: (coupon: Coupon, code: Code, path: string) => void): void {
  for (const { of: coupon, path } of given.coupons) {
    coupon.codes.forEach((code, index) => {
      if (code.state !== "archived") use(coupon, code, `${path}.codes[${index}]`);
    });
  }
}

/** Its own code, where customers enter it, and its further codes; not those without a text yet. */
export function textsOf({ of: coupon }: Placed<Coupon>): readonly string[] {
  const own = coupon.type !== "bulk_pool" && coupon.code ? [coupon.code] : [];
  const further = coupon.codes.filter((code) => code.state !== "archived" && !isGenerated(code));
  return [...own, ...further.map(({ code }) => code)];
}
