/**
 * A limit to look at: what is used, what checkouts hold, what is left. A few uses are drawn one by one, anything else as a
 * bar. The figures stand below it in words.
 */
import type { Meter } from "../api.js";
import { moneyText } from "../money.js";
import { made } from "./dom.js";

/** More would be too small to count. */
const MAX_PIPS = 12;

const counted = new Intl.NumberFormat("en");

export function meterElement(meter: Meter, currency: string): HTMLElement {
  const { label, used, held, limit } = meter;
  const left = Math.max(0, limit - used - held);
  const text = (amount: number): string => (meter.unit === "money" ? moneyText(amount, currency) : counted.format(amount));
  const words = `${text(used)} used, ${text(held)} held, ${text(left)} left of ${text(limit)}`;
  const isCounted = meter.unit === "uses" && limit <= MAX_PIPS;
  return made("div", { class: "meter" },
    made("p", { class: "meter-label" }, label),
    isCounted ? pips(meter) : bar(meter),
    made("p", { class: "meter-words" }, words));
}

function pips({ used, held, limit }: Meter): HTMLElement {
  const partOf = (place: number): string => (place < used ? "used" : place < used + held ? "held" : "left");
  const all = Array.from({ length: limit }, (_, place) => made("span", { class: "pip", "data-part": partOf(place) }));
  return made("div", { class: "pips", "aria-hidden": "true" }, ...all);
}

function bar({ used, held, limit }: Meter): SVGSVGElement {
  const share = (amount: number): string => `${limit === 0 ? 0 : Math.min(100, (100 * amount) / limit)}%`;
  const svg = drawn("svg", { class: "bar", width: "100%", height: "14", "aria-hidden": "true" });
  svg.append(
    drawn("rect", { class: "bar-left", width: "100%", height: "14", rx: "4" }),
    drawn("rect", { class: "bar-held", width: share(used + held), height: "14", rx: "4" }),
    drawn("rect", { class: "bar-used", width: share(used), height: "14", rx: "4" }));
  return svg;
}

function drawn<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Readonly<Record<string, string>>): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
