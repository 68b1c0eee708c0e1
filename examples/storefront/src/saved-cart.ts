/**
 * The cart between visits. Products, quantities and codes stay with the browser; the e-mail only with the tab.
 *
 * Codes that wait for a larger cart are kept like the others: they come alive when the cart qualifies.
 */
import type { HeldCode } from "./api.js";

export interface SavedCart {
  readonly quantities: ReadonlyMap<string, number>;
  readonly codes: readonly HeldCode[];
  readonly email: string;
}

const CART = "delta-supply-cart";
const EMAIL = "delta-supply-email";

/** As many as the shop looks at in one request. */
const MAX_CODES = 30;

export function loadCart(): SavedCart {
  const { quantities, codes } = parsed(localStorage.getItem(CART));
  return {
    quantities: new Map(Object.entries(objectOf(quantities)).filter(isQuantity)),
    codes: (Array.isArray(codes) ? codes : []).filter(isHeldCode).slice(0, MAX_CODES),
    email: sessionStorage.getItem(EMAIL) ?? "",
  };
}

export function saveCart({ quantities, codes, email }: SavedCart): void {
  localStorage.setItem(CART, JSON.stringify({ quantities: Object.fromEntries(quantities), codes }));
  sessionStorage.setItem(EMAIL, email);
}

/** It has been paid. */
export function emptyCart(): void {
  localStorage.removeItem(CART);
}

/** What lies there may be from an older page, or from anybody. */
function parsed(text: string | null): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(text ?? "{}"));
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isQuantity(entry: [string, unknown]): entry is [string, number] {
  return Number.isInteger(entry[1]) && (entry[1] as number) >= 1 && (entry[1] as number) <= 99;
}

function isHeldCode(value: unknown): value is HeldCode {
  const { code, origin } = objectOf(value);
  return typeof code === "string" && (origin === "typed" || origin === "url");
}
