/**
 * A coupon's terms in plain words (semantics §28, S2.10): `20% off forever`, `buy 2, get 1 free`. Says what is taken off
 * and for how long; restrictions are not part of it.
 */
import type { CouponRecord, Duration } from "../types/coupon.js";
import type { AmountDiscount, Discount, PercentDiscount, PriceDiscount, Reach, StoreCredit, Units } from "../types/discount.js";
import type { Amounts } from "../types/money.js";
import type { RuleRecord } from "../types/rule.js";
import type { TermsText } from "./catalogue.js";
import { decimalOf, exponentOf, percentOf } from "./exponent.js";
import type { MessageWriter } from "./format.js";
import { filled, type Figure } from "./template.js";

export const TERMS_FIGURES: readonly string[] = ["value", "count", "buy", "from", "terms"];

/** `null` for a draft. `rules` are the linked ones; of one that is missing or computed by the host, its name is told. */
export function termsText(
  coupon: Pick<CouponRecord, "discount" | "rules" | "duration">,
  rules: readonly RuleRecord[],
  writer: MessageWriter,
): string | null {
  const words = new Words(writer);
  if (coupon.discount !== null) return words.discount(coupon.discount, words.duration(coupon.duration, isPlain(coupon.discount)));
  if (coupon.rules.length === 0) return null;
  const linked = coupon.rules.map((id) => rules.find((rule) => rule.id === id));
  const [only] = linked;
  if (linked.length === 1 && only?.discount) return words.discount(only.discount, words.duration(coupon.duration, isPlain(only.discount)));
  return linked.map((rule) => words.rule(rule)).join(" + ") + words.duration(coupon.duration, false);
}

/** A percentage or a sum off the whole order. Only these say `once`: elsewhere it goes without saying. */
function isPlain(discount: Discount): boolean {
  if (discount.type === "percent") return discount.target !== "shipping" && !discount.units;
  return discount.type === "amount" && discount.target !== "shipping" && !discount.units && !discount.every && !isEach(discount);
}

/** What is taken off; a tier has its reach from the discount around it. */
type Offer = PercentDiscount | AmountDiscount | PriceDiscount;

class Words {
  readonly #writer: MessageWriter;

  constructor(writer: MessageWriter) {
    this.#writer = writer;
  }

  rule(rule: RuleRecord | undefined): string {
    if (rule?.discount) return this.discount(rule.discount, "");
    return rule?.name ?? this.#text("linked");
  }

  duration(duration: Duration, isOnceTold: boolean): string {
    if (duration.type === "once") return isOnceTold ? this.#text("once") : "";
    if (duration.type === "forever") return this.#text("forever");
    if ("payments" in duration) return this.#text("payments", { count: counted(duration.payments) });
    return this.#text("months", { count: counted(duration.months) });
  }

  /** `lasting` stands before the bounds: `20% off forever up to 100 EGP`. */
  discount(discount: Discount, lasting: string): string {
    if (discount.type === "store_credit") return this.#text("credit", { value: this.#amounts(discount.amounts) }) + lasting;
    return this.#offers(discount) + lasting + this.#bounds(discount);
  }

  #offers(discount: Exclude<Discount, StoreCredit>): string {
    if (discount.type !== "tiers") return this.#offer(discount, discount);
    const tiers = discount.tiers.map(({ from, discount: offer }) => {
      const reached = typeof from === "object" ? this.#amounts(from) : this.#text("items", { count: counted(from) });
      return this.#text("tier", { from: reached, terms: this.#offer(offer, discount) + this.#cap(offer) });
    });
    return tiers.join(", ");
  }

  #offer(offer: Offer, reach: Reach): string {
    const isFree = offer.type === "percent" ? offer.basisPoints === 10_000 : offer.type === "price" && isZero(offer.amounts);
    const kind = isFree ? "Free" : offer.type === "price" ? "Price" : "Off";
    const value = this.#value(offer);
    if (reach.target === "shipping") return this.#text(`shipping${kind}`, { value }) + this.#every(offer);
    if (reach.units) return this.#units(offer, kind, reach.units, isEach(reach)) + this.#every(offer);
    if (offer.type === "price") return this.#text("each", { value });
    if (offer.type === "percent") return this.#text("off", { value });
    const each = reach.distribution === "each_line" ? "offEachLine" : reach.distribution === "each_unit" ? "offEachUnit" : "off";
    return this.#text(each, { value }) + this.#every(offer);
  }

  #units(offer: Offer, kind: "Free" | "Off" | "Price", units: Units, isForEach: boolean): string {
    const taken = units.buy ? units.take : units.take * (units.times ?? 1);
    const isEachValue = taken > 1 && (offer.type === "price" || (offer.type === "amount" && isForEach));
    const value = isEachValue ? this.#text("each", { value: this.#value(offer) }) : this.#value(offer);
    const count = counted(taken);
    if (!units.buy) return this.#text(`${units.from}${kind}`, { value, count });
    return this.#text(`buy${kind}`, { value, count, buy: counted(units.buy.quantity) });
  }

  #every(offer: Offer): string {
    return offer.type === "amount" && offer.every ? this.#text("every", { value: this.#amounts(offer.every) }) : "";
  }

  #bounds(discount: Exclude<Discount, StoreCredit>): string {
    const times = discount.type === "amount" && discount.every ? discount.times : discount.units?.buy && discount.units.times;
    return [
      discount.type === "tiers" ? "" : this.#cap(discount),
      times == null ? "" : this.#text("times", { count: counted(times) }),
      discount.maxPerLine ? this.#text("capPerLine", { value: this.#amounts(discount.maxPerLine) }) : "",
    ].join("");
  }

  #cap(offer: Offer): string {
    return offer.type === "percent" && offer.cap ? this.#text("cap", { value: this.#amounts(offer.cap) }) : "";
  }

  #value(offer: Offer): string {
    if (offer.type !== "percent") return this.#amounts(offer.amounts);
    return this.#text("percent", { value: percentOf(offer.basisPoints, this.#writer.texts.decimal) });
  }

  /** `100 EGP`, `10.50 EGP`; decimals only where there are any. Several currencies are alternatives. */
  #amounts(amounts: Amounts): string {
    const { decimal } = this.#writer.texts;
    const shown = Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, minor]) => {
      const whole = decimalOf(minor, exponentOf(currency)).replace(/\.0+$/, "");
      return `${whole.replace(".", decimal)} ${currency}`;
    });
    return shown.join(this.#text("or"));
  }

  #text(id: TermsText, figures: Readonly<Record<string, Figure>> = {}): string {
    const { texts, formats } = this.#writer;
    return filled(texts.terms[id], (name) => figures[name], formats.plural);
  }
}

function counted(count: number): Figure {
  return { text: String(count), count };
}

function isEach({ distribution }: Reach): boolean {
  return distribution === "each_line" || distribution === "each_unit";
}

function isZero(amounts: Amounts): boolean {
  return Object.values(amounts).every((minor) => BigInt(minor) === 0n);
}
