/**
 * `never_valid`: for each way to a discount, whether some instant, customer, context and cart passes all checks of it.
 *
 * What is tried are the values the definitions themselves name, each with the engine; where a definition leaves more
 * ways open than are tried, nothing is said.
 */
import { instantOf } from "../index.js";
import type { CustomerKey } from "../types/cart.js";
import type { ReasonCode } from "../types/quote.js";
import type { Restrictions, Schedule } from "../types/restrictions.js";
import { cartOf, chainsOf, currenciesOfChain, tried, type Chain, type Trial } from "./chains.js";
import type { Case, Check } from "./check.js";
import { millis } from "./definitions.js";
import { ANY_CURRENCY, boughtIds, exampleCart } from "./example.js";
import type { NeverReason } from "./types.js";

export const never: Check = {
  finds: "never_valid",
  run(given) {
    for (const chains of chainsOf(given)) {
      const [first, ...others] = chains;
      if (first === undefined) continue;
      const isReplaced = (reason: NeverReason): boolean => first.isOverridden && WINDOWS.has(reason);
      const found = judged(first, given, REASONS.filter((reason) => !isReplaced(reason)));
      // What the coupon cannot do, no code or rule of it can.
      const isKnown = (reason: NeverReason): boolean => found.includes(reason) || (WINDOWS.has(reason) && found.some((each) => WINDOWS.has(each)));
      for (const chain of others) judged(chain, given, REASONS.filter((reason) => !isKnown(reason)));
    }
  },
};

const TEXTS: Readonly<Record<NeverReason, string>> = {
  window_empty: "its windows have no instant in common",
  window_past: "its window is over",
  schedule: "no hour of its schedule lies within its window",
  customers: "its lists of customers have nobody in common",
  order_number: "no number of earlier orders fits",
  context: "what it lists of channels, countries, payment or shipping methods has nothing in common",
  currency: "no currency has all the amounts it needs",
  products: "it excludes all the products it includes",
  minimum_above_maximum: "what reaches its minimum exceeds its maximum",
};

const WINDOWS: ReadonlySet<NeverReason> = new Set(["window_empty", "window_past", "schedule"]);

/** Which of `reasons` hold, each reported. */
function judged(chain: Chain, given: Case, reasons: readonly NeverReason[]): readonly NeverReason[] {
  if (chain.levels.length === 0) return [];
  const found = tried(chain, given, (trial) => reasons.filter((reason) => TRIALS[reason](trial, given)));
  for (const reason of found) report(given, chain, reason);
  return found;
}

function report(given: Case, { couponIds, ruleIds, path, who, code }: Chain, reason: NeverReason): void {
  const message = `${who} can never be redeemed: ${TEXTS[reason]}.`;
  given.warn({ code: "never_valid", severity: "error", couponIds, ruleIds, path, details: { reason, code: code?.code ?? null }, message });
}

const TRIALS: Readonly<Record<NeverReason, (trial: Trial, given: Case) => boolean>> = {
  window_empty: (trial, given) => isDated(trial) && openInstants(trial, given).length === 0,
  window_past: (trial, given) => isDated(trial) && openInstants(trial, given).length > 0 && firstOpen(trial, given) === undefined,
  schedule: isOutsideSchedule,
  customers: hasNoCustomer,
  order_number: hasNoOrderNumber,
  context: hasNoContext,
  currency: hasNoCurrency,
  products: hasNoProducts,
  minimum_above_maximum: hasNoValue,
};
const REASONS = Object.keys(TRIALS) as readonly NeverReason[];
const DAY = 86_400_000;

function isDated({ chain: { levels } }: Trial): boolean {
  return levels.some(({ startsAt, expiresAt, validForDays }) => startsAt != null || expiresAt != null || validForDays != null);
}

/** The valid instants among those at which validity can begin or end: where there are none, there are none at all. */
function openInstants(trial: Trial, { definitions }: Case): readonly number[] {
  const { levels, code } = trial.chain;
  const issued = code?.issuedAt == null ? [] : [millis(code.issuedAt)];
  const dates = levels.flatMap(({ startsAt, expiresAt }) => [startsAt, expiresAt]).flatMap((instant) => (instant == null ? [] : millis(instant)));
  const ends = issued.flatMap((instant) => levels.flatMap(({ validForDays }) => (validForDays == null ? [] : instant + validForDays * DAY)));
  const instants = [...new Set([millis(definitions.now), ...dates, ...issued, ...ends])].sort((a, b) => a - b);
  return instants.filter((now) => !fails(trial, now, ["not_started", "expired"]));
}

function firstOpen(trial: Trial, given: Case): number | undefined {
  const now = millis(given.definitions.now);
  return openInstants(trial, given).find((instant) => instant >= now);
}

function fails(trial: Trial, now: number, codes: readonly ReasonCode[]): boolean {
  return trial.reasons({ now, cart: exampleCart(ANY_CURRENCY, []) }).some(({ code }) => codes.includes(code));
}

/** An intersection of weekly hours and a window, unless empty, contains the window's start or that of some hours. */
function isOutsideSchedule(trial: Trial, given: Case): boolean {
  const schedules = trial.chain.levels.flatMap(({ schedule }) => schedule ?? []);
  const start = schedules.length === 0 ? undefined : firstOpen(trial, given);
  if (start === undefined || !fails(trial, start, ["outside_schedule"])) return false;
  const begins = schedules.flatMap((schedule) => [...beginsOf(schedule, start, given)]);
  for (const instant of new Set(begins.filter((begin) => begin > start).sort((a, b) => a - b))) {
    if (fails(trial, instant, ["expired"])) return true;
    if (!fails(trial, instant, ["outside_schedule"])) return false;
  }
  // Zones may change their clocks on other days of the year.
  return new Set(schedules.map(({ zone }) => zone)).size === 1;
}

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** The instants at which its windows begin, from a day before `start` to a week and a day after it. */
function* beginsOf({ zone, windows }: Schedule, start: number, { definitions, work }: Case): Iterable<number> {
  const offset = definitions.zones?.[zone];
  for (let day = -1; day <= 8; day += 1) {
    const date = new Date(Math.floor(start / DAY) * DAY + day * DAY);
    const weekday = WEEKDAYS[date.getUTCDay()];
    const local = date.toISOString().slice(0, 10);
    for (const { days, from } of windows) {
      if (!days.some((each) => each === weekday)) continue;
      work.spend(1);
      yield offset === undefined ? instantOf(`${local}T${from}`, zone, "start") : Date.parse(`${local}T${from}:00Z`) - offset * 60_000;
    }
  }
}

const KEYS_OF_A_CUSTOMER = 10;

/** Lists of one kind only: a customer may have an id of one list and an e-mail of the other. */
function hasNoCustomer(trial: Trial): boolean {
  const lists = trial.chain.levels.flatMap(({ customers }) => (customers ? [customers] : []));
  const kinds = new Set(lists.flat().map(({ kind }) => kind));
  if (lists.length < 2 || kinds.size !== 1) return false;
  return lists.every((list) => chunks(list, KEYS_OF_A_CUSTOMER).every((keys) => isRefused(trial, { keys, groups: groupsOf(trial) }, ["customer_not_allowed"])));
}

function hasNoOrderNumber(trial: Trial): boolean {
  const { levels } = trial.chain;
  const ranges = levels.filter(({ firstOrderOnly, orderNumber }) => firstOrderOnly || orderNumber);
  if (ranges.length === 0) return false;
  const counts = new Set([0, ...ranges.flatMap(({ orderNumber }) => (orderNumber?.from ? [orderNumber.from - 1] : []))]);
  const keys = [{ kind: "id", value: "anybody" }];
  return [...counts].every((priorOrders) => isRefused(trial, { keys, priorOrders }, ["not_first_order", "order_number_mismatch"]));
}

/** One group of each level: whoever is in all of them passes. */
function groupsOf({ chain: { levels } }: Trial): readonly string[] {
  return levels.flatMap(({ customerGroups }) => customerGroups?.slice(0, 1) ?? []);
}

function isRefused(trial: Trial, customer: { readonly keys: readonly CustomerKey[]; readonly priorOrders?: number; readonly groups?: readonly string[] }, codes: readonly ReasonCode[]): boolean {
  const counted = { priorOrders: 0, ...customer };
  return trial.reasons({ cart: exampleCart(ANY_CURRENCY, []), customer: counted }).some(({ code }) => codes.includes(code));
}

const CONTEXTS = [["channels", "channel"], ["countries", "country"], ["paymentMethods", "paymentMethod"], ["shippingMethods", "shippingMethod"]] as const;

function hasNoContext(trial: Trial): boolean {
  return CONTEXTS.some(([list, field]) => {
    const lists = trial.chain.levels.flatMap((level) => (level[list] ? [level[list]] : []));
    if (lists.length < 2) return false;
    return lists[0]?.every((value) => {
      const cart = { ...exampleCart(ANY_CURRENCY, []), [field]: value };
      return trial.reasons({ cart }).some(({ code, details }) => code === "context_mismatch" && details.field === field);
    });
  });
}

function hasNoCurrency(trial: Trial): boolean {
  const currencies = currenciesOfChain(trial.chain);
  return currencies.length > 1 && openCurrencies(trial, currencies).length === 0;
}

function openCurrencies(trial: Trial, currencies: readonly string[]): readonly string[] {
  return currencies.filter((currency) => !trial.reasons({ cart: exampleCart(currency, []) }).some(({ code }) => code === "currency_mismatch"));
}

/** Of the most that a cart can have of what is included, nothing may be discounted. */
function hasNoProducts(trial: Trial): boolean {
  if (!trial.chain.levels.some(({ products }) => products?.include?.length && products.exclude?.length) && includingLevels(trial) < 2) return false;
  const cart = cartOf(anyCurrency(trial), 100n, 1, bestIds(trial.chain.levels, []));
  return cart !== null && trial.reasons({ cart }).some(({ code }) => code === "no_eligible_items");
}

function includingLevels({ chain: { levels } }: Trial): number {
  return levels.filter(({ products }) => products?.include?.length || products?.exclude?.length).length;
}

/** The first line carries an id of each level that nobody excludes; the others all that is left, for `requires: "all"`. */
function bestIds(levels: readonly Restrictions[], bought: readonly string[]): readonly (readonly string[])[] {
  const excluded = new Set(levels.flatMap(({ products }) => products?.exclude ?? []));
  const open = (ids: readonly string[]): readonly string[] => ids.filter((id) => !excluded.has(id));
  const included = levels.map(({ products }) => open(products?.include ?? []));
  const first = [...included.flatMap((ids) => ids.slice(0, 1)), ...open(bought).slice(0, 1)];
  const all = levels.some(({ products }) => products?.requires === "all") ? [...new Set(included.flat())] : [];
  return [[...new Set(first)], ...chunks(all, 100)];
}

function anyCurrency(trial: Trial): string {
  const currencies = currenciesOfChain(trial.chain);
  return openCurrencies(trial, currencies)[0] ?? currencies[0] ?? ANY_CURRENCY;
}

/** More than the measures a definition can have. */
const MAX_RAISES = 12;

/** Raises a cart until it reaches what it is told to reach; then it must not be told that it is too much. */
function hasNoValue(trial: Trial): boolean {
  const { levels, discount } = trial.chain;
  if (!levels.some(({ maximum }) => maximum)) return false;
  const currencies = currenciesOfChain(trial.chain);
  const open = currencies.length === 0 ? [ANY_CURRENCY] : openCurrencies(trial, currencies);
  const ids = bestIds(levels, boughtIds(discount));
  return open.length > 0 && open.every((currency) => isAboveMaximum(trial, currency, ids));
}

function isAboveMaximum(trial: Trial, currency: string, ids: readonly (readonly string[])[]): boolean {
  let [amount, units] = [1n, 1];
  for (let raise = 0; raise < MAX_RAISES; raise += 1) {
    const cart = cartOf(currency, amount < BigInt(units) ? BigInt(units) : amount, units, ids);
    if (cart === null) return false;
    const reasons = trial.reasons({ cart });
    const short = reasons.find(({ code }) => code === "minimum_not_met")?.details;
    if (short === undefined) return reasons.some(({ code }) => code === "maximum_exceeded");
    const wanted = short.requiredQuantity ?? units;
    const required = short.required === undefined ? amount : BigInt(short.required);
    if (wanted <= units && required <= amount) return false;
    units = Math.max(units, wanted);
    amount = required > amount ? required : amount;
  }
  return false;
}

function chunks<T>(list: readonly T[], length: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, index) => list.slice(index * length, (index + 1) * length));
}
