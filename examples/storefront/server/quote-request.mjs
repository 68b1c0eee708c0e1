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
 * @param {unknown} body
 * @returns {Pick<import("coupon-engine").ApplyRequest, "codes" | "cart" | "customer">}
 */
export function readQuoteRequest(body) {
  const { lines, codes, email } = readObject(body, "", ["lines", "codes", "email"]);
  return {
    cart: buildCart({ currency, shippingFee, products }, readChoices(lines)),
    codes: readCodes(codes),
    customer: readCustomer(email),
  };
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
    if (typeof entry === "string") return entry;
    const { code, origin } = readObject(entry, path, ["code", "origin"]);
    if (typeof code !== "string") throw refused("invalid_type", "must be a string", `${path}.code`);
    if (origin !== "typed" && origin !== "url") throw refused("invalid_value", "must be typed or url", `${path}.origin`);
    return { code, origin: /** @type {"typed" | "url"} */ (origin) };
  });
}

/**
 * In this demo anyone may claim any address. A shop takes the customer from its own session.
 * @returns {import("coupon-engine").Customer | null}
 */
function readCustomer(/** @type {unknown} */ email) {
  if (email === undefined || email === null) return null;
  if (typeof email !== "string" || email.length > MAX_EMAIL_LENGTH || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw refused("invalid_value", "must be an e-mail address", "email");
  }
  return { keys: [{ kind: "email", value: email }] };
}
