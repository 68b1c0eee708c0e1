/**
 * Figures as a locale writes them, by the platform's `Intl`.
 */
import { decimalOf, exponentOf } from "./exponent.js";
import type { Figure } from "./template.js";

export interface Formats {
  whole(value: number | string): Figure;
  money(minor: number | string, currency: string): string;
  instant(milliseconds: number): string;
  /** `A, B and C` */
  list(values: readonly string[]): Figure;
  /** `A, B or C` */
  choice(values: readonly string[]): Figure;
  /** `mon 14:05` with the locale's name of the day. */
  weekTime(text: string): string;
  plural(count: number): string;
}

export function formatsOf(locale: string | undefined, timeZone: string): Formats {
  const language = locale ?? "en";
  // Made when a text needs one: most answers need none, and making them costs more than a whole evaluation.
  const numbers = once(() => new Intl.NumberFormat(language));
  const lists = once(() => new Intl.ListFormat(language));
  const choices = once(() => new Intl.ListFormat(language, { type: "disjunction" }));
  const instants = once(() => new Intl.DateTimeFormat(language, { ...DATE, timeZone }));
  const plurals = once(() => new Intl.PluralRules(language));
  return {
    // A decimal string, so that no digit passes through a float; the type library of this target does not know it yet.
    whole: (value) => ({ text: numbers().format(value as number), count: Number(value) }),
    money: (minor, currency) => moneyText(locale, minor, currency),
    instant: (milliseconds) => instants().format(milliseconds),
    list: (values) => ({ text: lists().format(values), count: values.length }),
    choice: (values) => ({ text: choices().format(values), count: values.length }),
    weekTime: (text) => text.replace(/^[a-z]+/, (day) => {
      const weekday = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" });
      return DAYS.includes(day) ? weekday.format(A_MONDAY + DAYS.indexOf(day) * 86_400_000) : day;
    }),
    plural: (count) => plurals().select(count),
  };
}

const DATE = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const A_MONDAY = Date.UTC(2024, 0, 1);

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function moneyText(locale: string | undefined, minor: number | string, currency: string): string {
  const decimals = exponentOf(currency);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const amount = decimalOf(minor, decimals) as unknown as number;
  // Without a locale the form of the coupons' terms: `100 EGP off`, `12.50 EGP more`.
  if (locale === undefined) return `${new Intl.NumberFormat("en", digits).format(amount)} ${currency}`;
  return new Intl.NumberFormat(locale, { style: "currency", currency, ...digits }).format(amount);
}
