/**
 * Turns a rejection into a sentence: picks the text, fills in the figures.
 *
 * Owns the parameters that texts may name. Must not decide which reason or figure a caller may see (the engine has), and
 * never repeats what a customer typed beyond the canonical code.
 */
import { CouponError, withPaths } from "../errors.js";
import { snapshotObject, type PlainObject } from "../boundary/snapshot.js";
import { optionalText, refusal, refuseUnknown } from "../boundary/fields.js";
import type { ReasonCode, Rejection, RejectionDetails } from "../types/quote.js";
import type { Untold } from "../wasm/exports.js";
import { englishMessages } from "./en.js";
import { decimalOf, exponentOf } from "./exponent.js";

/** The host's own texts and formats. What is not given stays English. */
export interface MessageOptions {
  /** A BCP 47 tag for figures and dates: `"de"`. Absent: amounts as `12.50 EGP`, dates in English. */
  readonly locale?: string;
  /** The IANA zone dates are told in; default `"UTC"`. */
  readonly timeZone?: string;
  readonly customer?: { readonly [Reason in ReasonCode]?: string };
  readonly staff?: { readonly [Reason in ReasonCode]?: string };
}

export type Audience = "customer" | "staff";
export type MessageWriter = (rejection: Untold<Rejection>, code: string | null, audience: Audience) => string;

type Figure = keyof RejectionDetails | "code" | "level";
type FigureText = (details: RejectionDetails) => string | undefined;

/** `root` is where the paths of wrong options begin. */
export function createMessages(options: unknown, root: string): MessageWriter {
  const inOptions = (path: string): string => (path === "" || path.startsWith("[") ? `${root}${path}` : `${root}.${path}`);
  const { locale, timeZone, texts } = withPaths(inOptions, () => readOptions(options));
  const figures = figureTexts(locale, timeZone);
  return (rejection, code, audience) => {
    const text = texts[audience][rejection.code] ?? englishMessages[audience][rejection.code];
    return filled(text, (name) => {
      if (name === "code") return code ?? undefined;
      if (name === "level") return rejection.level;
      return figures[name](rejection.details);
    });
  };
}

interface ReadOptions {
  readonly locale: string | null;
  readonly timeZone: string;
  readonly texts: Readonly<Record<Audience, Partial<Record<ReasonCode, string>>>>;
}

function readOptions(options: unknown): ReadOptions {
  if (options === undefined || options === null) return { locale: null, timeZone: "UTC", texts: { customer: {}, staff: {} } };
  const { data } = snapshotObject(options, "");
  refuseUnknown(data, ["locale", "timeZone", "customer", "staff"]);
  const locale = optionalText(data, "locale");
  const timeZone = optionalText(data, "timeZone") ?? "UTC";
  requireKnown("locale", () => Intl.getCanonicalLocales(locale ?? "en"));
  requireKnown("timeZone", () => new Intl.DateTimeFormat("en", { timeZone }));
  return { locale, timeZone, texts: { customer: readTexts(data, "customer"), staff: readTexts(data, "staff") } };
}

function readTexts(data: PlainObject, audience: Audience): Partial<Record<ReasonCode, string>> {
  const texts = data[audience] ?? {};
  if (typeof texts !== "object" || Array.isArray(texts)) throw refusal("invalid_type", "must be an object", audience);
  const known = new Set(["code", "level", ...Object.keys(figureTexts(null, "UTC"))]);
  for (const [reason, text] of Object.entries(texts)) {
    const path = `${audience}.${reason}`;
    if (!Object.hasOwn(englishMessages.customer, reason)) throw refusal("unknown_field", "is not a reason", path);
    if (typeof text !== "string") throw refusal("invalid_type", "must be a string", path);
    for (const [, name = ""] of text.matchAll(PARAMETER)) {
      if (!known.has(name)) throw refusal("invalid_value", `names {${name}}, which is not a figure of any reason`, path);
    }
  }
  return texts as Partial<Record<ReasonCode, string>>;
}

function requireKnown(path: string, use: () => unknown): void {
  try {
    use();
  } catch (cause) {
    throw new CouponError({ code: "invalid_value", message: "is not known to this platform", path, cause });
  }
}

const PARAMETER = /\{(\w+)\}/g;
const OPTIONAL_PART = /\[([^[\]|]*)(?:\|([^[\]]*))?\]/g;

function filled(text: string, figure: (name: Figure) => string | undefined): string {
  const complete = text.replace(OPTIONAL_PART, (_part, wanted: string, otherwise: string | undefined) => {
    const known = [...wanted.matchAll(PARAMETER)].every(([, name]) => figure(name as Figure) !== undefined);
    return known ? wanted : (otherwise ?? "");
  });
  return complete.replace(PARAMETER, (_parameter, name: string) => figure(name as Figure) ?? "");
}

function figureTexts(locale: string | null, timeZone: string): Readonly<Record<keyof RejectionDetails, FigureText>> {
  const language = locale ?? "en";
  // Made when a text needs one: most answers need none, and making them costs more than a whole evaluation.
  const numbers = once(() => new Intl.NumberFormat(language));
  const lists = once(() => new Intl.ListFormat(language));
  const instants = once(() => new Intl.DateTimeFormat(language, { ...DATE, timeZone }));
  const whole = (value: number | undefined): string | undefined => (value === undefined ? undefined : numbers().format(value));
  const instant = (value: number | null | undefined): string | undefined => (value == null ? undefined : instants().format(value));
  const money = (details: RejectionDetails, value: number | string | undefined): string | undefined =>
    value === undefined || details.currency === undefined ? undefined : moneyText(locale, value, details.currency);
  const list = (values: readonly string[] | undefined): string | undefined => (values?.length ? lists().format(values) : undefined);
  return {
    startsAt: (details) => instant(details.startsAt),
    expiresAt: (details) => instant(details.expiresAt),
    nextExpiry: (details) => instant(details.nextExpiry),
    limit: (details) => whole(details.limit),
    used: (details) => whole(details.used),
    held: (details) => whole(details.held),
    priorOrders: (details) => whole(details.priorOrders),
    max: (details) => whole(details.max),
    kind: (details) => details.kind,
    currency: (details) => details.currency,
    accepted: (details) => list(details.accepted),
    with: (details) => list(details.with),
    required: (details) => money(details, details.required),
    actual: (details) => money(details, details.actual),
    shortfall: (details) => money(details, details.shortfall),
    scope: (details) => details.scope,
    cartEmpty: (details) => (details.cartEmpty === undefined ? undefined : String(details.cartEmpty)),
  };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const DATE = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;

function moneyText(locale: string | null, minor: number | string, currency: string): string {
  const decimals = exponentOf(currency);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  // A decimal string, so that no digit passes through a float; the type library of this target does not know it yet.
  const amount = decimalOf(minor, decimals) as unknown as number;
  // Without a locale the form of the coupons' terms: `100 EGP off`, `12.50 EGP more`.
  if (locale === null) return `${new Intl.NumberFormat("en", digits).format(amount)} ${currency}`;
  return new Intl.NumberFormat(locale, { style: "currency", currency, ...digits }).format(amount);
}
