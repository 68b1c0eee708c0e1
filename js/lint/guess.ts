/**
 * Oddities of the texts of codes: too easily guessed, or not as the template says.
 */
import { CouponError, generateCodes } from "../index.js";
import { onBench } from "./bench.js";
import { named, some, type Case, type Check, type Placed } from "./check.js";
import type { Coupon } from "./definitions.js";
import { ANY_CURRENCY, exampleCart } from "./example.js";
import { textsOf } from "./terms.js";

/** What generated codes of a store credit have at least (semantics §21). */
const BEARER_SYMBOLS = 16;
/** From so many codes on, what they are made of shows which symbols they are drawn from. */
const TELLING_POOL = 20;
const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MAX_CODES_OF_A_REQUEST = 30;
const MAX_LENGTH = 64;

export const guessable: Check = {
  finds: "guessable",
  run(given) {
    for (const coupon of given.coupons) {
      const texts = canonical(textsOf(coupon), given);
      const found = coupon.of.type === "bulk_pool" ? weakPool(coupon.of, texts) : weakTexts(coupon.of, texts);
      if (found !== null) report(given, coupon, found);
    }
  },
};

interface Weak {
  readonly codes: readonly string[];
  readonly guessesPerHit: bigint;
}

function report(given: Case, { of: coupon, path }: Placed<Coupon>, { codes, guessesPerHit }: Weak): void {
  const isGrave = coupon.type === "bulk_pool" || isBearers(coupon);
  const few = guessesPerHit < 1_000_000_000n ? `${guessesPerHit} guesses find one` : `a store credit for whoever has the code asks for ${BEARER_SYMBOLS} symbols`;
  given.warn({
    code: "guessable",
    severity: isGrave ? "warning" : "hint",
    couponIds: [coupon.id],
    path,
    details: { codes: some(codes), count: codes.length, guessesPerHit: guessesPerHit.toString() },
    message: `Codes of coupon ${coupon.id} can be guessed (${named(codes)}): ${few}.`,
  });
}

/** Each text alone: people made them up. */
function weakTexts(coupon: Coupon, texts: readonly string[]): Weak | null {
  const judged = texts.map((code) => ({ code, ...judgedSpace(randomPart(code), alphabetOf([code]), 1) }));
  const weak = judged.filter(({ isSafe, symbols }) => !isSafe || (isBearers(coupon) && symbols < BEARER_SYMBOLS));
  if (weak.length === 0) return null;
  return { codes: weak.map(({ code }) => code), guessesPerHit: least(weak.map(({ guessesPerHit }) => guessesPerHit)) };
}

/** All of a pool together: a guess that hits any of them is a hit. Without codes yet, what its template leaves open. */
function weakPool(coupon: Coupon, texts: readonly string[]): Weak | null {
  const pool = texts.length === 0 && coupon.template ? [coupon.template.toUpperCase()] : texts;
  if (pool.length === 0) return null;
  const isTemplate = texts.length === 0;
  const parts = isTemplate ? pool.map((shape) => "#".repeat(shape.split("#").length - 1)) : drawnParts(pool, coupon.code ?? "");
  const shortest = parts.reduce((short, part) => (part.length < short.length ? part : short));
  const alphabet = isTemplate ? DIGITS + LETTERS : alphabetOf(parts);
  const count = isTemplate ? Math.min(coupon.limits?.total ?? 1, 1_000_000) : pool.length;
  const { isSafe, guessesPerHit } = judgedSpace(shortest, alphabet, count);
  return isSafe ? null : { codes: pool, guessesPerHit };
}

interface Space {
  readonly isSafe: boolean;
  readonly guessesPerHit: bigint;
  readonly symbols: number;
}

/** By the arithmetic that generated codes are judged by. */
function judgedSpace(part: string, charset: string, pool: number): Space {
  const length = Math.min(part.length, MAX_LENGTH);
  if (length === 0 || charset === "") return { isSafe: false, guessesPerHit: 1n, symbols: 0 };
  try {
    const { guessesPerHit, warnings } = generateCodes({ count: 1, length, charset, existing: pool - 1 });
    return { isSafe: warnings.length === 0, guessesPerHit: BigInt(guessesPerHit), symbols: length };
  } catch (error) {
    if (!(error instanceof CouponError)) throw error;
    // The space is about as full as it can be: `key_space_exhausted`.
    return { isSafe: false, guessesPerHit: 1n, symbols: length };
  }
}

/** What those who guess draw from: digits, letters or both; of many codes with few symbols, those. */
function alphabetOf(parts: readonly string[]): string {
  const symbols = new Set(parts.join(""));
  const has = (alphabet: string): boolean => [...alphabet].some((symbol) => symbols.has(symbol));
  const alphabet = (has(DIGITS) ? DIGITS : "") + (has(LETTERS) ? LETTERS : "");
  const isTelling = parts.length >= TELLING_POOL && symbols.size <= alphabet.length / 2;
  return isTelling ? [...symbols].join("") : alphabet;
}

/** Without the pool's prefix, and of many codes without all they share: of few, that may be chance. */
function drawnParts(codes: readonly string[], prefix: string): readonly string[] {
  const start = randomPart(prefix.toUpperCase());
  const parts = codes.map(randomPart).map((part) => (part.startsWith(start) ? part.slice(start.length) : part));
  return parts.length >= TELLING_POOL ? withoutShared(parts) : parts;
}

function randomPart(code: string): string {
  return code.replace(/[^0-9A-Z]/g, "");
}

/** Without the beginning and the end that all have in common. */
function withoutShared(codes: readonly string[]): readonly string[] {
  const [first = "", ...others] = codes;
  const shared = (at: (code: string, index: number) => string | undefined): number => {
    let length = 0;
    while (length < first.length && others.every((code) => at(code, length) === at(first, length))) length += 1;
    return length;
  };
  const front = shared((code, index) => code[index]);
  const back = shared((code, index) => code[code.length - 1 - index]);
  return codes.map((code) => code.slice(front, Math.max(front, code.length - back)));
}

function isBearers({ discount }: Coupon): boolean {
  return discount?.type === "store_credit" && discount.bearer === true;
}

function least(numbers: readonly bigint[]): bigint {
  return numbers.reduce((found, number) => (number < found ? number : found));
}

export const template: Check = {
  finds: "template_mismatch",
  run(given) {
    for (const coupon of given.coupons) {
      const shape = coupon.of.template?.toUpperCase();
      if (!shape) continue;
      const unlike = canonical(textsOf(coupon), given).filter((code) => !fits(shape, code));
      if (unlike.length === 0) continue;
      const message = `Codes of coupon ${coupon.of.id} do not look like ${shape}: ${named(unlike)}.`;
      const details = { template: shape, codes: some(unlike), count: unlike.length };
      given.warn({ code: "template_mismatch", severity: "hint", couponIds: [coupon.of.id], path: `${coupon.path}.template`, details, message });
    }
  },
};

function fits(shape: string, code: string): boolean {
  return shape.length === code.length && [...shape].every((symbol, index) => symbol === code[index] || (symbol === "#" && /[0-9A-Z]/.test(code[index] ?? "")));
}

/** As the engine writes them, whatever the shop's policy for spaces. */
function canonical(texts: readonly string[], { work, definitions: { policy } }: Case): readonly string[] {
  if (texts.length === 0) return [];
  return onBench({ coupons: [] }, work, (ask) => {
    const found: string[] = [];
    for (let at = 0; at < texts.length; at += MAX_CODES_OF_A_REQUEST) {
      const codes = texts.slice(at, at + MAX_CODES_OF_A_REQUEST);
      const quote = ask({ codes, cart: exampleCart(ANY_CURRENCY, []), now: 0, ...(policy ? { policy } : {}) });
      found.push(...codes.map((code, index) => quote?.codes[index]?.code ?? code));
    }
    return found;
  });
}
