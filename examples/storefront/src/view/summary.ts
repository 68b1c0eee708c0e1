/**
 * Totals, where they come from, and the bar that leads to the cart on a small screen.
 */
import type { Catalogue } from "../../../shop/cart.mjs";
import type { Announcement } from "../changes.js";
import { discountText, moneyText } from "../money.js";
import type { Source, Visit } from "../session.js";
import { found, write } from "./dom.js";

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
    const { subtotal, discount, shipping, credit, total } = quote.totals;
    write(found("#total-subtotal"), moneyText(subtotal, currency));
    write(found("#total-discount"), discountText(discount, currency));
    write(found("#total-shipping"), moneyText(shipping, currency));
    found("#total-credit-row").hidden = quote.credits.length === 0;
    write(found("#total-credit"), discountText(credit, currency));
    write(found("#total-label"), quote.credits.length === 0 ? "Total" : "You pay");
    write(found("#total-total"), moneyText(total, currency));
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
