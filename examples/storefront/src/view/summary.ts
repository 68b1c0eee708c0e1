/**
 * Totals, where they come from, the story of how they came about, and the bar that leads to the cart on a small screen.
 */
import type { Adjustment, Quote } from "coupon-engine";
import type { Catalogue } from "../../../shop/cart.mjs";
import type { Announcement } from "../changes.js";
import { discountText, moneyText } from "../money.js";
import type { Source, Visit } from "../session.js";
import { found, made, write } from "./dom.js";

const SOURCE_TEXTS: Readonly<Record<Source, string>> = {
  server: "Confirmed by the shop",
  preview: "Preview, the shop is checking",
  waiting: "The shop is checking",
  failed: "Not confirmed: the shop did not answer",
};

export function showSummary({ quote, source, quantities, announcement }: Visit, catalogue: Catalogue): void {
  const { currency } = catalogue;
  if (announcement !== null) showMessage(announcement);
  write(found("#source-text"), SOURCE_TEXTS[source]);
  found("#source").dataset["source"] = source;
  found("#retry").hidden = source !== "failed";
  found("#cart").setAttribute("aria-busy", String(source === "preview" || source === "waiting"));
  if (quote !== null) {
    const { subtotal, discount, shipping, total } = quote.totals;
    write(found("#total-subtotal"), moneyText(subtotal, currency));
    write(found("#total-discount"), discountText(discount, currency));
    write(found("#total-shipping"), moneyText(shipping, currency));
    write(found("#total-total"), moneyText(total, currency));
    showTrace(quote, catalogue);
  }
  const count = [...quantities.values()].reduce((sum, quantity) => sum + quantity, 0);
  write(found("#cart-bar-count"), count === 0 ? "Cart is empty" : `View cart, ${count} ${count === 1 ? "item" : "items"}`);
  write(found("#cart-bar-total"), count === 0 || quote === null ? "" : moneyText(quote.totals.total, currency));
}

function showMessage({ tone, text }: Announcement): void {
  const message = found("#code-message");
  message.dataset["tone"] = tone;
  write(message, text);
}

function showTrace(quote: Quote, catalogue: Catalogue): void {
  const steps = (quote.trace ?? []).map(({ code, label, text }, place) => {
    const shares = quote.adjustments[place];
    return made("li", {}, made("strong", {}, code ?? label), ` ${text} ${quote.currency}`, ...(shares ? [sharesOf(shares, quote, catalogue)] : []));
  });
  const nothing = made("li", { class: "quiet" }, "No code has taken anything off.");
  found("#trace-steps").replaceChildren(...(steps.length === 0 ? [nothing] : steps));
}

function sharesOf({ lines }: Adjustment, { currency }: Quote, { products }: Catalogue): HTMLElement {
  return made("ul", {}, ...lines.map(({ lineId, amount }) => {
    const name = products.find(({ id }) => id === lineId)?.name ?? lineId;
    return made("li", {}, made("span", {}, name), made("span", {}, discountText(amount, currency)));
  }));
}
