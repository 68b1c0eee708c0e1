/**
 * Owns random `EvaluateRequest`s: `randomRequest(seed)` gives the same request for the same 32-bit seed, anywhere.
 * Must not evaluate anything, and must never make input the engine may refuse.
 */
import { canonicalKeys, codeCounter, couponCounter, customerCounter } from "./canonical.mjs";
import { randomCart, randomCustomer } from "./generate-carts.mjs";
import { instantText, randomCoupons } from "./generate-coupons.mjs";
import { resolvePolicy } from "./policy.mjs";
import { randomSource } from "./random.mjs";

/**
 * What is to turn up: anything at all, or so many coupons without trouble in a mode that lets several stand, with a
 * maximum that is likely to be too small for them.
 */
const TURNOUTS = [
  [159, () => ({ untroubled: null, maxCodes: null })],
  [20, (random) => ({ untroubled: random.int(2, 4), maxCodes: 1 })],
  [18, (random) => ({ untroubled: random.int(3, 7), maxCodes: random.int(2, 3) })],
  [3, (random) => ({ untroubled: random.int(11, 20), maxCodes: random.int(3, 20) })],
];

export function randomRequest(seed) {
  const random = randomSource(seed);
  const { untroubled, maxCodes } = random.weighted(TURNOUTS)(random);
  const now = 1_750_000_000_000 + random.int(0, 10 ** 10);
  const cart = randomCart(random);
  const customer = random.chance(88) ? randomCustomer(random) : null;
  const policy = maxCodes === null ? randomPolicy(random) : selectingPolicy(random, maxCodes);
  const settled = resolvePolicy(policy);
  const { minBasisPoints } = settled;
  const { coupons, uses } = randomCoupons(random, { cart, customer, now, minBasisPoints, untroubled });
  const request = { coupons, codes: randomEntries(random, coupons, settled), cart, now: instantText(random, now) };
  if (customer !== null || random.chance(50)) request.customer = customer;
  if (customer !== null && !asksForPriorOrders(coupons) && random.chance(30)) delete customer.priorOrders;
  if (random.chance(10)) request.codesAllowed = random.chance(50);
  if (policy !== undefined) request.policy = policy;
  const counters = randomCounters(random, uses, customer, now, settled);
  if (Object.keys(counters).length > 0 || random.chance(10)) request.usage = { counters };
  const disclosure = random.weighted([[10, "uniform"], [10, "actionable"], [40, "full"], [40, undefined]]);
  if (disclosure !== undefined) request.disclosure = disclosure;
  return request;
}

function asksForPriorOrders(coupons) {
  const definitions = coupons.flatMap((coupon) => [coupon, ...(coupon.codes ?? [])]);
  return definitions.some(({ restrictions }) => restrictions?.firstOrderOnly);
}

function randomPolicy(random) {
  if (random.chance(3)) return undefined;
  const policy = {};
  const stacking = {};
  if (random.chance(60)) policy.preset = random.pick(["default", "dino", "xpay", "dovetech", "fontdue"]);
  const modes = [[46, "additive"], [36, "sequential"], [8, "best"], [7, "first"], [3, "none"]];
  if (random.chance(85)) stacking.mode = random.weighted(modes);
  const allowsSeveral = policy.preset === "dino" || policy.preset === "dovetech";
  if (random.chance(allowsSeveral ? 50 : 92)) stacking.maxCodes = random.weighted([[8, 1], [20, 2], [22, 3], [25, 5], [25, 30]]);
  if (random.chance(40)) stacking.order = random.pick(["priority", "requested"]);
  if (random.chance(60)) stacking.onConflict = random.pick(["reject_new", "keep_best", "keep_best"]);
  if (Object.keys(stacking).length > 0) policy.stacking = stacking;
  if (random.chance(60)) policy.rounding = random.pick(["half_up", "half_even", "half_down", "floor"]);
  if (random.chance(15)) policy.disclosure = random.pick(["uniform", "actionable", "full"]);
  if (random.chance(10)) policy.minBasisPoints = random.pick([1, 50, 100]);
  if (random.chance(30)) policy.urlTokenTyped = random.chance(50);
  if (random.chance(30)) policy.innerSpace = random.pick(["remove", "reject"]);
  if (random.chance(40)) policy.stripPlusTag = random.chance(60);
  return policy;
}

/** Any policy, but one under which a selection has to be made. */
function selectingPolicy(random, maxCodes) {
  const policy = randomPolicy(random) ?? {};
  const mode = random.pick(["additive", "sequential"]);
  const onConflict = random.pick(["reject_new", "keep_best"]);
  return { ...policy, stacking: { ...policy.stacking, mode, maxCodes, onConflict } };
}

const MALFORMED = [
  "", "   ", "SAVE!", "-SAVE", "_SAVE", "ıSAVE", "İSTANBUL", "ÉTÉ20", "A".repeat(65), "\u200b", "a\u0000b", "\u{1f600}",
  "Q".repeat(300),
];

function randomEntries(random, coupons, { innerSpace }) {
  const entries = [];
  for (const coupon of coupons) {
    const texts = [...(coupon.code == null ? [] : [coupon.code]), ...(coupon.codes ?? []).map(({ code }) => code)];
    const usable = coupon.type === "bulk_pool" && !random.chance(8) ? texts.slice(1) : texts;
    if (random.chance(11)) entries.push({ couponId: coupon.id });
    else if (random.chance(94)) entries.push(entered(random, random.pick(usable), coupon.type, innerSpace));
    if (usable.length > 1 && random.chance(25)) entries.push(entered(random, random.pick(usable), coupon.type, innerSpace));
    if (random.chance(2)) entries.push({ couponId: coupon.id });
  }
  if (random.chance(6)) entries.push(entered(random, random.pick(["NOSUCH", "SAVE0", "X"]), "standard", innerSpace));
  if (random.chance(2)) entries.push({ couponId: "no-such-coupon" });
  if (random.chance(6)) entries.push(random.pick(MALFORMED));
  if (entries.length > 0 && random.chance(10)) entries.push(random.pick(entries));
  return random.shuffled(entries).slice(0, 30);
}

function entered(random, text, type, innerSpace) {
  const code = random.chance(65) ? text : disguised(random, text, innerSpace);
  const origin = type === "url_token" && random.chance(75) ? "url" : random.pick(["typed", "url", undefined]);
  if (origin === "typed" && random.chance(70)) return code;
  if (origin === undefined) return random.chance(70) ? code : { code };
  return { code, origin };
}

/** The same code as people and programs really deliver it. */
function disguised(random, text, innerSpace) {
  const middle = random.int(1, text.length);
  const put = (inserted) => text.slice(0, middle) + inserted + text.slice(middle);
  const space = random.pick([" ", "\u00a0", "\u3000", "\u2003", "\t", "\u0085", "\u2028", "\ufeff "]);
  const ways = [
    () => text.toLowerCase(),
    () => text.replace(/[A-Z]/g, (letter) => (random.chance(50) ? letter.toLowerCase() : letter)),
    () => `${space}${text}${random.pick(["", space, "\r\n"])}`,
    () => put(random.pick(["\u200b", "\u200d", "\u2060", "\u00ad", "\u200f", "\u202e", "\u2068", "\ufeff"])),
    () => text.replaceAll("-", random.pick(["\u2010", "\u2011", "\u2013", "\u2015", "\u2212", "\ufe63", "\uff0d"])),
    () => text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
    () => put("\u200b".repeat(256 - text.length)),
    () => put("\u200b".repeat(257 - text.length)),
  ];
  if (innerSpace === "remove" || random.chance(40)) ways.push(() => put(space));
  return random.pick(ways)();
}

/** Counters that make each limit as used up as its coupon was meant to be. */
function randomCounters(random, uses, customer, now, { stripPlusTag }) {
  const counters = {};
  for (const { owner, name, limit, use } of uses) {
    const [kind, id] = owner.split(":");
    const own = kind === "coupon" ? couponCounter(id) : codeCounter(id);
    if (name === "total") {
      setCounter(random, counters, own, limit, use, now);
      continue;
    }
    const keys = random.shuffled(canonicalKeys(customer));
    keys.forEach((key, place) => {
      const thisUse = place === 0 || random.chance(20) ? use : "open";
      setCounter(random, counters, customerCounter(own, key, stripPlusTag), limit, thisUse, now);
    });
  }
  return counters;
}

function setCounter(random, counters, counter, limit, use, now) {
  if (use === "open" && random.chance(30)) return;
  const over = limit < Number.MAX_SAFE_INTEGER && random.chance(8) ? 1 : 0;
  const claimed = use === "open" ? random.pick([0, limit - 1, limit - 1, Math.floor(limit / 2)]) : limit + over;
  const held = use === "held" ? random.int(1, Math.min(claimed, 50)) : use === "open" ? Math.min(claimed, random.int(0, 3)) : 0;
  const view = { claimed };
  if (held > 0 || random.chance(50)) view.held = held;
  const ends = random.weighted([[60, random.int(1, 900_000)], [12, 1], [12, 0], [12, -1], [4, -random.int(2, 900_000)]]);
  const nextExpiry = held > 0 && random.chance(85) ? now + ends : null;
  if (random.chance(held > 0 ? 85 : 30)) view.nextExpiry = nextExpiry;
  counters[counter] = view;
}
