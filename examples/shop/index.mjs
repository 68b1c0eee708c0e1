/**
 * The demo shop that the examples share. Re-exports only.
 */
export { advertised } from "./advertised.mjs";
export { buildCart } from "./cart.mjs";
export { currency, products, shippingFee } from "./catalogue.mjs";
export { coupons, mona, policy, poolSize } from "./coupons.mjs";
export { earlierOrders } from "./customers.mjs";
export { rules } from "./rules.mjs";
export { stockDemoShop } from "./stock.mjs";
