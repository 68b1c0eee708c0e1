/**
 * Coupon links in front of a shop: keeps a link's code in a cookie, cleans the address, and prices a cart with it.
 *
 * Owns the HTTP of it. A link changes nothing in any store, so a mail scanner that follows it costs nobody anything; what
 * a code is worth is asked when there is a cart.
 */
import { createCouponEngine, CouponError, parseUrlToken, preload } from "coupon-engine";
import { memoryStorage } from "coupon-engine/stores/memory";

import { coupons, currency, prices } from "./catalog.js";
import { forgottenCode, keptCode, pendingCode } from "./cookie.js";

/** The longest address Cloudflare accepts: an advertiser's long link must not become an error. */
const LINK_OPTIONS = { params: ["coupon"], maxLength: 16_384 };

export default {
  async fetch(request, { SHOP_ORIGIN }) {
    const { origin, pathname } = new URL(request.url);
    // The origin comes from the configuration, so that no Host header decides where a shopper is sent.
    if (origin !== SHOP_ORIGIN) return fetch(request);
    if (request.method === "POST" && pathname === "/cart") return quotedCart(request);
    if (!isVisit(request)) return fetch(request);
    return (await followedLink(request.url)) ?? fetch(request);
  },
};

/** A page fetched ahead of a click is no visit yet: its link does nothing. */
function isVisit({ method, headers }) {
  const isPrefetch = headers.get("Sec-Purpose")?.includes("prefetch") ?? false;
  return (method === "GET" || method === "HEAD") && !isPrefetch;
}

/** The answer to a coupon link, whether or not such a code exists; `null` for any other address. */
async function followedLink(url) {
  await preload();
  const { tokens: [token], invalid, cleanUrl } = parseUrlToken(url, LINK_OPTIONS);
  if (token === undefined && invalid.length === 0) return null;
  const headers = new Headers({
    Location: cleanUrl,
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
  });
  if (token !== undefined) headers.set("Set-Cookie", keptCode(token.canonical));
  return new Response(null, { status: 303, headers });
}

async function quotedCart(request) {
  const lines = pricedLines(await request.json().catch(() => null));
  if (lines === null) return answer({ error: "lines must be a list of { id, quantity } of products on sale" }, 400);
  const code = pendingCode(request.headers);
  const codes = code === null ? [] : [{ code, origin: "url" }];
  try {
    const engine = await startedEngine();
    const quote = await engine.apply({ codes, cart: { currency, lines } });
    // A parked code stays: it comes alive by itself when the cart qualifies.
    const isRefused = quote.codes.some(({ state }) => state === "rejected");
    return answer(quote, 200, isRefused ? { "Set-Cookie": forgottenCode() } : {});
  } catch (error) {
    if (!(error instanceof CouponError) || !error.path?.startsWith("cart.")) throw error;
    return answer({ error: error.message }, 400);
  }
}

/** The shopper says what and how many; the shop says for how much. `null` if it sells no such thing. */
function pricedLines(body) {
  if (!Array.isArray(body?.lines)) return null;
  const lines = body.lines.map((line) => ({
    id: line?.id,
    ids: [line?.id],
    quantity: line?.quantity,
    unitPrice: prices.get(line?.id),
  }));
  return lines.every(({ unitPrice }) => unitPrice !== undefined) ? lines : null;
}

let engine;

/**
 * One engine per isolate, made by the first cart. What is kept is the engine and never the promise of it: a promise
 * belongs to the request that began it, and would stay pending for all others if that one is cancelled.
 */
async function startedEngine() {
  engine ??= await filledEngine();
  return engine;
}

async function filledEngine() {
  const started = await createCouponEngine({ storage: memoryStorage() });
  for (const coupon of coupons) await started.coupons.create(coupon);
  return started;
}

function answer(body, status, headers = {}) {
  return Response.json(body, { status, headers: { "Cache-Control": "private, no-store", ...headers } });
}
