/**
 * The id of this window's order: made once when payment is first asked for, and kept until the order is settled, so that
 * whatever is asked for again (a lost answer, a button pressed twice, the way back) is asked of the same order.
 */
const ORDER = "delta-supply-order";

/** `null` until payment has been asked for. */
export function orderUnderWay(): string | null {
  return sessionStorage.getItem(ORDER);
}

export function beginOrder(): string {
  const id = orderUnderWay() ?? crypto.randomUUID();
  sessionStorage.setItem(ORDER, id);
  return id;
}

/** Answers whether it was this window's. */
export function endOrder(id: string): boolean {
  if (orderUnderWay() !== id) return false;
  sessionStorage.removeItem(ORDER);
  return true;
}

export function orderUrl(id: string): string {
  return `/order?${new URLSearchParams({ order: id })}`;
}
