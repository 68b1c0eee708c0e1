/**
 * Owns random restrictions: who, what, when, where, with whom. A trouble given makes one of them fail.
 * Must not know what they guard; what it makes is always valid input.
 */
import { anyKey, anyProductIds, CONTEXT, countedSubtotal, countedUnits, GROUPS, productIdsOf } from "./generate-carts.mjs";
import { amountsFor, withinBounds } from "./generate-discounts.mjs";
import { isOpen, localTime } from "./schedule.mjs";

const A_DAY = 86_400_000;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/** Zones with the minutes they are said to be ahead: any figure is a request's to give, the true one or not. */
export const ZONES = {
  UTC: 0, "Africa/Cairo": 120, "America/Los_Angeles": -420, "Asia/Kathmandu": 345, "Pacific/Kiritimati": 840,
  "Antarctica/Troll": 1440, "Pacific/Pago_Pago": -1440,
};

export const TROUBLES = [
  "not_started", "expired", "outside", "customers", "first_order", "order_number", "context", "currency", "products", "minimum",
  "maximum", "coupons",
];

export function randomRestrictions(maker, troubles, { level, issuedAt, isCredit = false }) {
  return {
    ...dates(maker, troubles, level, issuedAt),
    ...schedule(maker, troubles),
    ...who(maker, troubles, isCredit),
    ...where(maker, troubles),
    ...products(maker, troubles),
    ...bounds(maker, troubles),
    ...company(maker, troubles),
  };
}

function dates({ random, now }, troubles, level, issuedAt) {
  const restrictions = {};
  const soon = () => random.weighted([[1, 1], [1, random.int(1, 10 ** 10)]]);
  const isOver = troubles.includes("expired");
  if (troubles.includes("not_started")) restrictions.startsAt = now + soon();
  else if (random.chance(15)) restrictions.startsAt = now - random.pick([0, 0, 1, random.int(1, 10 ** 10)]);
  const days = isOver ? Math.ceil((now - issuedAt) / A_DAY) - 1 : Math.ceil((now - issuedAt) / A_DAY) + random.pick([0, 0, 1, 400]);
  const counts = level !== "rule" && days >= 1 && random.chance(isOver ? 60 : 12);
  if (counts) restrictions.validForDays = Math.min(days, 36_500);
  if (isOver && (!counts || random.chance(30))) {
    restrictions.expiresAt = now - soon();
    if (restrictions.startsAt !== undefined) restrictions.startsAt = restrictions.expiresAt - random.pick([0, soon()]);
  } else if (!isOver && random.chance(15)) {
    restrictions.expiresAt = Math.max(now, restrictions.startsAt ?? now) + random.pick([0, 0, 1, random.int(1, 10 ** 10)]);
  }
  for (const edge of ["startsAt", "expiresAt"]) {
    if (restrictions[edge] !== undefined) restrictions[edge] = instantText(random, restrictions[edge]);
    else if (random.chance(3)) restrictions[edge] = null;
  }
  return restrictions;
}

/** An instant as milliseconds or as RFC 3339, in UTC or with an offset. */
export function instantText(random, milliseconds) {
  const offset = random.pick([["Z", 0], ["+00:00", 0], ["+02:00", 120], ["-05:30", -330], ["+14:00", 840]]);
  if (random.chance(60)) return milliseconds;
  const text = new Date(milliseconds + offset[1] * 60_000).toISOString();
  return text.replace(".000Z", "Z").replace("Z", offset[0]);
}

/** Windows drawn until they are open or closed as wanted, many with an edge at this very minute. */
function schedule({ random, now }, troubles) {
  const wanted = !troubles.includes("outside");
  if (wanted && !random.chance(6)) return random.chance(2) ? { schedule: null } : {};
  const zone = random.pick(Object.keys(ZONES));
  const local = localTime(now, ZONES[zone]);
  for (;;) {
    const windows = Array.from({ length: random.int(1, 3) }, () => randomWindow(random, local));
    if (isOpen(windows, local) === wanted) return { schedule: { zone, windows } };
  }
}

function randomWindow(random, { day, minute }) {
  const near = () => random.weighted([[3, minute], [2, minute + random.int(-1, 1)], [3, random.int(0, 1439)]]);
  const clock = (at) => `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
  const from = Math.min(Math.max(near(), 0), 1439);
  let to = random.chance(15) ? 1440 : Math.min(Math.max(near(), 0), 1439);
  if (to === from) to = from === 0 ? 1440 : 0;
  const days = random.chance(50) ? [DAYS[(day + random.pick([0, 0, 6])) % 7]] : random.some(DAYS, 2);
  return { days, from: clock(from), to: clock(to) };
}

function who({ random, customer }, troubles, isCredit) {
  const restrictions = {};
  const own = () => random.pick(customer.keys);
  if (troubles.includes("customers")) Object.assign(restrictions, strangers(random, isCredit));
  else if (isCredit || random.chance(2.5)) {
    const others = [anyKey(random), { kind: "email", value: " Ann@EXAMPLE.com" }];
    restrictions.customers = random.shuffled(customer && random.chance(85) ? [own()] : others);
    const domain = random.pick(["*@example.com", " *@Example.COM", "*@other.test"]);
    if (random.chance(25)) restrictions.customers.push({ kind: "email", value: domain });
  } else if (random.chance(3)) restrictions.customers = null;
  const groups = customer?.groups ?? [];
  if (restrictions.customerGroups === undefined && random.chance(3)) {
    restrictions.customerGroups = groups.length > 0 && random.chance(80) ? [groups[0], "nobody"] : random.some(GROUPS);
  }
  if (troubles.includes("first_order")) restrictions.firstOrderOnly = true;
  else if (random.chance(5)) restrictions.firstOrderOnly = random.chance(40);
  return { ...restrictions, ...orderNumber(random, customer, troubles) };
}

function strangers(random, byKey) {
  const others = [{ kind: "id", value: "somebody else" }, { kind: "email", value: "*@nowhere.test" }];
  const byKeys = others.map((key) => ({ customers: [key] }));
  return random.pick(byKey ? byKeys : [...byKeys, { customerGroups: ["nobody"] }]);
}

function orderNumber(random, customer, troubles) {
  const isMissed = troubles.includes("order_number");
  if (!isMissed && !random.chance(4)) return {};
  const next = (customer?.priorOrders ?? 0) + 1;
  const [before, behind] = [{ to: next - 1 }, { from: next + 1, to: next + random.int(1, 3) }];
  if (isMissed) return { orderNumber: next > 1 && random.chance(50) ? before : behind };
  const [from, to] = [Math.max(next - random.int(0, 2), 1), next + random.int(0, 2)];
  return { orderNumber: random.pick([{ from }, { to }, { from, to }, { from, to: null }]) };
}

const LISTS = { channel: "channels", country: "countries", paymentMethod: "paymentMethods", shippingMethod: "shippingMethods" };

function where({ random, cart }, troubles) {
  const restrictions = {};
  const failing = troubles.includes("context") ? random.some(Object.keys(LISTS)).slice(0, 2) : [];
  for (const [field, list] of Object.entries(LISTS)) {
    const value = cart[field] ?? null;
    const others = CONTEXT[field].filter((other) => other !== value);
    if (failing.includes(field)) restrictions[list] = random.shuffled([...random.some(others), "elsewhere"]);
    else if (value !== null && random.chance(5)) restrictions[list] = random.shuffled([value, ...random.some(others)]);
    else if (random.chance(1)) restrictions[list] = null;
  }
  return restrictions;
}

function products({ random, cart }, troubles) {
  const present = productIdsOf(cart);
  const hopeless = [{ include: ["not-in-any-cart"] }, { exclude: present }, { include: anyProductIds(random), exclude: present }];
  const missing = { include: [...random.some(present).slice(0, 2), "no-such", "é"], requires: "all" };
  if (troubles.includes("products")) return { products: random.pick([...hopeless, missing]) };
  if (random.chance(14) && present.length > 0) {
    const rule = { include: random.some(present) };
    const requires = random.weighted([[20, "all"], [16, "any"], [64, null]]);
    if (requires !== null) rule.requires = requires;
    if (requires === "all") rule.include = rule.include.slice(0, 2);
    if (random.chance(15)) rule.excludeOnSale = random.chance(80);
    return { products: rule };
  }
  if (random.chance(7)) return { products: { exclude: anyProductIds(random) } };
  if (random.chance(5)) return { products: { excludeOnSale: true } };
  return random.chance(3) ? { products: null } : {};
}

function bounds(maker, troubles) {
  const { random } = maker;
  const restrictions = {};
  if (troubles.includes("minimum") || random.chance(15)) restrictions.minimum = randomMinimum(maker, troubles);
  else if (random.chance(3)) restrictions.minimum = null;
  if (troubles.includes("maximum") || random.chance(5)) restrictions.maximum = randomMaximum(maker, troubles);
  else if (random.chance(2)) restrictions.maximum = null;
  return restrictions;
}

function randomMinimum({ random, cart }, troubles) {
  const isMissed = troubles.includes("minimum");
  const [worth, units] = [countedSubtotal(cart), countedUnits(cart)];
  const wanted = isMissed
    ? worth + random.pick([1n, 1n, 500n, worth])
    : random.pick([worth, worth - 1n, worth / 2n, worth / 3n, worth / 4n]);
  const minimum = {};
  if (random.chance(80)) minimum.amounts = amountsFor(random, cart, troubles.includes("currency"), withinBounds(wanted));
  const quantity = isMissed ? units + random.int(1, 5) : Math.max(units - random.pick([0, 0, 1, 2]), 1);
  if (!minimum.amounts || random.chance(15)) minimum.quantity = quantity;
  if (random.chance(60)) minimum.scope = random.pick(["all_lines", "eligible_lines"]);
  if (random.chance(35)) minimum.basis = random.pick(["before_coupons", "running_before_this", "running_before_this"]);
  return minimum;
}

function randomMaximum({ random, cart }, troubles) {
  const isMissed = troubles.includes("maximum");
  const [worth, units] = [countedSubtotal(cart), countedUnits(cart)];
  const maximum = {};
  const most = isMissed ? worth - random.pick([1n, 1n, worth / 2n]) : worth + random.pick([0n, 0n, 1n, worth]);
  if (random.chance(70)) maximum.amounts = amountsFor(random, cart, troubles.includes("currency"), withinBounds(most));
  if (!maximum.amounts || random.chance(20)) maximum.quantity = Math.max(isMissed ? units - 1 : units + random.pick([0, 0, 1]), 1);
  if (random.chance(40)) maximum.scope = random.pick(["all_lines", "eligible_lines"]);
  return maximum;
}

/** Coupons that have to be entered, too. */
function company({ random, couponIds }, troubles) {
  if (troubles.includes("coupons")) return { coupons: ["nobody", ...(random.chance(20) ? [random.pick(couponIds)] : [])] };
  if (random.chance(2)) return { coupons: random.shuffled(couponIds).slice(0, random.int(1, 3)) };
  return random.chance(2) ? { coupons: null } : {};
}
