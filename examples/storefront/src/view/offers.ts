/**
 * The codes the shop advertises, to try them without typing.
 */
import type { Offer } from "../api.js";
import { found, made } from "./dom.js";

export function showOffers(offers: readonly Offer[], onTry: (code: string) => void): void {
  found("#offer-list").replaceChildren(...offers.map(({ code, name, terms }) => {
    const attempt = made("button", { type: "button", class: "link", "aria-label": `Try ${code}` }, "Try");
    attempt.addEventListener("click", () => onTry(code));
    return made("li", {}, made("code", {}, code), made("span", { class: "quiet", title: name }, terms), attempt);
  }));
}
