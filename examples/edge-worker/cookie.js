/**
 * The one cookie: the code of the last link a shopper followed. A hint and no permission; the engine judges it again for
 * every cart.
 */

/** The prefix makes browsers refuse the cookie from a subdomain or without `Secure`. */
const NAME = "__Host-coupon";
/** `Lax`: the visit comes from a mail or another site, and must bring the cookie; a picture on one cannot set it. */
const ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax";
const FOURTEEN_DAYS = 14 * 24 * 60 * 60;

/** A canonical code is letters, digits, `-` and `_`: it needs no escaping. */
export function keptCode(canonical) {
  return `${NAME}=${canonical}; Max-Age=${FOURTEEN_DAYS}; ${ATTRIBUTES}`;
}

export function forgottenCode() {
  return `${NAME}=; Max-Age=0; ${ATTRIBUTES}`;
}

/** `null` without one. */
export function pendingCode(headers) {
  const pairs = (headers.get("Cookie") ?? "").split(";").map((pair) => pair.trim());
  const own = pairs.find((pair) => pair.startsWith(`${NAME}=`));
  return own?.slice(NAME.length + 1) || null;
}
