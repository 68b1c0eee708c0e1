/**
 * The shop's JSON API as the page sees it. Owns the requests and what a failed one looks like; keeps nothing.
 */
import type {
  CouponDefinition, EpochMs, Minor, Policy, Quote, RedemptionFlag, RedemptionState, Refund, RefusalReason, RuleDefinition, StackingMode, Totals,
} from "coupon-engine";
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
  /** The page's own order, where it has got as far as the payment. */
  readonly pending?: { readonly state: RedemptionState; readonly heldFor: number } | null;
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
  /** The page's own order: what it holds already does not keep its own codes out. */
  readonly order?: string;
}

/** What the customer has seen and now wants to pay. */
export interface CheckoutRequest extends Omit<QuoteRequest, "order"> {
  readonly order: string;
  readonly fingerprint: string;
}

/** `settled`: it is paid, or was taken back; there is nothing to pay. */
export type CheckoutAnswer = { readonly status: "held" | "settled" } | RefusedCheckout;

export interface RefusedCheckout {
  readonly status: "refused";
  readonly reason: "codes_refused" | "quote_changed";
  /** As it would be now. */
  readonly total: Minor;
  readonly fingerprint: string;
  /** Those that do not apply, and why. */
  readonly codes: readonly { readonly code: string; readonly message: string }[];
}

/** What became of an order, as its customer may know it. */
export interface OrderView {
  readonly id: string;
  readonly number: string;
  readonly state: RedemptionState;
  /** Milliseconds that are left to pay, and how many there were. */
  readonly heldFor: number;
  readonly holdLength: number;
  readonly reservedAt: EpochMs;
  readonly redeemedAt: EpochMs | null;
  readonly reason: string | null;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly codes: readonly { readonly code: string; readonly label: string; readonly amount: Minor }[];
  readonly credits: readonly { readonly code: string; readonly amount: Minor; readonly restored: Minor }[];
  readonly totals: Totals;
  readonly refunded: { readonly amount: Minor; readonly credit: Minor; readonly shipping: boolean; readonly count: number };
  readonly flags: readonly RedemptionFlag[];
  readonly usage: readonly CouponUsage[];
}

export interface OrderLine {
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
  /** After all discounts. */
  readonly total: Minor;
  readonly returned: number;
  readonly discounts: readonly { readonly label: string; readonly amount: Minor }[];
}

export interface StaffOrder extends OrderView {
  readonly email: string | null;
  readonly history: readonly {
    readonly state: RedemptionState; readonly at: EpochMs; readonly reason: string | null; readonly refunded: Minor; readonly total: Minor;
  }[];
}

/** A limit: how much of it is used, and held by checkouts under way. */
export interface Meter {
  readonly label: string;
  readonly unit: "uses" | "money";
  readonly limit: number;
  readonly used: number;
  readonly held: number;
}

export interface UsageFacts {
  readonly redeemed: number;
  readonly held: number;
  /** `null`: no limit. */
  readonly remaining: number | null;
  readonly lastUsedAt: EpochMs | null;
  readonly lastOrder: string | null;
}

export interface CouponUsage extends UsageFacts {
  readonly couponId: string;
  readonly name: string;
  readonly terms: string;
  readonly audience: string;
  readonly perCustomer: number | null;
  readonly rolledBack: number;
  readonly meters: readonly Meter[];
  readonly codes: readonly (UsageFacts & { readonly code: string })[];
}

export interface BackOffice {
  readonly usage: readonly CouponUsage[];
  /** The latest first. */
  readonly orders: readonly ListedOrder[];
}

export interface ListedOrder {
  readonly id: string;
  readonly number: string;
  readonly state: RedemptionState;
  readonly reservedAt: EpochMs;
  readonly currency: string;
  readonly reason: string | null;
  readonly codes: readonly string[];
  readonly total: Minor;
  readonly refunded: Minor;
}

/** What comes back; nothing named: everything that has not come back yet. */
export interface RefundChoice {
  readonly order: string;
  readonly lines?: readonly { readonly lineId: string; readonly quantity: number }[];
  readonly shipping?: boolean;
}

export interface Refused {
  readonly refused: RefusalReason | null;
}

export interface GivenBack extends Refused {
  /** `null` where nothing was left to give back. */
  readonly refund: Refund | null;
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

export function beginPayment(request: CheckoutRequest): Promise<CheckoutAnswer> {
  return ask<CheckoutAnswer>("/api/checkout", posted(request));
}

export function resumePayment(order: string, fingerprint?: string): Promise<CheckoutAnswer> {
  return ask<CheckoutAnswer>("/api/checkout/resume", posted({ order, fingerprint }));
}

/** The pretend payment went through, did not, or was given up. */
export function endPayment(how: "pay" | "fail" | "leave", order: string): Promise<Refused> {
  return ask<Refused>(`/api/checkout/${how}`, posted({ order }));
}

export function fetchOrder(order: string): Promise<OrderView> {
  return ask<OrderView>(`/api/order?${new URLSearchParams({ order })}`);
}

export function fetchStaffOrder(order: string): Promise<StaffOrder> {
  return ask<StaffOrder>(`/api/staff/order?${new URLSearchParams({ order })}`);
}

export function fetchBackOffice(): Promise<BackOffice> {
  return ask<BackOffice>("/api/staff");
}

export function previewRefund(choice: RefundChoice, signal?: AbortSignal): Promise<Refund> {
  return ask<Refund>("/api/staff/refund-preview", { ...posted(choice), ...(signal === undefined ? {} : { signal }) });
}

/** `number`: which refund of this order it is, so that it is made once. */
export function refundPart(choice: RefundChoice, number: number): Promise<GivenBack> {
  return ask<GivenBack>("/api/staff/refund", posted({ ...choice, number }));
}

export function takeBack(how: "cancel" | "refund-all", order: string): Promise<GivenBack> {
  return ask<GivenBack>(`/api/staff/${how}`, posted({ order }));
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
