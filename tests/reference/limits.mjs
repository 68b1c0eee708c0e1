/**
 * Owns which limits on redemptions a candidate has, and what is used of each.
 * Must not decide what is told of one.
 */
import { customerCounter, firstOrderCounter, periodCounter } from "./canonical.mjs";
import { periodName } from "./calendar.mjs";

/** Over all customers: `{name, per, limit, full}`, level by level, those of a period behind the one over all time. */
export function totalLimits({ levels }, context) {
  return levels.flatMap((at) => windowsOf(at).flatMap(({ per, total }) => limitOn(at, per, total, [{ name: counterOf(at, per, context) }], context)));
}

/** Of each of the customer's keys. */
export function customerLimits({ levels }, context) {
  return levels.flatMap((at) => windowsOf(at).flatMap(({ per, perCustomer }) => {
    const counter = counterOf(at, per, context);
    return limitOn(at, per, perCustomer, countersOfKeys(context, (key) => customerCounter(counter, key, context.policy.stripPlusTag)), context);
  }));
}

/** One redemption of a first-order coupon for each key, whichever coupon it was. Earlier orders say it all by themselves. */
export function firstOrders({ levels }, context) {
  if (context.priorOrders > 0) return [];
  const asking = levels.filter(({ restrictions, counter }) => restrictions.firstOrderOnly === true && counter !== null);
  const counters = countersOfKeys(context, (key) => firstOrderCounter(key, context.policy.stripPlusTag));
  return asking.flatMap((at) => limitOn(at, null, 1, counters, context));
}

export function countsCustomers({ limits: { perCustomer = null, windows = [] } }) {
  return perCustomer !== null || windows.some((window) => (window.perCustomer ?? null) !== null);
}

function windowsOf({ limits: { total = null, perCustomer = null, windows = [] } }) {
  return [{ per: null, total, perCustomer }, ...(windows ?? [])];
}

function counterOf({ counter }, per, { policy, zones, now }) {
  if (per === null || counter === null) return counter;
  return periodCounter(counter, per, periodName(per, now, policy.zone === "UTC" ? 0 : zones[policy.zone]));
}

function countersOfKeys({ keys }, nameOf) {
  return keys.map((key) => ({ name: nameOf(key), kind: key.kind }));
}

/** `full` are the counters that leave nothing of it. */
function limitOn({ name }, per, limit, named, { counters, now }) {
  if (limit == null) return [];
  const uses = named.map(({ name: counter, kind }) => ({ ...useOf(counters, counter, now), ...(kind && { kind }) }));
  return [{ name, per, limit, full: uses.filter(({ live }) => live >= limit) }];
}

/**
 * `live` is what still counts: neither holds that are known to have ended, nor the one that ends next, once its instant
 * has come.
 */
function useOf(counters, name, now) {
  const { claimed, held = 0, ended = 0, nextExpiry = null } = Object.hasOwn(counters, name) ? counters[name] : { claimed: 0 };
  const hasJustEnded = held > 0 && nextExpiry !== null && nextExpiry <= now;
  return { held, nextExpiry, used: claimed - held - ended, live: claimed - ended - (hasJustEnded ? 1 : 0) };
}
