/**
 * Codes that lost to a better selection. The engine refuses them like any other; but where the best selection is looked
 * for, they stay with the cart: with another cart they may be in it.
 */
import type { CodeOutcome, Quote } from "coupon-engine";

export function isSetAside({ rejection }: CodeOutcome, { strategy }: Quote): boolean {
  const lost = rejection?.code === "superseded_by_better" || rejection?.code === "too_many_codes";
  return lost && strategy.stacking === "best_combination";
}
