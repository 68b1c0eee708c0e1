/**
 * The answer before the server's: the same engine, in the page, on the coupons that may be public. A guess that saves a
 * wait, never a decision. Loaded after the page stands, because the engine comes with it.
 */
import { parseUrlToken, preload, prepare } from "coupon-engine";
import type { Quote } from "coupon-engine";
import { buildCart } from "../../shop/cart.mjs";
import type { Catalogue } from "../../shop/cart.mjs";
import type { PublicCoupons, QuoteRequest } from "./api.js";

export interface Previewer {
  /** `null` where the page cannot tell: one of the codes is not among the public ones. */
  quote(request: QuoteRequest): Quote | null;
}

export async function createPreviewer(catalogue: Catalogue, { coupons, rules, policy }: PublicCoupons): Promise<Previewer> {
  await preload();
  const set = prepare({ coupons, rules });
  return {
    quote({ lines, codes }) {
      const quote = set.evaluate({
        codes, cart: buildCart(catalogue, lines), now: Date.now(), policy, disclosure: "actionable", trace: true,
      });
      return quote.codes.some(({ rejection }) => rejection?.code === "not_applicable") ? null : quote;
    },
  };
}

/** The codes that the page's link carries, and the link without them. */
export async function codesOfLink(url: string): Promise<{ readonly codes: readonly string[]; readonly cleanUrl: string }> {
  await preload();
  const { tokens, cleanUrl } = parseUrlToken(url);
  return { codes: tokens.map(({ canonical }) => canonical), cleanUrl };
}
