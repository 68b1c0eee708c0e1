/**
 * The shape a group's codes are meant to have (guide S3): a template advises, and refuses only where that is asked for.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { coupon, openShop, reasons, refused } from "./shop.mjs";

const group = (changes = {}) => coupon({ id: "spring", code: null, template: "SPRING-###", ...changes });

test("S3.6 a group's template says what its codes look like, and those that do come without a warning", async () => {
  const { created, engine } = await openShop({ coupons: [group({ template: "spring-###", codes: [{ code: "SPRING-A7Z" }] })] });
  assert.deepEqual([created[0].coupon.template, created[0].warnings], ["SPRING-###", []]);
  assert.deepEqual((await engine.codes.add({ couponId: "spring", code: "spring-000" })).warnings, []);
  for (const template of ["", "SPRING?", "#".repeat(65)]) {
    assert.equal((await refused(() => engine.coupons.create(group({ id: "x", template }))))[1], "template", template);
  }
});

const UNLIKE = ["SPRING-A7", "SPRING-A7Z9", "WINTER-A7Z", "SPRING-A_Z", "SPRINGA7Z"];
for (const code of UNLIKE) {
  test(`S3.7 ${code} does not fit SPRING-###: it is stored and works, with a warning`, async () => {
    const { engine, apply } = await openShop({ coupons: [group()] });
    const added = await engine.codes.add({ couponId: "spring", code });
    assert.deepEqual([added.code, added.warnings], [code, [{ code, reason: "template_mismatch" }]]);
    assert.deepEqual(reasons(await apply([code])), ["applied"]);
  });
}

test("S3.7 codes given with a new group are warned about by name, and all are stored", async () => {
  const { created, codesOf } = await openShop({ coupons: [group({ codes: [{ code: "SPRING-AAA" }, { code: "TULIP" }] })] });
  assert.deepEqual(created[0].warnings, [{ code: "TULIP", reason: "template_mismatch" }]);
  assert.deepEqual(await codesOf("spring"), ["SPRING-AAA", "TULIP"]);
});

test("S3.7 where tooling asks for it, the code is refused instead and not stored", async () => {
  const { engine, codesOf } = await openShop({ coupons: [group()] });
  assert.deepEqual(await refused(() => engine.codes.add({ couponId: "spring", code: "TULIP", strict: true })), ["invalid_code", "code"]);
  await engine.codes.add({ couponId: "spring", code: "SPRING-B00", strict: true });
  assert.deepEqual(await codesOf("spring"), ["SPRING-B00"]);
});
