/**
 * Amounts as text. The shop sells in one currency with two decimals; nothing is computed here.
 */
import type { Minor } from "coupon-engine";

/** A share: 1250 basis points are `12.5 %`. */
export function percentText(basisPoints: number): string {
  const digits = String(basisPoints).padStart(3, "0");
  const rest = digits.slice(-2).replace(/0+$/, "");
  return `${digits.slice(0, -2)}${rest === "" ? "" : `.${rest}`} %`;
}

/** `1,234.50 EGP`. */
export function moneyText(minor: Minor, currency: string): string {
  const digits = String(minor).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${digits.slice(-2)} ${currency}`;
}

/** `−4.20 EGP`, with a minus sign; nothing taken off is `0.00 EGP`. */
export function discountText(minor: Minor, currency: string): string {
  return `${String(minor) === "0" ? "" : "−"}${moneyText(minor, currency)}`;
}
