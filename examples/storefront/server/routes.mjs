/**
 * The shop's JSON API: what it sells, what the browser may preview with, and the quote that counts.
 */
import { CouponError } from "coupon-engine";

import { currency, products, shippingFee } from "../../shop/index.mjs";
import { RequestError } from "./http.mjs";
import { publicCoupons } from "./public-coupons.mjs";
import { readQuoteRequest } from "./quote-request.mjs";

/**
 * @param {import("coupon-engine").CouponEngine} engine
 * @returns {Readonly<Record<string, import("./http.mjs").Route>>}
 */
export function shopRoutes(engine) {
  return {
    "GET /api/catalogue": async () => ({ currency, shippingFee, products }),
    "GET /api/public-coupons": () => publicCoupons(engine, Date.now()),
    "POST /api/quote": async (body) => {
      const request = readQuoteRequest(body);
      try {
        return await engine.apply({ ...request, trace: true });
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
  if (!error.retryable) return error;
  console.error(error);
  return new RequestError(503, error.code, "the shop cannot answer at the moment");
}
