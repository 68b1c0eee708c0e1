/**
 * Reading JSON that anybody may have sent: a field that is not known is refused, not ignored, and said where.
 */
import { RequestError } from "./http.mjs";

/**
 * @param {unknown} value
 * @param {string} path
 * @param {readonly string[]} known
 * @returns {Readonly<Record<string, unknown>>}
 */
export function readObject(value, path, known) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refused("invalid_type", "must be an object", path || undefined);
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) throw refused("unknown_field", "is not known here", path ? `${path}.${name}` : name);
  }
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} value
 * @param {string} path
 * @param {number} most
 * @returns {readonly unknown[]}
 */
export function readList(value, path, most) {
  if (!Array.isArray(value)) throw refused("invalid_type", "must be a list", path);
  if (value.length > most) throw refused("too_large", `must have at most ${most} entries`, path);
  return value;
}

/**
 * @param {string} code
 * @param {string} message
 * @param {string} [path]
 */
export function refused(code, message, path) {
  return new RequestError(400, code, path === undefined ? `the body ${message}` : `\`${path}\` ${message}`, path);
}
