/**
 * Where these tests find what they test: the built package, as it is published. Owns that one path; must not fall back
 * to the sources.
 */
const dist = new URL("../../dist/package/dist/", import.meta.url);

export const {
  CouponError,
  createCouponEngine,
  describe: describeCoupon,
  discountActiveAt,
  englishMessages,
  evaluate,
  generateCodes,
  instantOf,
  parseUrlToken,
  preload,
  prepare,
} = await import(new URL("index.js", dist).href);
export const { memoryStorage } = await import(new URL("stores/memory.js", dist).href);
export const { sqliteStorage } = await import(new URL("stores/sqlite.js", dist).href);
