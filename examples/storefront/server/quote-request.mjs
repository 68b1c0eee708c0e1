/**
 * Reads what a browser asks a price for. A browser may say which products, how many, which codes and who it claims to
 * be; a field that says anything else, a price above all, is refused rather than ignored.
 */
import { buildCart, currency, products, shippingFee } from "../../shop/index.mjs";
import { readList, readObject, refused } from "./reading.mjs";

const MAX_QUANTITY = 99;
const MAX_CODES = 30;
const MAX_EMAIL_LENGTH = 254;

/**
 * What somebody wants to buy, in the words of a browser.
 * @typedef {Pick<import("./database/open.mjs").Order, "choices" | "codes" | "email">} Purchase
 */

/** An order's id is made in the page, so that a lost answer can be asked for again; who knows it may see the order. */
const ORDER_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_FINGERPRINT = 100;

/**
 * @param {unknown} body
 * @returns {{ purchase: Purchase, order: string | null }}
 */
export function readQuoteRequest(body) {
  const { lines, codes, email, order } = readObject(body, "", ["lines", "codes", "email", "order"]);
  return { purchase: readPurchase(lines, codes, email), order: order === undefined ? null : readOrderId(order) };
}

/**
 * @param {unknown} body
 * @returns {{ purchase: Purchase, order: string, fingerprint: string }}
 */
export function readCheckoutRequest(body) {
  const { lines, codes, email, order, fingerprint } = readObject(body, "", ["lines", "codes", "email", "order", "fingerprint"]);
  const purchase = readPurchase(lines, codes, email);
  if (purchase.choices.length === 0) throw refused("required", "must not be empty", "lines");
  return { purchase, order: readOrderId(order), fingerprint: readFingerprint(fingerprint) };
}

/** @param {unknown} id */
export function readOrderId(id) {
  if (typeof id !== "string" || !ORDER_ID.test(id)) throw refused("invalid_value", "must be a random UUID in small letters", "order");
  return id;
}

/** @param {unknown} fingerprint */
export function readFingerprint(fingerprint) {
  if (typeof fingerprint !== "string" || fingerprint.length > MAX_FINGERPRINT) throw refused("invalid_type", "must be the quote's", "fingerprint");
  return fingerprint;
}

/**
 * What the engine is asked: the shop's own prices, and the customer as the shop has them.
 * @param {Purchase} purchase
 * @returns {Pick<import("coupon-engine").ApplyRequest, "codes" | "cart" | "customer">}
 */
export function requestOf({ choices, codes, email }) {
  return {
    cart: buildCart({ currency, shippingFee, products }, choices),
    codes,
    customer: email === null ? null : { keys: [{ kind: "email", value: email }] },
  };
}

/**
 * @param {unknown} lines
 * @param {unknown} codes
 * @param {unknown} email
 * @returns {Purchase}
 */
function readPurchase(lines, codes, email) {
  return { choices: readChoices(lines), codes: readCodes(codes), email: readEmail(email) };
}

function readChoices(/** @type {unknown} */ lines) {
  const seen = new Set();
  return readList(lines, "lines", products.length).map((line, index) => {
    const path = `lines[${index}]`;
    const { productId, quantity } = readObject(line, path, ["productId", "quantity"]);
    if (typeof productId !== "string" || !products.some(({ id }) => id === productId)) {
      throw refused("invalid_value", "is not a product of this shop", `${path}.productId`);
    }
    if (seen.has(productId)) throw refused("duplicate", "is in the cart already", `${path}.productId`);
    seen.add(productId);
    if (typeof quantity !== "number" || !Number.isInteger(quantity)) {
      throw refused("invalid_type", "must be a whole number", `${path}.quantity`);
    }
    if (quantity < 1 || quantity > MAX_QUANTITY) {
      throw refused("out_of_range", `must be 1 … ${MAX_QUANTITY}`, `${path}.quantity`);
    }
    return { productId, quantity };
  });
}

/**
 * Codes, as typed or from a link. What they say is the engine's to judge; that they are codes is not: a coupon can also
 * be applied by its id, without a code and its restrictions, and that is not for a browser to ask.
 */
function readCodes(/** @type {unknown} */ codes) {
  return readList(codes, "codes", MAX_CODES).map((entry, index) => {
    const path = `codes[${index}]`;
    if (typeof entry === "string") return { code: entry, origin: /** @type {const} */ ("typed") };
    const { code, origin } = readObject(entry, path, ["code", "origin"]);
    if (typeof code !== "string") throw refused("invalid_type", "must be a string", `${path}.code`);
    if (origin !== "typed" && origin !== "url") throw refused("invalid_value", "must be typed or url", `${path}.origin`);
    return { code, origin: /** @type {"typed" | "url"} */ (origin) };
  });
}

/** In this demo anyone may claim any address. A shop takes the customer from its own session. */
function readEmail(/** @type {unknown} */ email) {
  if (email === undefined || email === null) return null;
  if (typeof email !== "string" || email.length > MAX_EMAIL_LENGTH || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw refused("invalid_value", "must be an e-mail address", "email");
  }
  return email;
}
