/**
 * Until when terms may be edited (guide S2, coupons and promotion codes; semantics §22), and the states that always may.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CouponError, DAY, NOW, amount, cart, coupon, openShop, percent, reasons } from "./shop.mjs";

/** What a coupon's terms are made of, and another value for each. */
const TERMS = {
  code: "OTHER",
  discount: percent(3_000),
  duration: { type: "forever" },
  limits: { total: 5 },
  restrictions: { expiresAt: NOW + DAY },
  dates: "override",
  priority: 7,
  exclusive: true,
  category: "seasonal",
  combinesWith: "none",
  stopAfter: true,
  template: "SAVE##",
  refusalMessage: "Not today.",
  withForeign: "suppress",
};

/** The error of an edit: its code and the fields it names. */
async function locked(run) {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof CouponError, `not a CouponError: ${error}`);
    return [error.code, error.details?.fields?.toSorted()];
  }
  return assert.fail("nothing was refused");
}

const LOCKED = [
  ["type", { type: "url_token" }],
  ["discount", { discount: percent(2_500) }],
  ["discount", { discount: amount(2_000) }],
  ["discount", { discount: amount(2_000, "USD") }],
  ["duration", { duration: { type: "repeating", months: 3 } }],
];
for (const [field, changes] of LOCKED) {
  test(`S2.65 after creation ${JSON.stringify(changes)} is refused`, async () => {
    const { engine } = await openShop({ coupons: [coupon()], policy: { preset: "xpay" } });
    assert.deepEqual(await locked(() => engine.coupons.update("c1", changes)), ["terms_locked", [field]]);
    assert.equal((await engine.coupons.get("c1")).coupon.version, 1);
  });
}

test("S2.66 on a live coupon the name and the switch can change, and nothing of the terms, limits or restrictions", async () => {
  const { engine } = await openShop({ coupons: [coupon()], policy: { preset: "xpay" } });
  for (const [field, value] of Object.entries(TERMS)) {
    assert.deepEqual(await locked(() => engine.coupons.update("c1", { [field]: value })), ["terms_locked", [field]], field);
  }
  assert.deepEqual(await locked(() => engine.coupons.update("c1", { name: "Summer", ...TERMS })), ["terms_locked", Object.keys(TERMS).toSorted()]);
  assert.deepEqual((await engine.coupons.get("c1")).coupon.name, null);
  assert.equal((await engine.coupons.update("c1", { name: "Summer" })).name, "Summer");
  assert.equal((await engine.coupons.setActive("c1", false)).state, "inactive");
});

test("S2.68 on a code only the switch can change", async () => {
  const { engine, apply } = await openShop({ coupons: [coupon({ codes: [{ id: "k", code: "FRIENDS" }] })], policy: { preset: "xpay" } });
  const terms = { limits: { total: 5 }, issuedAt: NOW, restrictions: { minimum: { amounts: { EGP: 100 } } } };
  for (const [field, value] of Object.entries(terms)) {
    assert.deepEqual(await locked(() => engine.codes.update("k", { [field]: value })), ["terms_locked", [field]], field);
  }
  assert.equal((await locked(() => engine.codes.update("k", { code: "FOES" })))[0], "terms_locked");
  await engine.codes.setActive("k", false);
  assert.deepEqual([reasons(await apply(["FRIENDS"])), reasons(await apply(["SAVE20"]))], [["inactive"], ["applied"]]);
  await engine.codes.setActive("k", true);
  assert.deepEqual(reasons(await apply(["FRIENDS"])), ["applied"]);
});

test("semantics §22: the lock is the shop's: on creation, on the first use, or never", async () => {
  const edit = async (lock, { hold = false, use = false } = {}) => {
    const shop = await openShop({ coupons: [coupon()], policy: { lock } });
    if (use) await shop.redeem("coupon/c1");
    if (hold) await shop.hold("order-1", "coupon/c1", NOW + DAY);
    try {
      return (await shop.engine.coupons.update("c1", { discount: percent(3_000) })).version;
    } catch (error) {
      return error.code;
    }
  };
  assert.deepEqual([await edit("on_create"), await edit("on_first_redemption"), await edit("never")], ["terms_locked", 2, 2]);
  assert.deepEqual([await edit("on_first_redemption", { use: true }), await edit("on_first_redemption", { hold: true })], ["terms_locked", "terms_locked"]);
  assert.deepEqual([await edit("never", { use: true }), await edit("never", { hold: true })], [2, 2]);
});

test("semantics §22: name, description, state and metadata are always editable, and every edit is a new version", async () => {
  const { engine, redeem } = await openShop({ coupons: [coupon()] });
  await redeem("coupon/c1");
  const { version, name, description, metadata, state, discount } = await engine.coupons.update("c1", { name: "N", description: "D", metadata: { a: "b" }, state: "inactive" });
  assert.deepEqual({ version, name, description, metadata, state, discount }, { version: 2, name: "N", description: "D", metadata: { a: "b" }, state: "inactive", discount: percent(2_000) });
});

test("semantics §22: an edit changes what the code gives, and an edit of an older version is refused", async () => {
  const { engine, apply } = await openShop({ coupons: [coupon()], policy: { lock: "never" } });
  await engine.coupons.update("c1", { discount: percent(3_000) }, { version: 1 });
  const [{ amount: minor, version }] = (await apply(["SAVE20"], cart(10_000))).adjustments;
  assert.deepEqual([minor, version], [3_000, 2]);
  assert.deepEqual(await locked(() => engine.coupons.update("c1", { name: "late" }, { version: 1 })), ["version_conflict", undefined]);
});

test("semantics §22: archived is apart from inactive: both refuse, and unarchiving restores what was before", async () => {
  const { engine, apply } = await openShop({ coupons: [coupon(), coupon({ id: "off", code: "OFF", state: "inactive" })] });
  for (const [id, code, before] of [["c1", "SAVE20", "applied"], ["off", "OFF", "inactive"]]) {
    assert.deepEqual(reasons(await apply([code])), [before]);
    await engine.coupons.archive(id);
    assert.deepEqual(reasons(await apply([code])), ["archived"]);
    await engine.coupons.unarchive(id);
    assert.deepEqual(reasons(await apply([code])), [before]);
  }
});

test("semantics §22: a rule's terms are locked as a coupon's are; its switch is not", async () => {
  const rules = [{ id: "r1", gate: "coupon", discount: percent(1_000) }];
  const { engine } = await openShop({ rules });
  assert.deepEqual(await locked(() => engine.rules.update("r1", { discount: percent(2_000) })), ["terms_locked", ["discount"]]);
  assert.equal((await engine.rules.setActive("r1", false)).state, "inactive");
  const free = await openShop({ rules, policy: { preset: "dovetech" } });
  assert.equal((await free.engine.rules.update("r1", { discount: percent(2_000) })).discount.basisPoints, 2_000);
});
