/**
 * Reads the definitions of a request: a copy of its own, records turned back into definitions, ids where none is yet.
 *
 * Owns nothing of the rules: the copy is handed to the engine, which refuses what is wrong with its path, before
 * anything here is trusted to be of its type.
 */
import { prepare } from "../index.js";
import { refuseUnknown } from "../boundary/fields.js";
import { snapshotObject, type Plain, type PlainObject } from "../boundary/snapshot.js";
import type { Cart } from "../types/cart.js";
import type { CodeDefinition, CouponDefinition } from "../types/coupon.js";
import type { Instant } from "../types/money.js";
import type { Policy } from "../types/policy.js";
import type { Restrictions } from "../types/restrictions.js";
import type { RuleDefinition } from "../types/rule.js";

export type Code = CodeDefinition & { readonly code: string };
export type Coupon = Omit<CouponDefinition, "codes"> & { readonly id: string; readonly codes: readonly Code[] };
export type Rule = RuleDefinition & { readonly id: string };

export interface Definitions {
  readonly coupons: readonly Coupon[];
  readonly rules: readonly Rule[];
  readonly policy: Policy | undefined;
  readonly cart: Cart | undefined;
  readonly now: Instant;
  readonly zones: { readonly [zone: string]: number } | undefined;
  /** Fields of the call itself. */
  readonly rest: PlainObject;
}

const FIELDS = ["coupons", "rules", "policy", "cart", "now", "zones"];
/** What a stored record has beside its definition. */
const RECORD_FIELDS: ReadonlySet<string> = new Set(["schemaVersion", "version", "createdAt", "archivedFrom", "couponId", "batch"]);

/** Throws as `evaluate` does for what is no such request, with paths from `coupons`, `rules`, `policy`, `cart`, `now`. */
export function readDefinitions(request: unknown, further: readonly string[]): Definitions {
  const { data } = snapshotObject(request, "");
  refuseUnknown(data, [...FIELDS, ...further]);
  const { coupons = null, rules = null, policy = null, cart = null, now = null, zones = null, ...rest } = data;
  const read = {
    coupons: listOr(coupons, couponOf),
    rules: listOr(rules, (rule, index) => withId(ruleOf(rule), `unsaved_rule_${index + 1}`)),
  };
  const probe = cart ?? { currency: "USD", lines: [] };
  const set = prepare({ coupons: read.coupons as never, ...(rules === null ? {} : { rules: read.rules as never }) });
  set.evaluate({ codes: [], cart: probe as never, now: now as never, policy: policy as never, zones: zones as never, automatic: false });
  set.close();
  const checked = read as unknown as { coupons: readonly Coupon[]; rules: readonly Rule[] | null };
  return {
    coupons: checked.coupons,
    rules: checked.rules ?? [],
    policy: (policy ?? undefined) as Policy | undefined,
    cart: (cart ?? undefined) as Cart | undefined,
    now: now as Instant,
    zones: (zones ?? undefined) as Definitions["zones"],
    rest,
  };
}

/** What is no list is left for the engine to refuse. */
function listOr(value: Plain, each: (item: PlainObject, index: number) => Plain): Plain {
  if (!Array.isArray(value)) return value;
  return (value as readonly Plain[]).map((item, index) => (isObject(item) ? each(item, index) : item));
}

function couponOf(given: PlainObject, index: number): PlainObject {
  const coupon = withId(definitionOf(given), `unsaved_${index + 1}`);
  const codes = coupon["codes"] ?? [];
  coupon["codes"] = listOr(codes, (code, place) => withText(definitionOf(code), `UNSAVED-${index + 1}-${place + 1}`));
  if (isRecord(given) && Array.isArray(coupon["codes"])) {
    // The store keeps a record of the coupon's own code too.
    coupon["codes"] = coupon["codes"].filter((code: Plain) => !isObject(code) || code["code"] !== coupon["code"]);
  }
  return coupon;
}

function ruleOf(given: PlainObject): PlainObject {
  const rule = definitionOf(given);
  if (isRecord(given) && isObject(rule["restrictions"])) {
    const { validForDays: _, ...restrictions } = rule["restrictions"];
    rule["restrictions"] = restrictions;
  }
  return rule;
}

function definitionOf(given: PlainObject): PlainObject {
  if (!isRecord(given)) return { ...given };
  return Object.fromEntries(Object.entries(given).filter(([name]) => !RECORD_FIELDS.has(name)));
}

function isRecord(given: PlainObject): boolean {
  return given["schemaVersion"] !== undefined;
}

function withId(definition: PlainObject, id: string): PlainObject {
  return { ...definition, id: definition["id"] ?? id };
}

/** A code whose text is generated when it is saved; see `isGenerated`. */
function withText(definition: PlainObject, text: string): PlainObject {
  return { ...definition, code: definition["code"] ?? text };
}

/** Whether the text is not known yet. */
export function isGenerated(code: Code): boolean {
  return code.code.startsWith("UNSAVED-");
}

export function millis(instant: Instant): number {
  return typeof instant === "number" ? instant : Date.parse(instant);
}

export function isActive({ state }: Coupon | Rule): boolean {
  return (state ?? "active") === "active";
}

/** The linked rules, in their order; the engine has refused unknown ones. */
export function linkedRules(coupon: Coupon, rules: readonly Rule[]): readonly Rule[] {
  return (coupon.rules ?? []).flatMap((id) => rules.find((rule) => rule.id === id) ?? []);
}

/** A store credit that asks for customers would be refused without them. */
export function forBearer<T extends { readonly discount?: Coupon["discount"] }>(definition: T): T {
  const { discount } = definition;
  return discount?.type === "store_credit" ? { ...definition, discount: { ...discount, bearer: true } } : definition;
}

/** Window, products and order value; everything that depends on who asks, from where and at which hour is left out. */
export function forAnybody(restrictions: Restrictions | undefined): Restrictions {
  const { startsAt, expiresAt, products, minimum, maximum } = restrictions ?? {};
  return defined({ startsAt, expiresAt, products, minimum, maximum });
}

function defined(fields: { readonly [K in keyof Restrictions]: Restrictions[K] | undefined }): Restrictions {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Restrictions;
}

function isObject(value: Plain | undefined): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
