/**
 * The texts and formats of one call or engine: reads what the host gave, puts it over the English texts, and words a
 * rejection. Must not decide which reason or figure a caller may see (the engine has).
 */
import { CouponError, withPaths } from "../errors.js";
import { snapshotObject, type Plain, type PlainObject } from "../boundary/snapshot.js";
import { optionalText, refusal, refuseUnknown } from "../boundary/fields.js";
import type { ReasonCode } from "../types/quote.js";
import type { MessageTexts, TermsText, TraceText } from "./catalogue.js";
import { englishMessages } from "./en.js";
import { isRejectionFigure, rejectionFigures, type Refusal } from "./figures.js";
import { formatsOf, type Formats } from "./formats.js";
import { filled, templateFault } from "./template.js";
import { TERMS_FIGURES } from "./terms.js";
import { TRACE_FIGURES } from "./trace.js";

/**
 * The host's own texts and formats: a whole language, as `coupon-engine/messages/de` has one, or any part of it. What is
 * not given stays English.
 */
export interface MessageOptions {
  /** A BCP 47 tag for figures, dates, lists and plural forms: `"de"`. Absent: amounts as `12.50 EGP`, the rest English. */
  readonly locale?: string;
  /** The IANA zone dates are told in; default `"UTC"`. */
  readonly timeZone?: string;
  /** The decimal point of terms and traces; default `"."`. */
  readonly decimal?: string;
  readonly customer?: { readonly [Reason in ReasonCode]?: string };
  readonly staff?: { readonly [Reason in ReasonCode]?: string };
  readonly terms?: { readonly [Id in TermsText]?: string };
  readonly trace?: { readonly [Id in TraceText]?: string };
  /**
   * What a coupon or rule is called in this language, by its label: `{ "Summer sale": "Sommerschlussverkauf" }`. It
   * stands in every `label` of a quote; without an entry the label stays as it is.
   */
  readonly names?: { readonly [label: string]: string };
}

export type Audience = "customer" | "staff";

/** Everything needed to word an answer, settled. */
export interface MessageWriter {
  readonly texts: MessageTexts;
  readonly formats: Formats;
  readonly names: ReadonlyMap<string, string>;
}

export function rejectionText(refused: Refusal, audience: Audience, { texts, formats }: MessageWriter): string {
  const { code, details } = refused.rejection;
  // The merchant's own words are for shoppers; staff need the reason.
  if (audience === "customer" && details.text !== undefined) return details.text;
  return filled(texts[audience][code], rejectionFigures(refused, formats), formats.plural);
}

/** `root` is where the paths of wrong options begin. */
export function createMessages(options: unknown, root: string): MessageWriter {
  const inOptions = (path: string): string => (path === "" || path.startsWith("[") ? `${root}${path}` : `${root}.${path}`);
  return withPaths(inOptions, () => readMessages(options));
}

function readMessages(options: unknown): MessageWriter {
  if (options === undefined || options === null) {
    return { texts: englishMessages, formats: formatsOf(undefined, "UTC"), names: new Map() };
  }
  const { data } = snapshotObject(options, "");
  refuseUnknown(data, ["locale", "timeZone", "decimal", "customer", "staff", "terms", "trace", "names"]);
  const locale = optionalText(data, "locale") ?? undefined;
  const timeZone = optionalText(data, "timeZone") ?? "UTC";
  requireKnown("locale", () => Intl.getCanonicalLocales(locale ?? "en"));
  requireKnown("timeZone", () => new Intl.DateTimeFormat("en", { timeZone }));
  const texts: MessageTexts = {
    decimal: optionalText(data, "decimal") ?? englishMessages.decimal,
    customer: textsIn(data, "customer", "a reason", isRejectionFigure),
    staff: textsIn(data, "staff", "a reason", isRejectionFigure),
    terms: textsIn(data, "terms", "a text of the terms", (name) => TERMS_FIGURES.includes(name)),
    trace: textsIn(data, "trace", "a text of the trace", (name) => TRACE_FIGURES.includes(name)),
  };
  const names = new Map(entriesIn(data, "names"));
  return { texts, formats: formatsOf(locale, timeZone), names };
}

type Section = "customer" | "staff" | "terms" | "trace";

function textsIn<S extends Section>(data: PlainObject, section: S, what: string, isFigure: (name: string) => boolean): MessageTexts[S] {
  const english = englishMessages[section];
  const own = entriesIn(data, section);
  for (const [id, text] of own) {
    const path = `${section}.${id}`;
    if (!Object.hasOwn(english, id)) throw refusal("unknown_field", `is not ${what}`, path);
    const fault = templateFault(text, isFigure);
    if (fault !== null) throw refusal("invalid_value", fault, path);
  }
  return { ...english, ...Object.fromEntries(own) };
}

function entriesIn(data: PlainObject, section: Section | "names"): readonly (readonly [string, string])[] {
  const entries: Plain = data[section] ?? {};
  if (typeof entries !== "object" || entries === null || Array.isArray(entries)) throw refusal("invalid_type", "must be an object", section);
  return Object.entries(entries).map(([id, text]: [string, Plain]) => {
    if (typeof text === "string") return [id, text] as const;
    throw refusal("invalid_type", "must be a string", section === "names" ? `names[${JSON.stringify(id)}]` : `${section}.${id}`);
  });
}

function requireKnown(path: string, use: () => unknown): void {
  try {
    use();
  } catch (cause) {
    throw new CouponError({ code: "invalid_value", message: "is not known to this platform", path, cause });
  }
}
