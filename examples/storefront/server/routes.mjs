/**
 * The shop's JSON API: what it sells, what the browser may preview with, the quote that counts, and what staff set.
 */
import { CouponError } from "coupon-engine";

import { currency, products, shippingFee } from "../../shop/index.mjs";
import { alternatives } from "./alternatives.mjs";
import { RequestError } from "./http.mjs";
import { publicCoupons } from "./public-coupons.mjs";
import { readQuoteRequest } from "./quote-request.mjs";
import { changeSetup, shopSetup } from "./staff.mjs";

/**
 * @param {import("coupon-engine").CouponEngine} engine
 * @returns {Readonly<Record<string, import("./http.mjs").Route>>}
 */
export function shopRoutes(engine) {
  return {
    "GET /api/catalogue": async () => ({ currency, shippingFee, products }),
    "GET /api/public-coupons": () => publicCoupons(engine, Date.now()),
    "POST /api/quote": async (body) => {
      const request = { ...readQuoteRequest(body), trace: true };
      try {
        const quote = await engine.apply(request);
        return { ...quote, alternatives: await alternatives(engine, request, quote) };
      } catch (error) {
        throw refusalOf(error);
      }
    },
    "GET /api/setup": () => shopSetup(engine),
    "POST /api/setup": async (body) => {
      try {
        return await changeSetup(engine, body);
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

/** The request has been read by then: what the engine still refuses about its codes is the browser's mistake. */
function refusalOf(/** @type {unknown} */ error) {
  if (!(error instanceof CouponError)) return error;
  if (error.path?.startsWith("codes")) return new RequestError(400, error.code, error.message, error.path);
  if (error.code === "terms_locked") return new RequestError(409, error.code, "the shop's settings lock the terms of its coupons");
  if (!error.retryable) return error;
  console.error(error);
  return new RequestError(503, error.code, "the shop cannot answer at the moment");
}
