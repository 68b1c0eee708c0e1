/**
 * What an order is made of: its lines with what each discount took off, and the totals.
 */
import type { OrderLine, OrderView } from "../api.js";
import { discountText, moneyText } from "../money.js";
import { made } from "./dom.js";

export function linesOf({ lines, currency }: OrderView): HTMLElement {
  return made("ul", { class: "lines" }, ...lines.map((line) => lineElement(line, currency)));
}

function lineElement({ id, name, quantity, total, returned, discounts }: OrderLine, currency: string): HTMLElement {
  const taken = discounts.reduce((sum, { amount }) => sum + Number(amount), 0);
  return made("li", { class: "order-line", "data-line": id },
    made("span", { class: "order-line-name" }, name, made("span", { class: "quiet" }, ` × ${quantity}`)),
    made("span", { class: "order-line-figures" },
      ...(taken === 0 ? [] : [made("s", { class: "line-subtotal" }, moneyText(Number(total) + taken, currency)), " "]),
      made("span", { class: "line-total" }, moneyText(total, currency))),
    ...discounts.map(({ label, amount }) => made("span", { class: "order-line-discount" }, label, made("span", {}, discountText(amount, currency)))),
    ...(returned === 0 ? [] : [made("span", { class: "order-line-returned" }, `${returned} of ${quantity} came back`)]));
}

export function totalsOf({ totals, credits, refunded, currency, state }: OrderView): HTMLElement {
  const isPaid = state === "redeemed" || state === "rolled_back";
  const money = (amount: number | string | bigint): string => moneyText(Number(amount), currency);
  const rows: readonly (readonly [string, string, string, boolean])[] = [
    ["subtotal", "Subtotal", money(totals.subtotal), true],
    ["discount", "Discount", discountText(totals.discount, currency), true],
    ["shipping", "Shipping", money(totals.shipping), true],
    ...credits.map(({ code, amount }) => ["credit", `Credit ${code}`, discountText(amount, currency), true] as const),
    ["total", isPaid ? "Paid" : "You pay", money(totals.total), true],
    ["refunded", "Given back", money(refunded.amount), Number(refunded.amount) > 0],
    ["refunded-credit", "of it to store credit", money(refunded.credit), Number(refunded.credit) > 0],
  ];
  return made("dl", { class: "totals" }, ...rows.filter(([, , , isShown]) => isShown).map(([id, label, text]) =>
    made("div", { class: id === "total" ? "totals-sum" : "", "data-total": id }, made("dt", {}, label), made("dd", {}, text))));
}
