/**
 * The shop's JSON API: what it sells, what the browser may preview with, the quote that counts, the purchase, and what
 * staff see and set.
 */
import { CouponError } from "coupon-engine";

import { currency, products, shippingFee } from "../../shop/index.mjs";
import { alternatives } from "./alternatives.mjs";
import { backOffice, previewRefund, refundPart, takeBack } from "./back-office.mjs";
import { beginPayment, LEFT, letGo, pay, PAYMENT_FAILED, resumePayment } from "./checkout.mjs";
import { RequestError } from "./http.mjs";
import { withLimitsTold } from "./limits-told.mjs";
import { orderView, pendingOrder, staffOrder } from "./order-view.mjs";
import { publicCoupons } from "./public-coupons.mjs";
import { readQuoteRequest, requestOf } from "./quote-request.mjs";
import { changeSetup, shopSetup } from "./staff.mjs";

/** @typedef {import("./shop.js").Shop} Shop */
/** @typedef {import("./http.mjs").Route} Route */

/**
 * @param {Shop} shop
 * @returns {Readonly<Record<string, Route>>}
 */
export function shopRoutes(shop) {
  const { engine, now } = shop;
  /** @type {Record<string, Route>} */
  const routes = {
    "GET /api/catalogue": async () => ({ currency, shippingFee, products }),
    "GET /api/public-coupons": () => publicCoupons(engine, now()),
    "POST /api/quote": (body) => quote(shop, body),

    "POST /api/checkout": (body) => beginPayment(shop, body),
    "POST /api/checkout/resume": (body) => resumePayment(shop, body),
    "POST /api/checkout/pay": (body) => pay(shop, body),
    "POST /api/checkout/fail": (body) => letGo(shop, body, PAYMENT_FAILED),
    "POST /api/checkout/leave": (body) => letGo(shop, body, LEFT),
    "GET /api/order": (query) => orderView(shop, query),

    "GET /api/setup": () => shopSetup(engine),
    "POST /api/setup": (body) => changeSetup(engine, body),
    "GET /api/staff": () => backOffice(shop),
    "GET /api/staff/order": (query) => staffOrder(shop, query),
    "POST /api/staff/refund-preview": (body) => previewRefund(shop, body),
    "POST /api/staff/refund": (body) => refundPart(shop, body),
    "POST /api/staff/refund-all": (body) => takeBack(shop, body, "refunded"),
    "POST /api/staff/cancel": (body) => takeBack(shop, body, "cancelled"),
  };
  return Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, guarded(route)]));
}

/**
 * With the id of the checkout's own order, so that what this customer holds keeps nobody but others out.
 * @param {Shop} shop
 * @param {unknown} body
 */
async function quote(shop, body) {
  const { engine, now } = shop;
  const { purchase, order } = readQuoteRequest(body);
  const request = { ...requestOf(purchase), ...(order === null ? {} : { key: order }), trace: true };
  const answer = await engine.apply(request);
  const { trace: _, ...unwrapped } = request;
  return {
    ...answer,
    codes: await withLimitsTold(engine, unwrapped, answer.codes, now()),
    alternatives: await alternatives(engine, request, answer),
    pending: order === null ? null : await pendingOrder(shop, order),
  };
}

/**
 * @param {Route} route
 * @returns {Route}
 */
function guarded(route) {
  return async (sent) => {
    try {
      return await route(sent);
    } catch (error) {
      throw refusalOf(error);
    }
  };
}

/** What a browser can mend by another request. */
const MENDED = /^(codes|lines|shipping|amount)/;

/** The request has been read by then: what the engine still refuses about its parts is the browser's mistake. */
function refusalOf(/** @type {unknown} */ error) {
  if (!(error instanceof CouponError)) return error;
  if (error.code === "reservation_not_found") return new RequestError(404, "not_found", "there is no such order");
  if (error.code === "idempotency_mismatch") return new RequestError(409, error.code, "this was done otherwise meanwhile: look at it again");
  if (MENDED.test(error.path ?? "")) return new RequestError(400, error.code, error.message, error.path ?? undefined);
  if (error.code === "terms_locked") return new RequestError(409, error.code, "the shop's settings lock the terms of its coupons");
  if (!error.retryable) return error;
  console.error(error);
  return new RequestError(503, error.code, "the shop cannot answer at the moment; ask again, nothing is done twice");
}
