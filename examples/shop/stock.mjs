/**
 * Puts the demo coupons and rules into a store. What is there already stays as it is, so that it may run at every start.
 */
import { coupons, policy, poolSize } from "./coupons.mjs";
import { rules } from "./rules.mjs";

/** @typedef {import("coupon-engine").CouponEngine} CouponEngine */

/**
 * @param {CouponEngine} engine On a storage with a registry.
 * @returns {Promise<{ created: readonly string[], poolCode: string, linkToken: string }>} The ids of the rules and
 *   coupons that were missing, a code of the pool to try, and the token that a link carries.
 */
export async function stockDemoShop(engine) {
  if ((await engine.coupons.list({ limit: 1 })).items.length === 0) await engine.settings.update(policy);
  const created = [];
  // Before the coupons: one of them links to a rule.
  for (const definition of rules) {
    if ((await engine.rules.get(definition.id)) !== null) continue;
    await engine.rules.create(definition);
    created.push(definition.id);
  }
  for (const { codes = [], ...definition } of coupons) {
    if ((await engine.coupons.get(definition.id)) === null) {
      await engine.coupons.create(definition);
      created.push(definition.id);
    }
    await addMissingCodes(engine, definition.id, codes);
  }
  return { created, poolCode: await filledPool(engine), linkToken: codeOf("link") };
}

/**
 * @param {CouponEngine} engine
 * @param {string} couponId
 * @param {readonly import("coupon-engine").CodeDefinition[]} codes
 */
async function addMissingCodes(engine, couponId, codes) {
  const stored = new Set((await engine.codes.list({ couponId })).items.map(({ code }) => code));
  for (const code of codes) {
    if (!stored.has(code.code ?? "")) await engine.codes.add({ couponId, ...code });
  }
}

/** Fills an empty pool; answers one of its codes. */
async function filledPool(/** @type {CouponEngine} */ engine) {
  const [stored] = (await engine.codes.list({ couponId: "newsletter", limit: 1 })).items;
  if (stored !== undefined) return stored.code;
  // Six characters, so that a reader can type one; a real shop leaves the length to the engine.
  const { sample } = await engine.generate({ couponId: "newsletter", count: poolSize, length: 6, actor: "demo" });
  return sample[0] ?? "";
}

function codeOf(/** @type {string} */ id) {
  return coupons.find((coupon) => coupon.id === id)?.code ?? "";
}
