/**
 * Owns the one written form of everything that is compared: code texts, customer keys, counter names, line order.
 * Must not look anything up and must not depend on a locale.
 */

const LONGEST_ENTRY = 256;
const CODE_PATTERN = /^[A-Z0-9][A-Z0-9_-]{0,63}$/;

/** Zero-width characters, the soft hyphen and marks of writing direction: gone before anything else is read. */
const INVISIBLE = [
  [0x00ad, 0x00ad], [0x200b, 0x200f], [0x202a, 0x202e], [0x2060, 0x2060], [0x2066, 0x2069], [0xfeff, 0xfeff],
];
const SPACES = [
  [0x0009, 0x000d], [0x0020, 0x0020], [0x0085, 0x0085], [0x00a0, 0x00a0], [0x1680, 0x1680], [0x2000, 0x200a],
  [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000],
];
const DASHES = [[0x2010, 0x2015], [0x2212, 0x2212], [0xfe63, 0xfe63]];
const FULL_WIDTH = [[0xff01, 0xff5e]];
const FULL_WIDTH_OFFSET = 0xff01 - 0x21;

/** Too long to be looked at at all. */
export function isTooLong(text) {
  return text.length > LONGEST_ENTRY;
}

/** The canonical text of an entered or defined code, or `null` when it can be no code at all. */
export function canonicalCode(text, innerSpace) {
  if (isTooLong(text)) return null;
  let mapped = "";
  for (const character of text) {
    const point = character.codePointAt(0);
    if (within(point, INVISIBLE)) continue;
    if (within(point, FULL_WIDTH)) mapped += String.fromCodePoint(point - FULL_WIDTH_OFFSET);
    else if (within(point, SPACES)) mapped += " ";
    else if (within(point, DASHES)) mapped += "-";
    else mapped += character;
  }
  const trimmed = mapped.replace(/^ +| +$/g, "");
  if (innerSpace === "reject" && trimmed.includes(" ")) return null;
  const canonical = upperAscii(trimmed.replaceAll(" ", ""));
  return CODE_PATTERN.test(canonical) ? canonical : null;
}

/** A customer key as it is compared with a list of customers. */
export function canonicalKey({ kind, value }) {
  const trimmed = value.replace(/^[\t-\r ]+|[\t-\r ]+$/g, "");
  return { kind, value: kind === "email" ? lowerAscii(trimmed) : trimmed };
}

/** The customer's keys in the order given, each one once. */
export function canonicalKeys(customer) {
  const keys = [];
  for (const key of (customer?.keys ?? []).map(canonicalKey)) {
    if (!keys.some((known) => sameKey(known, key))) keys.push(key);
  }
  return keys;
}

export function sameKey(a, b) {
  return a.kind === b.kind && a.value === b.value;
}

/** Whether a listed key means this one: the same, or every e-mail of a domain, listed as `*@domain`. */
export function isCovered(key, listed) {
  if (sameKey(key, listed)) return true;
  if (key.kind !== "email" || listed.kind !== "email" || !listed.value.startsWith("*@")) return false;
  const at = key.value.lastIndexOf("@");
  return at >= 0 && key.value.slice(at + 1) === listed.value.slice(2);
}

export function couponCounter(couponId) {
  return `coupon/${escapePart(couponId)}`;
}

export function codeCounter(codeId) {
  return `code/${escapePart(codeId)}`;
}

/** The counter of one canonical customer key behind the coupon's or the code's own. */
export function customerCounter(counter, key, stripPlusTag) {
  const counted = stripPlusTag && key.kind === "email" ? withoutPlusTag(key.value) : key.value;
  return `${counter}/customer/${escapePart(key.kind)}/${escapePart(counted)}`;
}

/** A customer key's redemption of a coupon for first orders, whichever it was. */
export function firstOrderCounter(key, stripPlusTag) {
  return customerCounter("first_order", key, stripPlusTag);
}

/** The part of a counter that belongs to one day, week or month. */
export function periodCounter(counter, per, name) {
  return `${counter}/${per}/${name}`;
}

/** What a coupon took off, in minor units. */
export function budgetCounter(couponId, currency) {
  return `${couponCounter(couponId)}/budget/${currency}`;
}

/** Where spent credit is counted; what was added to the credit later is counted beside it. */
export function creditCounters(couponId) {
  const spent = `${couponCounter(couponId)}/credit`;
  return { spent, added: `${spent}/added` };
}

/** Order of the UTF-8 bytes, which is the order of the code points; JavaScript's own order is that of UTF-16 units. */
export function compareBytes(a, b) {
  const left = Array.from(a, (character) => character.codePointAt(0));
  const right = Array.from(b, (character) => character.codePointAt(0));
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    if (left[place] !== right[place]) return left[place] - right[place];
  }
  return left.length - right.length;
}

function within(point, ranges) {
  return ranges.some(([first, last]) => point >= first && point <= last);
}

function upperAscii(text) {
  return text.replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 32));
}

function lowerAscii(text) {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

/** A value without "@" has no local part (a hash, for instance) and is left alone. */
function withoutPlusTag(email) {
  const at = email.lastIndexOf("@");
  if (at < 0) return email;
  const plus = email.slice(0, at).indexOf("+");
  return plus > 0 ? email.slice(0, plus) + email.slice(at) : email;
}

function escapePart(text) {
  return text.replaceAll("%", "%25").replaceAll("/", "%2F");
}
