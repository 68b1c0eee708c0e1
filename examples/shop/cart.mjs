/**
 * From chosen quantities to the cart that the engine prices. A pure function, so that a server and a preview in the
 * browser build the same cart; only the server's counts.
 */

/** @typedef {import("./catalogue.mjs").Product} Product */
/** @typedef {{ currency: string, shippingFee: number, products: readonly Product[] }} Catalogue */
/** @typedef {{ productId: string, quantity: number }} Choice */

/**
 * Every choice must name a product of the catalogue, each at most once.
 * @param {Catalogue} catalogue
 * @param {readonly Choice[]} choices
 * @returns {import("coupon-engine").Cart}
 */
export function buildCart({ currency, shippingFee, products }, choices) {
  const chosen = choices.flatMap(({ productId, quantity }) => {
    const product = products.find(({ id }) => id === productId);
    return product === undefined ? [] : [{ product, quantity }];
  });
  return {
    currency,
    lines: chosen.map(({ product, quantity }) => ({
      id: product.id,
      unitPrice: product.price,
      quantity,
      ids: product.ids,
      kind: product.kind,
    })),
    shipping: chosen.some(({ product }) => product.ships) ? shippingFee : 0,
  };
}
