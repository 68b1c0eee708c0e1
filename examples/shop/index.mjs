/**
 * The demo shop that the examples share. Re-exports only.
 */
export { buildCart } from "./cart.mjs";
export { currency, products, shippingFee } from "./catalogue.mjs";
export { advertised, coupons, policy, poolSize, springCustomer } from "./coupons.mjs";
export { priorOrders } from "./customers.mjs";
export { stockDemoShop } from "./stock.mjs";
