/**
 * `engine.credit`: store credit given to one customer, changed, voided, and its ledger with a running balance (semantics
 * §16).
 *
 * What moved it is read off the revisions of the records that claim it; nothing is kept twice.
 */
import { optionalText, refusal, refuseUnknown, text, whole } from "../boundary/fields.js";
import { snapshotObject, type PlainObject } from "../boundary/snapshot.js";
import type { Page } from "../contract/storage.js";
import { withPaths } from "../errors.js";
import { refusedCredit } from "../storage.js";
import type { CouponRecord, CreditBalance } from "../types/coupon.js";
import type { StoreCredit } from "../types/discount.js";
import type { RedemptionOutcome } from "../types/redemption.js";
import { call } from "../wasm/instance.js";
import type { CreatedCoupon, Coupons } from "./api.js";
import type { CreditCalls, CreditChange, CreditMovement } from "./api-redemptions.js";
import { creditCounters } from "./counters.js";
import { isHostKey } from "./keys.js";
import { redemptionIn, type ReadEntry } from "./ledger-answers.js";
import type { Office } from "./office.js";
import type { Operations } from "./operations.js";
import { idOf } from "./revision.js";

const CODE_LENGTH = 16;
const PAGE = 1_000;
/** Machines whose clocks differ have not done more in between. */
const MOST_SKIPPED = 100;

export function creditCalls(office: Office, operations: Operations, coupons: Coupons): CreditCalls {
  return {
    issue: (request) => issue(office, coupons, request),
    async adjust(request) {
      const { data } = snapshotObject(request, "");
      refuseUnknown(data, ["couponId", "id", "amount", "reason"]);
      if (typeof data["amount"] === "string") throw refusal("invalid_type", "must be a number", "amount");
      return changed(coupons, operations, data);
    },
    async expire(request) {
      const { data } = snapshotObject(request, "");
      refuseUnknown(data, ["couponId", "id", "reason"]);
      return changed(coupons, operations, { ...data, amount: "rest" });
    },
    movements: (couponId, page = {}) => listed(office, couponId, page),
  };
}

async function issue({ ledger }: Office, coupons: Coupons, request: unknown): Promise<CreatedCoupon> {
  const { data } = snapshotObject(request, "");
  refuseUnknown(data, ["id", "name", "description", "metadata", "amount", "currency", "customer", "covers", "expiresAt"]);
  const { amount = null, currency: _, customer = null, covers, expiresAt, ...rest } = data;
  const currency = text(data, "currency");
  if (amount === null) throw refusal("required", "is required", "amount");
  const keys = (customer as PlainObject | null)?.["keys"];
  if (keys === undefined || keys === null) throw refusal("required", "is required", "customer.keys");
  if (!ledger.carriesCredit) throw refusedCredit();
  const [code] = call((engine) => engine.generateCodes({ count: 1, length: CODE_LENGTH })).codes;
  const discount = { type: "store_credit", amounts: { [currency]: amount }, ...(covers !== undefined && { covers }) };
  const restrictions = { customers: keys, ...(expiresAt !== undefined && { expiresAt }) };
  try {
    return await coupons.create({ ...rest, type: "standard", code, discount, restrictions } as unknown as Parameters<Coupons["create"]>[0]);
  } catch (error) {
    return withPaths(issuedPath, () => { throw error; });
  }
}

/** Where the caller has what the definition has elsewhere. */
function issuedPath(path: string): string {
  return path
    .replace(/^discount\.amounts.*/, "amount")
    .replace(/^discount\.covers/, "covers")
    .replace(/^restrictions\.customers/, "customer.keys")
    .replace(/^restrictions\.expiresAt/, "expiresAt");
}

async function changed(coupons: Coupons, operations: Operations, request: PlainObject): Promise<CreditChange> {
  const outcome = await operations.on<RedemptionOutcome>("adjust_credit", request);
  const view = await coupons.get(text(request, "couponId"));
  return { changed: outcome.changed, balance: view?.description.balance as CreditBalance };
}

async function listed(office: Office, id: unknown, page: unknown): Promise<Page<CreditMovement>> {
  const couponId = idOf(id);
  const { data } = snapshotObject(page, "");
  refuseUnknown(data, ["after", "limit"]);
  const limit = whole(data, "limit", 1, 1_000, 100);
  const begin = placeIn(optionalText(data, "after"));
  const coupon = await office.coupon(couponId);
  if (coupon === null) throw refusal("coupon_not_found", "is not the id of a coupon", "couponId");
  if (coupon.discount?.type !== "store_credit") throw refusal("invalid_value", "must be the id of a store credit", "couponId");
  const all = balanced(coupon, await movesOf(office, couponId, creditCounters(coupon)));
  if (begin > all.length) throw refusal("invalid_value", "is not where a page of this list ended", "after");
  const end = begin + limit;
  return { items: all.slice(begin, end), next: end < all.length ? String(end) : null };
}

/** How many movements the page before ended behind; they are only ever appended. */
function placeIn(after: string | null): number {
  if (after === null) return 0;
  if (!/^[1-9]\d{0,14}$/.test(after)) throw refusal("invalid_value", "is not where a page of this list ended", "after");
  return Number(after);
}

/** What one revision did: what it adds to what may be spent, and to what is held. */
interface Move extends Omit<CreditMovement, "balance" | "held"> {
  /** The entry's key. */
  readonly source: string;
  readonly toBalance: number;
  readonly toHeld: number;
}

async function movesOf(office: Office, couponId: string, names: readonly string[]): Promise<Move[]> {
  const { ledger } = office;
  const [spent = "", added = ""] = names;
  const moves: Move[] = [];
  let after: string | null = null;
  do {
    const query = { by: { kind: "coupon", value: `${couponId}/credit` }, states: [], after, limit: PAGE } as const;
    const { items, next } = await ledger.list(query);
    for (const entry of items) {
      if (isHostKey(entry.key)) moves.push(...movesIn(await ledger.history(entry.key), spent));
      else moves.push(changeIn(entry, spent, added));
    }
    after = next;
  } while (after !== null);
  return moves;
}

function changeIn(entry: ReadEntry, spent: string, added: string): Move {
  const { reason } = redemptionIn(entry, "storage.redemptions.list.items");
  const amount = claimIn(entry, added) - claimIn(entry, spent);
  return { type: "adjust", at: entry.at, amount, source: entry.key, toBalance: amount, toHeld: 0, key: null, order: null, reason };
}

/** A redemption at once is a reservation and a capture in one instant, so that the figures go by the same ways. */
function movesIn(revisions: readonly ReadEntry[], spent: string): Move[] {
  const moves: Move[] = [];
  let claimed = 0;
  let held = 0;
  for (const entry of revisions) {
    const { at, key, index } = entry;
    const { reason } = redemptionIn(entry, "storage.redemptions.history");
    const add = (type: Move["type"], amount: number, toBalance: number, toHeld: number): void => {
      if (amount !== 0) moves.push({ type, at, amount, source: key, toBalance, toHeld, key, order: index.order, reason });
      held += toHeld;
    };
    const claims = claimIn(entry, spent);
    const more = Math.max(0, claims - claimed);
    add("reserve", -more, -more, more);
    const captured = entry.state === "redeemed" ? Math.min(held, claims) : 0;
    add("capture", -captured, 0, -captured);
    const isHold = held > 0;
    const back = isHold ? held - (entry.state === "held" ? claims : 0) : claimed + more - claims;
    add(isHold ? "release" : "restore", back, back, isHold ? -back : 0);
    claimed = claims;
  }
  return moves;
}

function claimIn({ index }: ReadEntry, counter: string): number {
  return index.claims.find((claim) => claim.counter === counter)?.amount ?? 0;
}

/** Each with what is left after it. */
function balanced({ discount, createdAt }: CouponRecord, moves: readonly Move[]): CreditMovement[] {
  const { amounts } = discount as StoreCredit;
  const issued = Number(Object.values(amounts)[0]); // counted in a counter, so it is a safe integer
  let balance = issued;
  let held = 0;
  const movements: CreditMovement[] = [{ type: "issue", at: createdAt, amount: issued, balance, held, key: null, order: null, reason: null }];
  for (const { source: _, toBalance, toHeld, ...move } of inOrder(moves, issued)) {
    balance += toBalance;
    held += toHeld;
    const type = move.type === "adjust" && move.amount < 0 && balance === 0 ? "expire" : move.type;
    movements.push({ ...move, type, balance, held });
  }
  return movements;
}

/** What one key did in one instant: it stays together, and in its order. */
interface Step {
  readonly at: number;
  readonly source: string;
  readonly moves: Move[];
  /** What it adds to the balance in all, and at its lowest on the way. */
  sum: number;
  least: number;
}

/**
 * By their instants; within one, those that took something come last. The balance was never below 0, so what would take it
 * there happened after something that came back by a clock that is ahead.
 */
function inOrder(moves: readonly Move[], issued: number): readonly Move[] {
  const waiting = stepsOf(moves);
  const ordered: Move[] = [];
  let balance = issued;
  while (waiting.length > 0) {
    const [next] = waiting.splice(Math.max(0, firstWithin(waiting, balance)), 1);
    balance += next?.sum ?? 0;
    ordered.push(...(next?.moves ?? []));
  }
  return ordered;
}

function stepsOf(moves: readonly Move[]): Step[] {
  const steps = new Map<string, Step>();
  for (const move of moves) {
    const name = `${move.at} ${move.source}`;
    const step = steps.get(name) ?? { at: move.at, source: move.source, moves: [], sum: 0, least: 0 };
    step.moves.push(move);
    step.sum += move.toBalance;
    step.least = Math.min(step.least, step.sum);
    steps.set(name, step);
  }
  const rank = ({ sum }: Step): number => (sum < 0 ? 1 : 0);
  return [...steps.values()].sort((one, two) => one.at - two.at || rank(one) - rank(two) || compared(one.source, two.source));
}

/** The place of the first step that the balance allows, no key's before an earlier one of its own; -1 if there is none. */
function firstWithin(steps: readonly Step[], balance: number): number {
  const skipped = new Set<string>();
  return steps.slice(0, MOST_SKIPPED).findIndex(({ source, least }) => {
    if (!skipped.has(source) && balance + least >= 0) return true;
    skipped.add(source);
    return false;
  });
}

function compared(one: string, two: string): number {
  if (one === two) return 0;
  return one < two ? -1 : 1;
}
