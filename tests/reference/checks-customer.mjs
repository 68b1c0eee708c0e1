/**
 * Owns the checks of who is buying: by key, by group, by the number of the order.
 * Must not look at counters: limits per customer are the use checks'.
 */
import { canonicalKey, isCovered } from "./canonical.mjs";
import { countsCustomers } from "./limits.mjs";
import { rejection } from "./rejection.mjs";

export function customerRequired({ levels }, { keys }) {
  if (keys.length > 0) return [];
  const asks = ({ restrictions: { customers, customerGroups, firstOrderOnly, orderNumber }, ...at }) =>
    customers != null || customerGroups != null || firstOrderOnly === true || orderNumber != null || countsCustomers(at);
  return levels.filter(asks).map((at) => rejection("customer_required", at.name));
}

export function customerNotAllowed({ levels }, { keys, groups }) {
  if (keys.length === 0) return [];
  const isUnlisted = ({ customers }) =>
    customers != null && !customers.map(canonicalKey).some((listed) => keys.some((key) => isCovered(key, listed)));
  const isInNone = ({ customerGroups }) => customerGroups != null && !groups.some((group) => customerGroups.includes(group));
  return levels
    .filter(({ restrictions }) => isUnlisted(restrictions) || isInNone(restrictions))
    .map((at) => rejection("customer_not_allowed", at.name));
}

export function notFirstOrder({ levels }, { keys, priorOrders }) {
  if (keys.length === 0 || priorOrders === 0) return [];
  return levels
    .filter(({ restrictions }) => restrictions.firstOrderOnly === true)
    .map((at) => rejection("not_first_order", at.name, { priorOrders }));
}

export function orderNumberMismatch({ levels }, { keys, priorOrders }) {
  if (keys.length === 0) return [];
  const misses = ({ restrictions: { orderNumber } }) =>
    orderNumber != null && (priorOrders + 1 < (orderNumber.from ?? 1) || priorOrders + 1 > (orderNumber.to ?? Infinity));
  return levels.filter(misses).map((at) => rejection("order_number_mismatch", at.name, { priorOrders }));
}
