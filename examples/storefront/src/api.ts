/**
 * The shop's JSON API as the page sees it. Owns the requests and what a failed one looks like; keeps nothing.
 */
import type { CouponDefinition, Minor, Policy, Quote, RuleDefinition, StackingMode } from "coupon-engine";
import type { Catalogue, Choice } from "../../shop/cart.mjs";

/** What the shop lets a browser preview with. */
export interface PublicCoupons {
  readonly policy: Policy;
  readonly coupons: readonly (CouponDefinition & { readonly id: string })[];
  /** Those that apply by themselves, and those that the coupons open. */
  readonly rules: readonly PublicRule[];
  readonly offers: readonly Offer[];
}

export type PublicRule = RuleDefinition & { readonly id: string };

/** The shop's answer; a preview has no alternatives. */
export interface ShopQuote extends Quote {
  readonly alternatives?: readonly Alternative[];
}

/** Codes that go together, and what there is to pay with them. */
export interface Alternative {
  readonly codes: readonly string[];
  readonly total: Minor;
  readonly used: boolean;
}

/** What staff have set. */
export interface Setup {
  readonly mode: StackingMode;
  /** The coupon whose code opens a sale, its version, and the sales it can be linked to. */
  readonly link: {
    readonly code: string;
    readonly version: number;
    readonly opens: string;
    readonly sales: readonly { readonly id: string; readonly name: string }[];
  };
}

export interface SetupChange {
  readonly mode?: StackingMode;
  readonly opens?: string;
}

export interface Offer {
  readonly code: string;
  readonly name: string;
  readonly terms: string;
}

export interface HeldCode {
  readonly code: string;
  readonly origin: "typed" | "url";
}

/** No price in it: those are the server's. */
export interface QuoteRequest {
  readonly lines: readonly Choice[];
  readonly codes: readonly HeldCode[];
  readonly email?: string;
}

/** The shop refused, or could not be reached (`status` 0). */
export class ShopError extends Error {
  readonly status: number;
  readonly path: string | undefined;

  constructor(status: number, message: string, path?: string) {
    super(message);
    this.status = status;
    this.path = path;
  }
}

export function fetchCatalogue(): Promise<Catalogue> {
  return ask<Catalogue>("/api/catalogue");
}

export function fetchPublicCoupons(): Promise<PublicCoupons> {
  return ask<PublicCoupons>("/api/public-coupons");
}

export function fetchQuote(request: QuoteRequest, signal: AbortSignal): Promise<ShopQuote> {
  return ask<ShopQuote>("/api/quote", { ...posted(request), signal });
}

export function fetchSetup(): Promise<Setup> {
  return ask<Setup>("/api/setup");
}

export function changeSetup(change: SetupChange): Promise<Setup> {
  return ask<Setup>("/api/setup", posted(change));
}

function posted(body: unknown): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

async function ask<T>(path: string, options?: RequestInit): Promise<T> {
  const response = await fetch(path, options).catch((cause: unknown) => {
    if (options?.signal?.aborted) throw cause;
    throw new ShopError(0, "The shop could not be reached.");
  });
  if (response.ok) return (await response.json()) as T;
  const { error } = (await response.json().catch(() => ({}))) as { error?: { message?: string; path?: string } };
  throw new ShopError(response.status, error?.message ?? "The shop cannot answer.", error?.path);
}
