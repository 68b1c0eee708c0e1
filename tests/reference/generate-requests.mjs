/**
 * Owns random `EvaluateRequest`s: `randomRequest(seed)` gives the same request for the same 32-bit seed, anywhere.
 * Must not evaluate anything, and must never make input the engine may refuse.
 */
import { randomCart, randomCustomer, randomForeignDiscounts } from "./generate-carts.mjs";
import { randomCounters } from "./generate-counters.mjs";
import { randomDefinitions } from "./generate-coupons.mjs";
import { randomPolicy, selectingPolicy } from "./generate-policy.mjs";
import { instantText, ZONES } from "./generate-restrictions.mjs";
import { resolvePolicy } from "./policy.mjs";
import { randomSource } from "./random.mjs";

/**
 * What is to turn up: anything at all, or so many coupons without trouble in a mode that lets several stand, with a
 * maximum that is likely to be too small for them.
 */
const TURNOUTS = [
  [159, () => ({ untroubled: null, maxCodes: null })],
  [18, (random) => ({ untroubled: random.int(2, 4), maxCodes: 1 })],
  [26, (random) => ({ untroubled: random.int(3, 7), maxCodes: random.int(2, 3) })],
  [6, (random) => ({ untroubled: random.weighted([[5, random.int(12, 20)], [1, 30]]), maxCodes: random.int(3, 11) })],
];

export function randomRequest(seed) {
  const random = randomSource(seed);
  const { untroubled, maxCodes } = random.weighted(TURNOUTS)(random);
  const now = 1_750_000_000_000 + random.int(0, 10 ** 10);
  const cart = randomCart(random);
  const customer = random.chance(88) ? randomCustomer(random) : null;
  const policy = maxCodes === null ? randomPolicy(random) : selectingPolicy(random, maxCodes);
  const settled = resolvePolicy(policy);
  const { coupons, rules, uses } = randomDefinitions(random, { cart, customer, now, policy: settled, untroubled });
  if (random.chance(28)) {
    const foreign = randomForeignDiscounts(random, cart, rules.map(({ id }) => id));
    if (foreign.length > 0 || random.chance(20)) cart.foreignDiscounts = foreign;
  }
  const request = { coupons, codes: randomEntries(random, coupons, settled), cart, now: instantText(random, now) };
  if (rules.length > 0 || random.chance(5)) request.rules = rules;
  if (random.chance(12)) request.automatic = random.chance(50);
  const zones = zonesOf([...coupons, ...rules], settled, random);
  if (Object.keys(zones).length > 0 || random.chance(3)) request.zones = zones;
  if (customer !== null || random.chance(50)) request.customer = customer;
  if (customer !== null && !asksForPriorOrders([...coupons, ...rules]) && random.chance(30)) delete customer.priorOrders;
  if (random.chance(10)) request.codesAllowed = random.chance(50);
  if (policy !== undefined) request.policy = policy;
  const isAsked = withCodes(coupons).some(({ restrictions }) => restrictions?.firstOrderOnly);
  const counters = randomCounters(random, { uses, firstOrders: isAsked }, customer, { now, zones }, settled);
  if (Object.keys(counters).length > 0 || random.chance(10)) request.usage = { counters };
  const disclosure = random.weighted([[10, "uniform"], [10, "actionable"], [40, "full"], [40, undefined]]);
  if (disclosure !== undefined) request.disclosure = disclosure;
  if (random.chance(40)) request.trace = random.chance(90);
  return request;
}

function withCodes(definitions) {
  return definitions.flatMap((definition) => [definition, ...(definition.codes ?? [])]);
}

function asksForPriorOrders(definitions) {
  return withCodes(definitions).some(({ restrictions }) => restrictions?.firstOrderOnly || restrictions?.orderNumber != null);
}

/** The offsets that are asked for, and sometimes one more. */
function zonesOf(definitions, { zone }, random) {
  const asked = withCodes(definitions).flatMap(({ restrictions }) => restrictions?.schedule?.zone ?? []);
  const counts = withCodes(definitions).some(({ limits }) => (limits?.windows ?? []).length > 0);
  if (counts && zone !== "UTC") asked.push(zone);
  const names = random.chance(5) ? [...asked, random.pick(Object.keys(ZONES))] : asked;
  return Object.fromEntries(names.map((name) => [name, ZONES[name]]));
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
  const origin = type === "url_token" && random.chance(86) ? "url" : random.pick(["typed", "url", undefined]);
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
    () => put("\u200b".repeat(random.pick([256, 256, 256, 257]) - text.length)),
  ];
  if (innerSpace === "remove" || random.chance(40)) ways.push(() => put(space));
  return random.pick(ways)();
}
