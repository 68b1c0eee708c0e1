/**
 * What else the entered codes could have made: every selection that goes together and is not part of a larger one, with
 * what there would be to pay. Asked of the engine, selection by selection; nothing is worked out here.
 */

/** @typedef {import("coupon-engine").Quote} Quote */

/** 2^4 selections at most; a larger hand of codes is answered without alternatives. */
const MAX_CODES = 4;

/**
 * @param {import("coupon-engine").CouponEngine} engine
 * @param {import("coupon-engine").ApplyRequest} request
 * @param {Quote} quote The answer to that request.
 * @returns {Promise<readonly import("../src/api.js").Alternative[]>} The cheapest first; none where nothing was chosen.
 */
export async function alternatives(engine, request, { codes, strategy }) {
  // A code that waits, or that is none, is in no selection.
  const entered = codes.filter(isUsable).map(({ index }) => index);
  if (strategy.stacking !== "best_combination" || entered.length < 2 || entered.length > MAX_CODES) return [];
  const selections = await Promise.all(selectionsOf(entered).map(async (indexes) => {
    const answer = await engine.apply({ ...request, codes: indexes.flatMap((index) => request.codes[index] ?? []) });
    return { indexes, answer };
  }));
  const whole = selections.filter(({ answer }) => answer.codes.every(({ state }) => state === "applied"));
  const largest = whole.filter(({ indexes }) => !whole.some((other) => isPartOf(indexes, other.indexes)));
  const used = codes.filter(({ state }) => state === "applied").map(({ index }) => index);
  return largest
    .map(({ indexes, answer }) => ({
      codes: answer.codes.flatMap(({ code }) => code ?? []),
      total: answer.totals.total,
      used: indexes.join() === used.filter((index) => entered.includes(index)).join(),
    }))
    .sort((one, other) => Number(one.total) - Number(other.total) || Number(other.used) - Number(one.used));
}

/** @param {import("coupon-engine").CodeOutcome} outcome */
function isUsable({ state, rejection }) {
  return state === "applied" || rejection?.code === "superseded_by_better" || rejection?.code === "too_many_codes";
}

/**
 * Every selection of at least one.
 * @param {readonly number[]} indexes
 * @returns {readonly (readonly number[])[]}
 */
function selectionsOf(indexes) {
  const [first, ...rest] = indexes;
  if (first === undefined) return [];
  const without = selectionsOf(rest);
  return [[first], ...without.map((selection) => [first, ...selection]), ...without];
}

/**
 * @param {readonly number[]} part
 * @param {readonly number[]} whole
 */
function isPartOf(part, whole) {
  return part.length < whole.length && part.every((index) => whole.includes(index));
}
