/**
 * What this worker knows of the shop: its coupons and its prices. Data only. A bundle is no secret, so nothing belongs
 * here that a shopper must not read: no single-use codes, no lists of customers.
 */

/** As `coupons.create` takes them. The ids are given, so that every isolate names a coupon alike. */
export const coupons = [
  {
    id: "spring-link",
    type: "url_token",
    code: "SPRING-LINK",
    name: "Spring mail",
    discount: { type: "percent", basisPoints: 1500 },
    restrictions: { products: { exclude: ["gift-wrap"] } },
  },
  {
    id: "winter-link",
    type: "url_token",
    code: "WINTER-LINK",
    name: "Winter mail",
    discount: { type: "percent", basisPoints: 3000 },
    restrictions: { expiresAt: "2026-02-28T23:59:59Z" },
  },
  {
    id: "big-cart",
    type: "url_token",
    code: "BIG-CART",
    name: "100 EGP off from 500 EGP",
    discount: { type: "amount", amounts: { EGP: 10000 } },
    restrictions: { minimum: { amounts: { EGP: 50000 } } },
  },
];

export const currency = "EGP";

/** Minor units, by product. The price of a line is the shop's, never the browser's. */
export const prices = new Map([
  ["runner", 19999],
  ["sandal", 8333],
  ["gift-wrap", 1500],
]);
