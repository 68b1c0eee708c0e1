/**
 * Amounts as text, exact to the last digit. Nothing is computed here.
 */
import type { Minor } from "coupon-engine";

/** A share: 1250 basis points are `12.5 %`. */
export function percentText(basisPoints: number): string {
  const digits = String(basisPoints).padStart(3, "0");
  const rest = digits.slice(-2).replace(/0+$/, "");
  return `${digits.slice(0, -2)}${rest === "" ? "" : `.${rest}`} %`;
}

/** `1,234.50 EGP`; the currency says how many decimals there are. */
export function moneyText(minor: Minor, currency: string): string {
  const { plain, decimals } = formatsOf(currency);
  const digits = String(minor).padStart(decimals + 1, "0");
  const exact = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return `${plain.format(exact as Intl.StringNumericLiteral)} ${currency}`;
}

const formats = new Map<string, { readonly plain: Intl.NumberFormat; readonly decimals: number }>();

function formatsOf(currency: string): { readonly plain: Intl.NumberFormat; readonly decimals: number } {
  const known = formats.get(currency);
  if (known !== undefined) return known;
  const decimals = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const plain = new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  formats.set(currency, { plain, decimals });
  return { plain, decimals };
}

/** `−4.20 EGP`, with a minus sign; nothing taken off is `0.00 EGP`. */
export function discountText(minor: Minor, currency: string): string {
  return `${String(minor) === "0" ? "" : "−"}${moneyText(minor, currency)}`;
}
