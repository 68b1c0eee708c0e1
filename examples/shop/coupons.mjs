/**
 * The demo shop's coupons: each shows one thing a merchant can ask for. Plain definitions; storing them is not done here.
 * What applies without a code, or is opened by one, is in `rules.mjs`.
 */
import { advertised } from "./advertised.mjs";

/** How many codes the pool gets. */
export const poolSize = 25;

/** The only customer that `SPRING-MONA` and the store credit `MONA-500` are for. */
export const mona = "mona@example.com";

/**
 * Terms stay editable: staff link `SPRING` to another sale while it runs.
 * @type {import("coupon-engine").Policy}
 */
export const policy = { stacking: { mode: "sequential", maxCodes: 3 }, lock: "never", zone: "Africa/Cairo" };

/** @type {readonly (import("coupon-engine").CouponDefinition & { readonly id: string })[]} */
export const coupons = [
  {
    // One coupon, two codes: the second asks for more.
    id: "summer",
    type: "standard",
    code: "SUMMER20",
    name: "Summer, 20 % off",
    discount: { type: "percent", basisPoints: 2000 },
    duration: { type: "forever" },
    metadata: advertised,
    codes: [{ code: "FRIENDS20", restrictions: { firstOrderOnly: true } }],
  },
  {
    id: "cap",
    type: "standard",
    code: "CAP20",
    name: "20 % off, 100 EGP at most",
    discount: { type: "percent", basisPoints: 2000, cap: { EGP: 10000 } },
    metadata: advertised,
  },
  {
    id: "months",
    type: "standard",
    code: "LOYAL15",
    name: "15 % off for three months",
    discount: { type: "percent", basisPoints: 1500 },
    duration: { type: "repeating", months: 3 },
    metadata: advertised,
  },
  {
    // A fixed amount that does not deplete with use.
    id: "credit",
    type: "standard",
    code: "CREDIT100",
    name: "100 EGP off",
    discount: { type: "amount", amounts: { EGP: 10000 } },
    metadata: advertised,
  },
  {
    // The family was picked, its styles were not: they stay at full price.
    id: "family",
    type: "standard",
    code: "MERIDIAN25",
    name: "25 % off the Meridian family",
    discount: { type: "percent", basisPoints: 2500 },
    restrictions: { products: { include: ["meridian-family"] } },
    metadata: advertised,
  },
  {
    // The dates stand on the coupon and hold for all its codes; one of them is for one person only.
    id: "spring",
    type: "standard",
    code: null,
    name: "Spring, 10 % off",
    discount: { type: "percent", basisPoints: 1000 },
    restrictions: { startsAt: "2025-01-01T00:00:00Z", expiresAt: "2099-12-31T23:59:59Z" },
    limits: { total: 10_000, perCustomer: 1 },
    codes: [
      { code: "SPRING-ALL" },
      { code: "SPRING-MONA", restrictions: { customers: [{ kind: "email", value: mona }] } },
    ],
  },
  {
    // Its code is the prefix of the codes in the pool, and redeems nothing by itself.
    id: "newsletter",
    type: "bulk_pool",
    code: "SUMMER",
    name: "Summer newsletter, 10 % off",
    discount: { type: "percent", basisPoints: 1000 },
    limits: { perCustomer: 1 },
  },
  {
    // Applied by a link, not by typing.
    id: "link",
    type: "url_token",
    code: "HELLO-FROM-A-FRIEND",
    name: "A friend's link, 5 % off",
    discount: { type: "percent", basisPoints: 500 },
  },
  {
    id: "winter",
    type: "standard",
    code: "WINTER10",
    name: "Winter, 10 % off",
    discount: { type: "percent", basisPoints: 1000 },
    restrictions: { expiresAt: "2025-02-28T23:59:59Z" },
    metadata: advertised,
  },
  {
    id: "alone",
    type: "standard",
    code: "ONLY30",
    name: "30 % off, on its own",
    discount: { type: "percent", basisPoints: 3000 },
    exclusive: true,
    metadata: advertised,
  },
  {
    // Waits with the cart until the cart is large enough.
    id: "big-cart",
    type: "standard",
    code: "BIGCART60",
    name: "60 EGP off from 500 EGP",
    discount: { type: "amount", amounts: { EGP: 6000 } },
    restrictions: { minimum: { amounts: { EGP: 50000 } } },
    metadata: advertised,
  },
  {
    // No discount of its own: what it gives is the rule it is linked to, and can be linked to another.
    id: "sale",
    type: "standard",
    code: "SPRING",
    name: "Spring sale",
    rules: ["sale-shirts"],
    metadata: advertised,
  },
  {
    // Money that is spent, not a discount: it pays last, and for shipping too.
    id: "mona-credit",
    type: "standard",
    code: "MONA-500",
    name: "Mona's store credit",
    discount: { type: "store_credit", amounts: { EGP: 50000 }, covers: "grand_total" },
    restrictions: { customers: [{ kind: "email", value: mona }] },
  },
  {
    // Three uses in all: two windows can race for the last one.
    id: "few",
    type: "standard",
    code: "FIRST3",
    name: "150 EGP off for the first three",
    discount: { type: "amount", amounts: { EGP: 15000 } },
    limits: { total: 3 },
    metadata: advertised,
  },
  {
    id: "once",
    type: "standard",
    code: "WELCOME15",
    name: "15 % off, once per customer",
    discount: { type: "percent", basisPoints: 1500 },
    limits: { perCustomer: 1 },
    metadata: advertised,
  },
  {
    // Begins anew each day, for as long as the money lasts.
    id: "daily",
    type: "standard",
    code: "TODAY12",
    name: "12 % off, five a day, 600 EGP in all",
    discount: { type: "percent", basisPoints: 1200 },
    limits: { windows: [{ per: "day", total: 5 }], budget: { EGP: 60000 } },
    metadata: advertised,
  },
];
