/**
 * Which coupons together take more than a share of an order: the engine is asked for what the strongest reach, then for
 * every set of them, smallest first, within a bound.
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
/** Of those grown from the strongest, before all sets are gone through. */
const MAX_GROWN = 1_024;
/** Lines of carts evaluated, definitions and calls counted too: seconds. */
const MAX_UNITS = 200_000;
const MAX_CODES = 30;
/** Comparisons with what was found already, so that leaving sets out ends as well. */
const MAX_COMPARISONS = 5_000_000;

/**
 * The sets of active coupons, with the automatic rules beside them, that together take more than `basisPoints` of the
 * goods of `cart` at `now`, by the shop's own policy; what is measured is what `globalCapBasisPoints` would cap.
 *
 * Each coupon is tried alone first. Those that take something there, or only wait for another coupon, are put together,
 * what takes most alone first, until it is too much: what is left when nothing can be taken out again, and the sets that
 * differ from it in one coupon, are in the list at any number of coupons (of up to 1,024 sets tried). Then all sets are
 * gone through, smallest first, up to 4,096 sets and up to what 200,000 evaluated cart lines take. So up to 12 such
 * coupons are searched through (on carts of up to 40 lines), and more where the policy allows few codes; else `exact` is
 * `false`.
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
  const work = new Work(MAX_UNITS);
  const search = new Search({ definitions, cart, basisPoints }, work);
  try {
    onBench({ coupons, rules }, work, (ask) => search.run(ask));
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    search.isExact = false;
  }
  return { combinations: search.combinations(), exact: search.isExact };
}

interface Wanted {
  readonly definitions: Definitions;
  readonly cart: Cart;
  readonly basisPoints: number;
}

/** What the engine says of a set. */
interface Verdict {
  /** What it takes together; `null` if not all of it applies. */
  readonly discount: bigint | null;
  readonly tooMuch: Combination | null;
  readonly isWaiting: boolean;
  readonly isExact: boolean;
}

/** Sets are lists of ids in the order of the candidates. */
class Search {
  isExact = true;
  readonly #wanted: Wanted;
  readonly #work: Work;
  readonly #base: bigint;
  readonly #known = new Map<string, Verdict>();
  readonly #found: Combination[] = [];
  readonly #grown: Combination[] = [];
  #sets = 0;
  #comparisons = 0;
  /** As many codes as the policy takes, once a refusal has said so. */
  #maxCodes = MAX_CODES;

  constructor(wanted: Wanted, work: Work) {
    this.#wanted = wanted;
    this.#work = work;
    this.#base = goodsOf(wanted.cart);
  }

  run(ask: Ask): void {
    if (this.#base === 0n) return;
    this.#judge(ask, []);
    if (this.#found.length > 0) return; // whatever is entered, the automatic rules take so much
    const candidates = this.#candidates(ask);
    const alone = new Set(this.#found.flatMap(({ couponIds }) => couponIds));
    this.#grow(ask, candidates.filter((id) => !alone.has(id)));
    this.#goThrough(ask, candidates);
  }

  /** Each that contains no other. */
  combinations(): readonly Combination[] {
    const all = [...this.#found];
    for (const grown of [...this.#grown].sort(bySize)) {
      const ids = new Set(grown.couponIds);
      if (!all.some(({ couponIds }) => couponIds.every((id) => ids.has(id)))) all.push(grown);
    }
    return all.sort(bySize);
  }

  /** What takes most alone first. Half the work is kept for what they take together. */
  #candidates(ask: Ask): readonly string[] {
    const taking: { readonly id: string; readonly discount: bigint }[] = [];
    for (const { id } of this.#wanted.definitions.coupons) {
      if (this.#work.left < MAX_UNITS / 2) {
        this.isExact = false;
        break;
      }
      const { discount, isWaiting } = this.#judge(ask, [id]);
      if (discount !== null || isWaiting) taking.push({ id, discount: discount ?? 0n });
    }
    return taking.sort((a, b) => (a.discount === b.discount ? 0 : a.discount > b.discount ? -1 : 1)).map(({ id }) => id);
  }

  /** Adds the strongest to the strongest until it is too much, then looks around there. */
  #grow(ask: Ask, candidates: readonly string[]): void {
    const known = this.#known.size;
    const isOver = (): boolean => this.#known.size - known >= MAX_GROWN;
    for (const seed of candidates) {
      if (isOver()) return;
      const set = this.#strongestWith(ask, seed, candidates);
      if (set === null) continue;
      const minimal = this.#minimal(ask, set);
      for (const member of backwards(minimal)) {
        for (const other of candidates) {
          if (isOver()) return;
          if (minimal.includes(other)) continue;
          const swapped = inOrder(candidates, [...minimal.filter((id) => id !== member), other]);
          if (this.#verdict(ask, swapped).tooMuch) this.#minimal(ask, swapped);
        }
      }
      return;
    }
  }

  #strongestWith(ask: Ask, seed: string, candidates: readonly string[]): readonly string[] | null {
    let set: readonly string[] = [seed];
    let most = this.#verdict(ask, set).discount ?? 0n;
    for (const other of candidates) {
      if (set.length >= this.#maxCodes) return null;
      if (other === seed) continue;
      const larger = inOrder(candidates, [...set, other]);
      const { discount, tooMuch } = this.#verdict(ask, larger);
      if (tooMuch) return larger;
      if (discount === null || discount <= most) continue;
      [set, most] = [larger, discount];
    }
    return null;
  }

  /** Takes out what is not needed, the weakest first, and keeps what is left. */
  #minimal(ask: Ask, set: readonly string[]): readonly string[] {
    for (const member of backwards(set)) {
      const rest = set.filter((id) => id !== member);
      if (this.#verdict(ask, rest).tooMuch) return this.#minimal(ask, rest);
    }
    const { tooMuch } = this.#verdict(ask, set);
    if (tooMuch) this.#grown.push(tooMuch);
    return set;
  }

  #goThrough(ask: Ask, candidates: readonly string[]): void {
    for (let size = 2; size <= Math.min(candidates.length, this.#maxCodes); size += 1) {
      const before = this.#sets;
      for (const set of setsOf(candidates, size, (begun) => !this.#contains(begun))) {
        if (size > this.#maxCodes) return;
        if (this.#sets === MAX_SETS || this.#comparisons > MAX_COMPARISONS) {
          this.isExact = false;
          return;
        }
        this.#sets += 1;
        this.#judge(ask, set);
      }
      if (this.#sets === before) break; // each set of this size contains a found one, so each larger one does
    }
    if (this.#comparisons > MAX_COMPARISONS) this.isExact = false;
  }

  /** One that takes too much is kept. */
  #judge(ask: Ask, set: readonly string[]): Verdict {
    const verdict = this.#verdict(ask, set);
    if (!verdict.isExact) this.isExact = false;
    if (verdict.tooMuch) this.#found.push(verdict.tooMuch);
    return verdict;
  }

  #verdict(ask: Ask, set: readonly string[]): Verdict {
    const key = JSON.stringify(set);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const quote = this.#quote(ask, set);
    this.#learn(quote);
    const discount = quote !== null && allApplied(quote) ? takenOf(quote) : null;
    const isTooMuch = discount !== null && discount * 10_000n > BigInt(this.#wanted.basisPoints) * this.#base;
    const verdict = {
      discount,
      tooMuch: quote !== null && isTooMuch ? this.#combination(set, quote, discount) : null,
      isWaiting: lacksAnother(quote),
      isExact: quote?.strategy.exact ?? false,
    };
    this.#known.set(key, verdict);
    return verdict;
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
    for (const { rejection } of quote?.codes ?? []) {
      if (rejection?.code !== "too_many_codes" || rejection.details.category !== undefined) continue;
      this.#maxCodes = Math.min(this.#maxCodes, rejection.details.max ?? MAX_CODES);
    }
  }

  /** Beyond the bound everything counts as found: the search ends. */
  #contains(set: readonly string[]): boolean {
    this.#comparisons += this.#found.length;
    if (this.#comparisons > MAX_COMPARISONS) return true;
    return this.#found.some(({ couponIds }) => couponIds.every((id) => set.includes(id)));
  }

  #quote(ask: Ask, set: readonly string[]): Quote | null {
    const { definitions: { now, policy, zones, rest }, cart } = this.#wanted;
    const customer = (rest["customer"] ?? null) as Customer | null;
    const codes = set.map((couponId) => ({ couponId }));
    return ask({ codes, cart, customer, now, ...(policy ? { policy } : {}), ...(zones ? { zones } : {}) });
  }
}

function* backwards<T>(list: readonly T[]): Iterable<T> {
  for (let end = list.length; end > 0; end -= 1) yield* list.slice(end - 1, end);
}

/** A set as it would be gone through. */
function inOrder(candidates: readonly string[], set: readonly string[]): readonly string[] {
  return candidates.filter((id) => set.includes(id));
}

/** Refused for nothing but the want of another coupon. */
function lacksAnother(quote: Quote | null): boolean {
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
