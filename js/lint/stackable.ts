/**
 * Which coupons together take more than a share of an order: the engine is asked for every set of them, smallest first,
 * within a bound.
 */
import { wholeNumber } from "../boundary/fields.js";
import { CouponError } from "../index.js";
import type { Cart, Customer } from "../types/cart.js";
import type { Quote } from "../types/quote.js";
import { allApplied, onBench, OutOfWork, Work, type Ask } from "./bench.js";
import { readDefinitions, type Definitions } from "./definitions.js";
import type { Combination, Stackable, StackableRequest } from "./types.js";

/** All sets of twelve, the empty one among them. */
const MAX_SETS = 4_096;
/** Lines of carts evaluated, definitions and calls counted too: seconds. */
const MAX_UNITS = 200_000;
const MAX_CODES = 30;
/** Comparisons with what was found already, so that leaving sets out ends as well. */
const MAX_COMPARISONS = 5_000_000;

/**
 * The sets of active coupons, with the automatic rules beside them, that together take more than `basisPoints` of the
 * goods of `cart` at `now`, by the shop's own policy; what is measured is what `globalCapBasisPoints` would cap.
 *
 * Each coupon is tried alone first; those that take something there, or only wait for another coupon, are then tried in
 * all sets, up to 4,096 sets and up to what 200,000 evaluated cart lines take. So up to 12 such coupons are searched
 * through (on carts of up to 40 lines), and more where the policy allows few codes; else `exact` is `false`.
 *
 * Throws as `evaluate` does, and `not_initialized` before `preload()`.
 */
export function stackable(request: StackableRequest): Stackable {
  const definitions = readDefinitions(request, ["customer", "basisPoints"]);
  const { cart, rest } = definitions;
  if (cart === undefined) throw new CouponError({ code: "required", message: "is required", path: "cart" });
  if (rest["basisPoints"] === undefined) throw new CouponError({ code: "required", message: "is required", path: "basisPoints" });
  const basisPoints = wholeNumber(rest["basisPoints"], "basisPoints", 0, 10_000);
  const { coupons, rules } = definitions;
  const search = new Search({ definitions, cart, basisPoints });
  const work = new Work(MAX_UNITS);
  try {
    onBench({ coupons, rules }, work, (ask) => search.run(ask));
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    search.isExact = false;
  }
  return { combinations: [...search.found].sort(bySize), exact: search.isExact };
}

interface Wanted {
  readonly definitions: Definitions;
  readonly cart: Cart;
  readonly basisPoints: number;
}

class Search {
  readonly found: Combination[] = [];
  isExact = true;
  readonly #wanted: Wanted;
  readonly #base: bigint;
  #sets = 0;
  #comparisons = 0;
  /** As many codes as the policy takes, once a refusal has said so. */
  #maxCodes = MAX_CODES;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.#base = goodsOf(wanted.cart);
  }

  run(ask: Ask): void {
    if (this.#base === 0n) return;
    this.#judge([], this.#quote(ask, []));
    if (this.found.length > 0) return; // whatever is entered, the automatic rules take so much
    const candidates = this.#candidates(ask);
    for (let size = 2; size <= Math.min(candidates.length, this.#maxCodes); size += 1) {
      const before = this.#sets;
      for (const set of setsOf(candidates, size, (begun) => !this.#contains(begun))) {
        if (size > this.#maxCodes) return;
        if (this.#sets === MAX_SETS || this.#comparisons > MAX_COMPARISONS) {
          this.isExact = false;
          return;
        }
        this.#sets += 1;
        this.#judge(set, this.#quote(ask, set));
      }
      if (this.#sets === before) break; // each set of this size contains a found one, so each larger one does
    }
    if (this.#comparisons > MAX_COMPARISONS) this.isExact = false;
  }

  /** What takes most first, so that a search that ends early has seen the worst. */
  #candidates(ask: Ask): readonly string[] {
    const taking = this.#wanted.definitions.coupons.flatMap(({ id }) => {
      const quote = this.#quote(ask, [id]);
      const discount = this.#judge([id], quote) ?? (isWaiting(quote) ? 0n : null);
      return discount === null ? [] : [{ id, discount }];
    });
    return taking.sort((a, b) => (a.discount === b.discount ? 0 : a.discount > b.discount ? -1 : 1)).map(({ id }) => id);
  }

  /** What a set takes together, `null` if not all of it applies. One that takes too much is kept. */
  #judge(set: readonly string[], quote: Quote | null): bigint | null {
    if (quote === null || !allApplied(quote)) {
      this.#learn(quote);
      return null;
    }
    if (!quote.strategy.exact) this.isExact = false;
    const discount = takenOf(quote);
    if (discount * 10_000n > BigInt(this.#wanted.basisPoints) * this.#base) this.found.push(this.#combination(set, quote, discount));
    return discount;
  }

  #combination(set: readonly string[], quote: Quote, discount: bigint): Combination {
    return {
      couponIds: [...set].sort(),
      ruleIds: quote.automatic.filter(({ state }) => state === "applied").map(({ ruleId }) => ruleId).sort(),
      discount: discount <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(discount) : `${discount}`,
      basisPoints: Number((discount * 10_000n) / this.#base),
    };
  }

  #learn(quote: Quote | null): void {
    if (quote === null || !quote.strategy.exact) this.isExact = false;
    for (const { rejection } of quote?.codes ?? []) {
      if (rejection?.code !== "too_many_codes" || rejection.details.category !== undefined) continue;
      this.#maxCodes = Math.min(this.#maxCodes, rejection.details.max ?? MAX_CODES);
    }
  }

  /** Beyond the bound everything counts as found: the search ends. */
  #contains(set: readonly string[]): boolean {
    this.#comparisons += this.found.length;
    if (this.#comparisons > MAX_COMPARISONS) return true;
    return this.found.some(({ couponIds }) => couponIds.every((id) => set.includes(id)));
  }

  #quote(ask: Ask, set: readonly string[]): Quote | null {
    const { definitions: { now, policy, zones, rest }, cart } = this.#wanted;
    const customer = (rest["customer"] ?? null) as Customer | null;
    const codes = set.map((couponId) => ({ couponId }));
    return ask({ codes, cart, customer, now, ...(policy ? { policy } : {}), ...(zones ? { zones } : {}) });
  }
}

/** Refused for nothing but the want of another coupon. */
function isWaiting(quote: Quote | null): boolean {
  const [outcome] = quote?.codes ?? [];
  return outcome?.rejection?.code === "coupon_required" && outcome.also.length === 0;
}

/** Off the goods, by us. */
function takenOf({ adjustments }: Quote): bigint {
  return adjustments.reduce((sum, { source, amount, shipping }) => (source === "foreign" ? sum : sum + BigInt(amount) - BigInt(shipping)), 0n);
}

/** What the shop's cap is a share of (semantics §8). */
function goodsOf({ lines }: Cart): bigint {
  const goods = lines.filter(({ kind, discountable = true }) => discountable && kind !== "gift_card");
  return goods.reduce((sum, { unitPrice, quantity }) => sum + BigInt(unitPrice) * BigInt(quantity), 0n);
}

function bySize(a: Combination, b: Combination): number {
  const size = a.couponIds.length - b.couponIds.length;
  if (size !== 0) return size;
  const [left, right] = [BigInt(a.discount), BigInt(b.discount)];
  if (left !== right) return left > right ? -1 : 1;
  return a.couponIds.join() < b.couponIds.join() ? -1 : 1;
}

/** All sets of `size`, those of the first items first; none that begins with what `isOpen` refuses. */
function* setsOf<T>(items: readonly T[], size: number, isOpen: (begun: readonly T[]) => boolean, begun: readonly T[] = [], from = 0): Iterable<readonly T[]> {
  if (begun.length === size) {
    yield begun;
    return;
  }
  for (const [at, item] of items.entries()) {
    if (at < from || items.length - at < size - begun.length) continue;
    const next = [...begun, item];
    if (isOpen(next)) yield* setsOf(items, size, isOpen, next, at + 1);
  }
}
