/**
 * What the demo shop sells. Owns the products and their prices; a server reads them from here and from nowhere else, so
 * that no price ever comes from a browser.
 */

/** Everything is priced in this currency; prices are minor units (piastres). */
export const currency = "EGP";

/** Posting a parcel, minor units; charged once for a cart with at least one product that `ships`. */
export const shippingFee = 4500;

/**
 * @typedef {object} Product
 * @property {string} id
 * @property {string} name
 * @property {string} note
 * @property {number} price Of one, minor units.
 * @property {readonly string[]} ids Everything a coupon may name it by. A style does not list its family: a coupon for
 *   the family covers the family only, as the merchant chose it.
 * @property {boolean} ships
 * @property {"product" | "gift_card"} kind
 */

/** @type {readonly Product[]} */
export const products = [
  {
    id: "meridian-family",
    name: "Meridian, the family",
    note: "Six styles, one licence for the desktop and the web.",
    price: 48000,
    ids: ["meridian-family", "fonts"],
    ships: false,
    kind: "product",
  },
  {
    id: "meridian-regular",
    name: "Meridian Regular",
    note: "One style for running text.",
    price: 9500,
    ids: ["meridian-regular", "fonts"],
    ships: false,
    kind: "product",
  },
  {
    id: "meridian-italic",
    name: "Meridian Italic",
    note: "Its slanted companion.",
    price: 9500,
    ids: ["meridian-italic", "fonts"],
    ships: false,
    kind: "product",
  },
  {
    id: "kasra-display",
    name: "Kasra Display",
    note: "Sharp letters for large sizes, Latin and Arabic.",
    price: 22000,
    ids: ["kasra-display", "fonts"],
    ships: false,
    kind: "product",
  },
  {
    id: "linen-shirt",
    name: "Linen shirt",
    note: "Washed linen, cut wide.",
    price: 34990,
    ids: ["linen-shirt", "clothes", "shirts"],
    ships: true,
    kind: "product",
  },
  {
    id: "cotton-tee",
    name: "Cotton tee",
    note: "Heavy cotton from the Delta.",
    price: 14995,
    ids: ["cotton-tee", "clothes", "shirts"],
    ships: true,
    kind: "product",
  },
  {
    id: "canvas-tote",
    name: "Canvas tote",
    note: "Holds a week of bread and books.",
    price: 8950,
    ids: ["canvas-tote", "clothes"],
    ships: true,
    kind: "product",
  },
  {
    id: "wool-cap",
    name: "Wool cap",
    note: "For the three cold weeks.",
    price: 11999,
    ids: ["wool-cap", "clothes"],
    ships: true,
    kind: "product",
  },
  {
    id: "notebook",
    name: "Notebook",
    note: "Sewn, 96 pages. Any three things of paper are 10 % off.",
    price: 1800,
    ids: ["notebook", "paper"],
    ships: true,
    kind: "product",
  },
  {
    id: "pencils",
    name: "Six pencils",
    note: "Soft ones. They count as paper.",
    price: 1250,
    ids: ["pencils", "paper"],
    ships: true,
    kind: "product",
  },
  {
    id: "mint-tea",
    name: "Mint tea",
    note: "A box. The more of it, the less it costs.",
    price: 2500,
    ids: ["mint-tea", "tea"],
    ships: true,
    kind: "product",
  },
  {
    id: "gift-card",
    name: "Gift card",
    note: "200 EGP to give away. Codes never lower its price.",
    price: 20000,
    ids: ["gift-card"],
    ships: false,
    kind: "gift_card",
  },
];
