/**
 * The codes of which the shop took the best selection: what is used, and what each other selection would cost. The shop
 * works that out; without its answer the last one stays.
 */
import { moneyText } from "../money.js";
import type { Visit } from "../session.js";
import { found, made } from "./dom.js";

export function showCombination({ quote, source }: Visit): void {
  if (source !== "server" || quote === null) return;
  const all = quote.alternatives ?? [];
  found("#combination").hidden = all.length === 0;
  const least = Number(quote.totals.total);
  found("#combination-rows").replaceChildren(...all.map(({ codes, total, used }) => {
    const more = Number(total) - least;
    const compared = used ? "Used" : more > 0 ? `${moneyText(more, quote.currency)} more` : "The same";
    return made("tr", { "data-used": String(used) },
      made("th", { scope: "row" }, codes.join(" + ")),
      made("td", {}, moneyText(total, quote.currency), made("span", { class: "quiet" }, compared)));
  }));
}
