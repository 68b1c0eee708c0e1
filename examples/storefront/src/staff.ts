/**
 * The page of the shop's staff: the latest orders, and how much of each code is used, held and left.
 */
import { fetchBackOffice } from "./api.js";
import type { CouponUsage, ListedOrder, UsageFacts } from "./api.js";
import { stateWord, timeText } from "./checkout-words.js";
import { moneyText } from "./money.js";
import { found, keyedList, made, write } from "./view/dom.js";
import { meterElement } from "./view/meter.js";

const AGAIN_MS = 1_000;
/** Limits are in the shop's one currency. */
const CURRENCY = "EGP";

const showOrders = keyedList<ListedOrder>({ list: found("#orders"), keyOf: ({ id }) => id, create: orderElement, update: updateOrder });
const showLimited = usageList("#usage");
const showRest = usageList("#usage-rest");
const counted = new Intl.NumberFormat("en");

await refresh();
setInterval(() => !document.hidden && refresh(), AGAIN_MS);

async function refresh(): Promise<void> {
  try {
    const { orders, usage } = await fetchBackOffice();
    found("#orders-empty").hidden = orders.length > 0;
    showOrders(orders);
    const rest = usage.filter(({ meters, perCustomer }) => meters.length === 0 && perCustomer === null);
    showLimited(usage.filter((coupon) => !rest.includes(coupon)));
    showRest(rest);
    write(found("#usage-rest-title"), `Without a limit (${rest.length}), redeemed ${rest.reduce((sum, { redeemed }) => sum + redeemed, 0)} times`);
    write(found("#message"), "");
  } catch (error) {
    write(found("#message"), error instanceof Error ? error.message : "Something went wrong.");
  }
}

function orderElement({ id, number }: ListedOrder): HTMLElement {
  return made("li", { class: "order", "data-order": id },
    made("a", { class: "order-number", href: `/staff-order?${new URLSearchParams({ order: id })}` }, number),
    made("span", { class: "badge" }),
    made("span", { class: "order-total" }),
    made("span", { class: "order-note quiet" }));
}

function updateOrder(element: HTMLElement, order: ListedOrder): void {
  const { state, reservedAt, codes, total, refunded, currency } = order;
  const badge = found(".badge", element);
  badge.dataset["state"] = state;
  write(badge, stateWord(order));
  write(found(".order-total", element), moneyText(total, currency));
  const back = Number(refunded) > 0 ? `, ${moneyText(refunded, currency)} given back` : "";
  write(found(".order-note", element), `${timeText(reservedAt)} · ${codes.length === 0 ? "no code" : codes.join(", ")}${back}`);
}

function usageList(selector: string): (usage: readonly CouponUsage[]) => void {
  return keyedList<CouponUsage>({ list: found(selector), keyOf: ({ couponId }) => couponId, create: usageElement, update: updateUsage });
}

function usageElement({ couponId, name, terms, codes }: CouponUsage): HTMLElement {
  const [only, ...more] = codes;
  return made("li", { class: "usage-card", "data-coupon": couponId },
    made("div", { class: "usage-name" }, made("h3", {}, name), ...(only === undefined || more.length > 0 ? [] : [made("code", {}, only.code)])),
    made("p", { class: "quiet" }, terms),
    made("div", { class: "usage-meters" }),
    made("dl", { class: "facts" }),
    made("details", { class: "usage-codes" }, made("summary", {}), made("ul", {})));
}

function updateUsage(element: HTMLElement, coupon: CouponUsage): void {
  // Redrawn only where a figure differs, so that nothing flickers under the eye.
  const drawing = JSON.stringify(coupon);
  if (element.dataset["drawing"] === drawing) return;
  element.dataset["drawing"] = drawing;
  const { meters, codes, perCustomer, rolledBack } = coupon;
  found(".usage-meters", element).replaceChildren(...meters.map((meter) => meterElement(meter, CURRENCY)));
  // What is left of a day, a budget or a balance is in its meter.
  const ownFacts = factsOf(coupon).filter(([fact]) => fact !== "Remaining" || coupon.remaining !== null || meters.length === 0);
  const facts: readonly (readonly [string, string])[] = [
    ...ownFacts.filter(([fact]) => fact !== "Last used"),
    ...(rolledBack === 0 ? [] : [["Given back", String(rolledBack)] as const]),
    ...(perCustomer === null ? [] : [["Each customer", perCustomer === 1 ? "once" : `${perCustomer} times`] as const]),
    ...ownFacts.filter(([fact]) => fact === "Last used"),
  ];
  found(".facts", element).replaceChildren(...facts.map(([name, value]) => made("div", { class: name === "Last used" ? "fact--wide" : "" }, made("dt", {}, name), made("dd", {}, value))));
  const details = found("details", element);
  details.hidden = codes.length < 2;
  write(found("summary", details), `Its ${codes.length} codes`);
  found("ul", details).replaceChildren(...codes.map(({ code, ...one }) =>
    made("li", {}, made("code", {}, code), made("span", { class: "quiet" }, factsOf(one).map(([name, value]) => `${name.toLowerCase()} ${value}`).join(", ")))));
}

function factsOf({ redeemed, held, remaining, lastUsedAt, lastOrder }: UsageFacts): readonly (readonly [string, string])[] {
  return [
    ["Redeemed", counted.format(redeemed)],
    ["Held", counted.format(held)],
    ["Remaining", remaining === null ? "no limit" : counted.format(remaining)],
    ["Last used", lastUsedAt === null ? "never" : `${timeText(lastUsedAt)}${lastOrder === null ? "" : `, order ${lastOrder}`}`],
  ];
}
