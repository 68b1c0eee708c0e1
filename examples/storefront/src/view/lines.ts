/**
 * The cart's lines: quantity, full price, what is taken off, what is left. A line is as high with a discount as without,
 * so that nothing below it moves.
 */
import type { QuoteLine } from "coupon-engine";
import type { Catalogue } from "../../../shop/cart.mjs";
import { discountText, moneyText } from "../money.js";
import type { Visit } from "../session.js";
import { found, keyedList, made, write } from "./dom.js";

interface ShownLine {
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: string;
  /** `null` until the first answer that knows it. */
  readonly figures: QuoteLine | null;
}

export function createLines(catalogue: Catalogue, setQuantity: (id: string, quantity: number) => void): (visit: Visit) => void {
  const { currency } = catalogue;
  const show = keyedList<ShownLine>({
    list: found("#lines"),
    keyOf: ({ id }) => id,
    create: (line) => lineElement(line, setQuantity),
    update: (element, line) => updateLine(element, line, currency),
  });
  return ({ quantities, quote }) => {
    found("#cart-empty").hidden = quantities.size > 0;
    show([...quantities].flatMap(([id, quantity]) => {
      const product = catalogue.products.find((one) => one.id === id);
      if (product === undefined) return [];
      const figures = quote?.lines.find((line) => line.id === id) ?? null;
      return [{ id, name: product.name, quantity, price: moneyText(product.price, currency), figures }];
    }));
  };
}

function lineElement({ id, name, price }: ShownLine, setQuantity: (id: string, quantity: number) => void): HTMLElement {
  const input = made("input", { type: "number", min: "0", max: "99", step: "1", inputmode: "numeric", "aria-label": `Quantity of ${name}` });
  const step = (label: string, text: string, by: number): HTMLElement => {
    const button = made("button", { type: "button", class: "step", "aria-label": `${label} ${name}` }, text);
    button.addEventListener("click", () => {
      setQuantity(id, Number(input.dataset["quantity"]) + by);
      // The line may be gone, and the focus with it.
      if (!button.isConnected) found("#cart").focus();
    });
    return button;
  };
  input.addEventListener("change", () => {
    const wanted = Math.trunc(Number(input.value));
    setQuantity(id, Number.isFinite(wanted) ? Math.max(0, wanted) : 1);
  });
  return made("li", { class: "line", "data-line": id },
    made("div", { class: "line-name" }, made("span", {}, name), made("span", { class: "quiet" }, `${price} each`)),
    made("div", { class: "line-figures" }, made("span", { class: "line-total" }), made("s", { class: "line-subtotal" })),
    made("div", { class: "line-quantity" }, step("One less", "−", -1), input, step("One more", "+", 1)),
    made("div", { class: "line-discount" }));
}

function updateLine(element: HTMLElement, { quantity, figures }: ShownLine, currency: string): void {
  const input = found<HTMLInputElement>("input", element);
  input.dataset["quantity"] = String(quantity);
  if (document.activeElement !== input || Number(input.value) !== quantity) input.value = String(quantity);
  const isReduced = figures !== null && String(figures.discount) !== "0";
  write(found(".line-subtotal", element), isReduced ? moneyText(figures.subtotal, currency) : "");
  write(found(".line-total", element), figures === null ? "…" : moneyText(figures.total, currency));
  write(found(".line-discount", element), isReduced ? discountText(figures.discount, currency) : "");
}
