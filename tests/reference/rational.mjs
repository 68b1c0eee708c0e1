/**
 * Owns exact fractions of BigInts and how one is settled to a whole number.
 * Must not know about money, lines or coupons, and must never touch a floating-point number.
 */

/** A non-negative fraction. Kept unreduced: size does not matter here, only exactness. */
export function fraction(numerator, denominator = 1n) {
  if (numerator < 0n || denominator <= 0n) throw new RangeError(`not a non-negative fraction: ${numerator}/${denominator}`);
  return { numerator, denominator };
}

export function floor({ numerator, denominator }) {
  return numerator / denominator;
}

export function fractionalPart({ numerator, denominator }) {
  return fraction(numerator % denominator, denominator);
}

/** Negative, zero or positive, as `a` is below, equal to or above `b`. */
export function compare(a, b) {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The whole number a fraction settles to. Only an exact half depends on the mode, except that `floor` never goes up. */
export function round(value, mode) {
  const below = floor(value);
  if (mode === "floor") return below;
  const side = compare(fractionalPart(value), fraction(1n, 2n));
  if (side < 0) return below;
  if (side > 0) return below + 1n;
  switch (mode) {
    case "half_up":
      return below + 1n;
    case "half_down":
      return below;
    case "half_even":
      return below % 2n === 0n ? below : below + 1n;
    default:
      throw new RangeError(`unknown rounding ${mode}`);
  }
}
