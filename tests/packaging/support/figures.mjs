/**
 * What fixtures/purchase.mjs must answer, everywhere.
 */
const totals = { subtotal: 4200, discount: 840, shipping: 0, shippingDiscount: 0, tax: 0, credit: 0, total: 3360 };

export const purchased = {
  before: "not_initialized",
  evaluated: totals,
  applied: totals,
};

/** `slim` is initialised before the program runs. */
export const purchasedWhenInitialized = { ...purchased, before: null };
