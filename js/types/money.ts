/**
 * Money and time as they cross the boundary. Owns the wire shapes only; no arithmetic happens in JavaScript.
 */

/**
 * An amount in minor units of its currency (1050 is 10.50 EGP, 1050 is 1.050 KWD, 1050 is 1050 JPY).
 * A safe integer, or for amounts beyond 2^53 − 1 a string of digits. Never a fraction, no float sum (semantics §1).
 */
export type Minor = number | `${bigint}`;

/** An ISO 4217 code in upper case: `"EGP"`. */
export type Currency = string;

/** Minor units per currency: `{ EGP: 10000, USD: 500 }`. One without an entry is refused, never converted (§1). */
export type Amounts = Readonly<Record<Currency, Minor>>;

/**
 * An instant: epoch milliseconds, or RFC 3339 with an offset (`"2026-05-31T23:59:59Z"`). Answers carry milliseconds
 * (semantics §17).
 */
export type Instant = number | string;

/** Epoch milliseconds. */
export type EpochMs = number;
