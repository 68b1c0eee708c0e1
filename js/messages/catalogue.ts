/**
 * What a language has to say: every text of the package, by id. Types only; the languages are in files of their own, the
 * figures of the texts in `figures.ts`, `terms.ts` and `trace.ts`.
 */
import type { ReasonCode } from "../types/quote.js";

/**
 * Every text of one language, as `englishMessages` has them. `{name}` is a figure; `[a|b]` the first part whose figures
 * are all known; `{name, one: # item, other: # items}` a word form: by a number's plural form, a list's length or a
 * word, `none` where the figure is kept back.
 */
export interface MessageTexts {
  /** A BCP 47 tag for figures, dates, lists and plural forms. Absent: English, amounts as `12.50 EGP`. */
  readonly locale?: string;
  /** The decimal point of terms and traces. */
  readonly decimal: string;
  /** What a shopper is told. `{source}` is `code` or `automatic`, for a discount that nobody entered. */
  readonly customer: Readonly<Record<ReasonCode, string>>;
  /** What staff are told. `{level}` is `coupon`, `code` or `rule`. */
  readonly staff: Readonly<Record<ReasonCode, string>>;
  /** The parts of a coupon's terms in words (semantics §28). */
  readonly terms: Readonly<Record<TermsText, string>>;
  /** The parts of a step of `quote.trace`. */
  readonly trace: Readonly<Record<TraceText, string>>;
}

export type TermsText =
  /** Values: `20%`, `5 EGP` of several currencies, `5 EGP each`, `2 items`. */
  | "percent" | "or" | "each" | "items"
  /** On the whole order. */
  | "off" | "offEachLine" | "offEachUnit" | "every"
  /** On shipping. */
  | "shippingFree" | "shippingOff" | "shippingPrice"
  /** On the cheapest or dearest units. */
  | "cheapestFree" | "cheapestOff" | "cheapestPrice" | "dearestFree" | "dearestOff" | "dearestPrice"
  /** Buy some, get some. */
  | "buyFree" | "buyOff" | "buyPrice"
  | "tier" | "credit" | "linked"
  /** Bounds. */
  | "times" | "cap" | "capPerLine"
  /** Durations. */
  | "once" | "forever" | "months" | "payments";

export type TraceText =
  /** By the step's `type`. */
  | "percent" | "amount" | "price" | "storeCredit"
  | "shipping" | "after" | "cap"
  /** Of what was asked for, the shop took some back; there was not so much left to take. */
  | "trimmed" | "cutOff";
