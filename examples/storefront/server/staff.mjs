/**
 * What staff may change from the page: which sale the code SPRING opens, and how codes go together. In this demo everyone
 * is staff; a shop asks who it is before it takes any of this.
 */
import { RequestError } from "./http.mjs";
import { readObject } from "./reading.mjs";

/** @typedef {import("coupon-engine").CouponEngine} CouponEngine */

/** The coupon that has no discount of its own. */
const LINKED = "sale";

/** What staff choose from; the engine knows more. */
const MODES = /** @type {const} */ (["sequential", "best_combination"]);

/**
 * @param {CouponEngine} engine
 * @returns {Promise<import("../src/api.js").Setup>}
 */
export async function shopSetup(engine) {
  const [policy, view, { items: rules }] = await Promise.all([
    engine.settings.get(), engine.coupons.get(LINKED), engine.rules.list(),
  ]);
  const { code, version, rules: [opens] } = view?.coupon ?? { code: null, version: 0, rules: [] };
  const sales = rules.filter(({ gate }) => gate === "coupon").map(({ id, name }) => ({ id, name: name ?? id }));
  return { mode: policy.stacking.mode, link: { code: code ?? "", version, opens: opens ?? "", sales } };
}

/**
 * Takes over what differs; a link to another sale is a new version of the coupon, and its code stays as it is.
 * @param {CouponEngine} engine
 * @param {unknown} body
 */
export async function changeSetup(engine, body) {
  const { mode, opens } = readObject(body, "", ["mode", "opens"]);
  const { mode: current, link } = await shopSetup(engine);
  if (mode !== undefined && mode !== current) {
    const chosen = MODES.find((one) => one === mode);
    if (chosen === undefined) throw new RequestError(400, "invalid_value", `\`mode\` must be one of ${MODES.join(", ")}`, "mode");
    const policy = await engine.settings.get();
    await engine.settings.update({ ...policy, stacking: { ...policy.stacking, mode: chosen } });
  }
  if (opens !== undefined && opens !== link.opens) {
    const sale = link.sales.find(({ id }) => id === opens);
    if (sale === undefined) throw new RequestError(400, "invalid_value", "`opens` is no sale of this shop", "opens");
    await engine.coupons.update(LINKED, { rules: [sale.id] });
  }
  return shopSetup(engine);
}
