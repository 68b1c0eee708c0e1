/**
 * Why a limited code is not to be had, in words a customer can use. The engine answers strangers with one and the same
 * "cannot be applied", so that nobody finds out which codes exist. That a code exists is no secret where the shop
 * advertises it to everyone: of those, and of nothing else, the shop tells what is the matter.
 */
import { advertised } from "../../shop/index.mjs";

/** @typedef {import("coupon-engine").CodeOutcome} CodeOutcome */
/** @typedef {import("coupon-engine").Rejection} Rejection */

const MINUTE_MS = 60_000;

/** @type {{ readonly [Period in "day" | "week" | "month"]: readonly [string, string] }} */
const PERIODS = { day: ["today", "tomorrow"], week: ["this week", "next week"], month: ["this month", "next month"] };

/**
 * The outcomes, with a reason where the engine kept it back and the shop may tell it.
 * @param {import("coupon-engine").CouponEngine} engine
 * @param {import("coupon-engine").CheckoutRequest} request
 * @param {readonly CodeOutcome[]} outcomes The answer to that request.
 * @param {number} now
 * @returns {Promise<readonly CodeOutcome[]>}
 */
export async function withLimitsTold(engine, request, outcomes, now) {
  if (!outcomes.some(isKeptBack)) return outcomes;
  const { codes: known } = await engine.validate({ ...request, disclosure: "full" });
  return Promise.all(outcomes.map(async (outcome) => {
    const { couponId, rejection } = known[outcome.index] ?? { couponId: null, rejection: null };
    if (!isKeptBack(outcome) || couponId === null || rejection === null) return outcome;
    const message = inWords(rejection, now);
    if (message === null || !(await isAdvertised(engine, couponId))) return outcome;
    return { ...outcome, rejection: { ...rejection, details: {}, message } };
  }));
}

/** @param {CodeOutcome} outcome */
function isKeptBack({ rejection }) {
  return rejection?.code === "not_applicable";
}

/**
 * @param {import("coupon-engine").CouponEngine} engine
 * @param {string} couponId
 */
async function isAdvertised(engine, couponId) {
  const view = await engine.coupons.get(couponId);
  return view?.coupon.metadata["audience"] === advertised.audience;
}

/**
 * `null` for what is no limit.
 * @param {Rejection} rejection
 * @param {number} now
 */
function inWords({ code, details: { per, nextExpiry } }, now) {
  const [period, next] = per === undefined ? [null, null] : PERIODS[per];
  switch (code) {
    case "limit_reached":
      return period === null ? "All its uses are gone." : `All its uses of ${period} are gone. Try again ${next}.`;
    case "customer_limit_reached":
      return period === null ? "You have used it as often as one customer may." : `You have used it as often as one customer may ${period}.`;
    case "budget_exhausted":
      return "What was set aside for this offer is spent.";
    case "reserved_elsewhere":
      return `The last of it is in another customer's checkout. ${againIn(nextExpiry ?? null, now)}`;
    default:
      return null;
  }
}

/**
 * @param {number | null} instant
 * @param {number} now
 */
function againIn(instant, now) {
  if (instant === null) return "Try again later.";
  const minutes = Math.max(1, Math.ceil((instant - now) / MINUTE_MS));
  return `Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
}
