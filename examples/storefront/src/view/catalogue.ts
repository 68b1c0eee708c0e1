/**
 * The shelf: one card per product. Owns its pictures; the prices are the catalogue's.
 */
import type { Catalogue, Product } from "../../../shop/cart.mjs";
import { moneyText } from "../money.js";
import { found, made } from "./dom.js";

/** Letters of a typeface are shown as letters, everything else as a drawing. */
const SPECIMENS: Readonly<Record<string, string>> = {
  "meridian-family": "specimen--family",
  "meridian-regular": "specimen--regular",
  "meridian-italic": "specimen--italic",
  "kasra-display": "specimen--display",
};

export function showCatalogue({ products, currency }: Catalogue, onAdd: (product: Product) => void): void {
  found("#catalogue").replaceChildren(...products.map((product) => card(product, currency, onAdd)));
}

function card(product: Product, currency: string, onAdd: (product: Product) => void): HTMLElement {
  const add = made("button", { type: "button", class: "button", "aria-label": `Add ${product.name} to the cart` }, "Add");
  add.addEventListener("click", () => onAdd(product));
  return made("li", { class: "card", "data-product": product.id },
    picture(product),
    made("div", { class: "card-text" },
      made("h3", {}, product.name),
      made("p", { class: "quiet" }, product.note)),
    made("div", { class: "card-foot" }, made("span", { class: "price" }, moneyText(product.price, currency)), add));
}

function picture({ id }: Product): HTMLElement {
  const specimen = SPECIMENS[id];
  const inside = specimen === undefined
    ? made("img", { src: `/art/${id}.svg`, alt: "", width: "120", height: "120", loading: "lazy" })
    : made("span", { class: `specimen ${specimen}` }, "Ag");
  return made("div", { class: "picture", "aria-hidden": "true" }, inside);
}
