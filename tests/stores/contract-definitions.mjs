/**
 * The shared cases of catalog and registry. Owns definitions, pages, batches and settings; the ledger is elsewhere.
 */
import assert from "node:assert/strict";
import { allPages, POOL_SIZE } from "./pages.mjs";
import { code, coupon, NOON, settings } from "./records.mjs";

export const definitionCases = {
  "an empty store answers that it has nothing": async ({ store }) => {
    const view = await store.catalog.find({ codes: ["SPRING"], couponIds: ["spring"], automatic: false });
    assert.deepEqual(view, { settings: null, coupons: [], codes: [], rules: [] });
    assert.equal(await store.registry.getCoupon("spring"), null);
    assert.equal(await store.registry.getSettings(), null);
    assert.deepEqual(await store.registry.listCoupons({ after: null, limit: 10 }), { items: [], next: null });
    assert.deepEqual(await store.registry.listCodes({ couponId: "spring", after: null, limit: 10 }), { items: [], next: null });
    assert.deepEqual(await store.registry.listBatches("spring"), []);
  },

  "find answers the codes, their coupons, and coupons by id, whole": async ({ store }) => {
    const spring = coupon("spring", { code: "SPRING", name: "Früh\u0000ling 🌱", metadata: { "a.b": "\ud83c" } });
    const autumn = coupon("autumn", { discount: { type: "amount", amounts: { EGP: "9007199254740993" } } });
    const own = code("SPRING", "spring", { limits: { total: 2 ** 53 - 1, perCustomer: 1 } });
    await store.registry.insertCoupon(spring, own);
    await store.registry.insertCoupon(autumn, null);
    await store.registry.insertCoupon(coupon("winter"), code("WINTER", "winter"));

    const view = await store.catalog.find({ codes: ["SPRING", "ABSENT"], couponIds: ["autumn", "absent"], automatic: false });
    assert.deepEqual(byId(view.coupons), [autumn, spring]);
    assert.deepEqual(view.codes, [own]);
    assert.deepEqual(await store.registry.getCoupon("spring"), spring);
  },

  "a coupon asked for by its id alone comes without its codes": async ({ store }) => {
    await store.registry.insertCoupon(coupon("spring", { code: "SPRING" }), code("SPRING", "spring"));
    const view = await store.catalog.find({ codes: [], couponIds: ["spring"], automatic: false });
    assert.deepEqual(view.coupons.map(({ id }) => id), ["spring"]);
    assert.deepEqual(view.codes, []);
  },

  "find answers a coupon and a code once, however often they are named": async ({ store }) => {
    await store.registry.insertCoupon(coupon("spring"), code("A1", "spring"));
    await store.registry.insertCodes([code("A2", "spring")]);
    const view = await store.catalog.find({ codes: ["A1", "A2", "A1"], couponIds: ["spring", "spring"], automatic: false });
    assert.deepEqual(view.coupons.map(({ id }) => id), ["spring"]);
    assert.deepEqual(view.codes.map((found) => found.code).sort(), ["A1", "A2"]);
  },

  "codes are compared byte for byte": async ({ store }) => {
    await store.registry.insertCoupon(coupon("spring"), code("SPRING", "spring"));
    for (const other of ["spring", "SPRING ", "SPRIN", "SPRINGS", "%", "'"]) {
      assert.deepEqual((await store.catalog.find({ codes: [other], couponIds: [], automatic: false })).codes, [], other);
    }
  },

  "find takes more codes than a statement has parameters": async ({ store }) => {
    await store.registry.insertCoupon(coupon("pool", { type: "bulk_pool" }), null);
    const pool = poolCodes("pool");
    await store.registry.insertCodes(pool);
    const view = await store.catalog.find({ codes: pool.map((each) => each.code), couponIds: [], automatic: false });
    assert.equal(view.codes.length, POOL_SIZE);
    assert.equal(view.coupons.length, 1);
  },

  "a taken coupon id is refused and nothing of it stays": async ({ store, probe }) => {
    assert.deepEqual(await store.registry.insertCoupon(coupon("spring", { name: "first" }), null), { status: "inserted" });
    const outcome = await store.registry.insertCoupon(coupon("spring", { name: "second" }), code("SECOND", "spring"));
    assert.deepEqual(outcome, { status: "duplicate_id" });
    const view = await (await probe()).catalog.find({ codes: ["SECOND"], couponIds: ["spring"], automatic: false });
    assert.deepEqual(view.coupons.map(({ name }) => name), ["first"]);
    assert.deepEqual(view.codes, []);
  },

  "a code taken by another coupon refuses the coupon too": async ({ store, probe }) => {
    await store.registry.insertCoupon(coupon("spring"), code("SALE", "spring"));
    const outcome = await store.registry.insertCoupon(coupon("autumn"), code("SALE", "autumn", { id: "code_other" }));
    assert.deepEqual(outcome, { status: "duplicate_code" });
    assert.equal(await (await probe()).registry.getCoupon("autumn"), null);
    const view = await store.catalog.find({ codes: ["SALE"], couponIds: ["autumn"], automatic: false });
    assert.deepEqual(view.codes.map(({ couponId }) => couponId), ["spring"]);
    assert.deepEqual(view.coupons.map(({ id }) => id), ["spring"]);
  },

  "a taken code id refuses the coupon too": async ({ store }) => {
    await store.registry.insertCoupon(coupon("spring"), code("SPRING", "spring", { id: "code_1" }));
    const outcome = await store.registry.insertCoupon(coupon("autumn"), code("AUTUMN", "autumn", { id: "code_1" }));
    assert.deepEqual(outcome, { status: "duplicate_id" });
    assert.equal(await store.registry.getCoupon("autumn"), null);
  },

  "an archived code still takes its text": async ({ store }) => {
    await store.registry.insertCoupon(coupon("spring", { state: "archived" }), code("SALE", "spring", { state: "archived" }));
    assert.deepEqual(await store.registry.insertCoupon(coupon("autumn"), code("SALE", "autumn", { id: "code_other" })),
      { status: "duplicate_code" });
    assert.deepEqual(await store.registry.insertCodes([code("SALE", "spring", { id: "code_again" })]),
      { refused: [{ index: 0, reason: "duplicate_code" }] });
  },

  "insertCodes stores what is free and says by index what is not": async ({ store }) => {
    await store.registry.insertCoupon(coupon("spring"), code("TAKEN", "spring"));
    await store.registry.insertCoupon(coupon("pool", { type: "bulk_pool" }), null);
    const outcome = await store.registry.insertCodes([
      code("FREE1", "pool"),
      code("TAKEN", "pool", { id: "code_taken_again" }),
      code("FREE2", "pool"),
      code("FREE1", "pool", { id: "code_twice_in_one_call" }),
    ]);
    assert.deepEqual(outcome, { refused: [{ index: 1, reason: "duplicate_code" }, { index: 3, reason: "duplicate_code" }] });
    const { codes } = await store.catalog.find({ codes: ["FREE1", "FREE2", "TAKEN"], couponIds: [], automatic: false });
    assert.deepEqual(byId(codes).map(({ id, couponId }) => [id, couponId]),
      [["code_FREE1", "pool"], ["code_FREE2", "pool"], ["code_TAKEN", "spring"]]);
  },

  "insertCodes refuses a taken id without overwriting": async ({ store }) => {
    await store.registry.insertCoupon(coupon("spring"), code("FIRST", "spring", { id: "code_1" }));
    assert.deepEqual(await store.registry.insertCodes([code("SECOND", "spring", { id: "code_1" })]),
      { refused: [{ index: 0, reason: "duplicate_id" }] });
    const { codes } = await store.catalog.find({ codes: ["FIRST", "SECOND"], couponIds: [], automatic: false });
    assert.deepEqual(codes.map((found) => found.code), ["FIRST"]);
  },

  "insertCodes that all are free refuses none": async ({ store }) => {
    assert.deepEqual(await store.registry.insertCodes([code("A", "spring"), code("B", "spring")]), { refused: [] });
    assert.deepEqual(await store.registry.insertCodes([]), { refused: [] });
  },

  "insertCodes judges in order: of two equal ids the first is stored": async ({ store, probe }) => {
    const outcome = await store.registry.insertCodes([
      code("FIRST", "spring", { id: "code_1" }),
      code("SECOND", "spring", { id: "code_1" }),
      code("THIRD", "spring"),
    ]);
    assert.deepEqual(outcome, { refused: [{ index: 1, reason: "duplicate_id" }] });
    const { codes } = await (await probe()).catalog.find({ codes: ["FIRST", "SECOND", "THIRD"], couponIds: [], automatic: false });
    assert.deepEqual(byId(codes).map((found) => [found.id, found.code]), [["code_1", "FIRST"], ["code_THIRD", "THIRD"]]);
  },

  "insertCodes judges in order: of two equal texts the first is stored, whole": async ({ store, probe }) => {
    const first = code("SAME", "spring", { id: "code_z", metadata: { owner: "first" } });
    const outcome = await store.registry.insertCodes([first, code("SAME", "autumn", { id: "code_a" })]);
    assert.deepEqual(outcome, { refused: [{ index: 1, reason: "duplicate_code" }] });
    assert.deepEqual((await (await probe()).catalog.find({ codes: ["SAME"], couponIds: [], automatic: false })).codes, [first]);
  },

  "insertCodes says duplicate_id where id and text are both taken": async ({ store }) => {
    await store.registry.insertCodes([code("ONE", "spring", { id: "code_1" }), code("TWO", "spring", { id: "code_2" })]);
    const outcome = await store.registry.insertCodes([
      code("ONE", "spring", { id: "code_1" }),
      code("TWO", "autumn", { id: "code_1" }),
      code("TWO", "autumn", { id: "code_3" }),
    ]);
    assert.deepEqual(outcome, {
      refused: [{ index: 0, reason: "duplicate_id" }, { index: 1, reason: "duplicate_id" }, { index: 2, reason: "duplicate_code" }],
    });
  },

  "a refused code takes neither its id nor its text": async ({ store }) => {
    await store.registry.insertCodes([code("TAKEN", "spring", { id: "code_1" })]);
    const outcome = await store.registry.insertCodes([
      code("TAKEN", "spring", { id: "code_2" }),
      code("NEW", "spring", { id: "code_1" }),
      code("NEW", "spring", { id: "code_2" }),
    ]);
    assert.deepEqual(outcome, { refused: [{ index: 0, reason: "duplicate_code" }, { index: 1, reason: "duplicate_id" }] });
    const { codes } = await store.catalog.find({ codes: ["NEW", "TAKEN"], couponIds: [], automatic: false });
    assert.deepEqual(byId(codes).map((found) => [found.id, found.code]), [["code_1", "TAKEN"], ["code_2", "NEW"]]);
  },

  "insertCodes sees the own codes of coupons": async ({ store }) => {
    await store.registry.insertCoupon(coupon("spring"), code("OWN", "spring", { id: "code_own" }));
    assert.deepEqual(await store.registry.insertCodes([code("OWN", "pool", { id: "code_1" }), code("NEW", "pool", { id: "code_own" })]),
      { refused: [{ index: 0, reason: "duplicate_code" }, { index: 1, reason: "duplicate_id" }] });
  },

  "what was handed in or out can be changed without changing the store": async ({ store }) => {
    const given = coupon("spring", { code: "SPRING", metadata: { owner: "a" } });
    const givenCode = code("SPRING", "spring", { metadata: { owner: "a" } });
    await store.registry.insertCoupon(given, givenCode);
    given.metadata.owner = "b";
    givenCode.metadata.owner = "b";
    const found = await store.catalog.find({ codes: ["SPRING"], couponIds: [], automatic: false });
    found.coupons[0].metadata.owner = "c";
    found.codes[0].metadata.owner = "c";
    (await store.registry.getCoupon("spring")).metadata.owner = "d";
    (await store.registry.listCoupons({ after: null, limit: 1 })).items[0].metadata.owner = "e";
    (await store.registry.listCodes({ couponId: "spring", after: null, limit: 1 })).items[0].metadata.owner = "e";
    const again = await store.catalog.find({ codes: ["SPRING"], couponIds: [], automatic: false });
    assert.deepEqual([...again.coupons, ...again.codes].map(({ metadata }) => metadata.owner), ["a", "a"]);
  },

  "coupons are listed by creation, oldest first, ties as inserted": async ({ store }) => {
    for (const [id, createdAt] of [["b", NOON], ["d", NOON + 5], ["a", NOON], ["c", NOON - 5]]) {
      await store.registry.insertCoupon(coupon(id, { createdAt }), null);
    }
    const listed = await allPages((page) => store.registry.listCoupons(page), 1);
    assert.deepEqual(listed.map(({ id }) => id), ["c", "b", "a", "d"]);
  },

  "a cursor that no page of coupons ended with is an answer, not an error": async ({ store }) => {
    await store.registry.insertCoupon(coupon("spring"), null);
    for (const after of ["absent", "", "0", "spring "]) {
      assert.deepEqual(await store.registry.listCoupons({ after, limit: 10 }), { unknownCursor: true }, after);
    }
    assert.deepEqual(await store.registry.listCoupons({ after: "spring", limit: 10 }), { items: [], next: null });
  },

  "codes are continued after any text": async ({ store }) => {
    await store.registry.insertCoupon(coupon("pool"), null);
    await store.registry.insertCodes([code("A", "pool"), code("C", "pool")]);
    const following = async (after) => (await store.registry.listCodes({ couponId: "pool", after, limit: 10 })).items.map((each) => each.code);
    assert.deepEqual([await following(""), await following("B"), await following("Z")], [["A", "C"], ["C"], []]);
  },

  "2,500 codes are listed once each, in order, at any page size": async ({ store }) => {
    await store.registry.insertCoupon(coupon("pool", { type: "bulk_pool" }), null);
    await store.registry.insertCoupon(coupon("other"), code("POOL-0001-OTHER", "other"));
    const pool = poolCodes("pool");
    await store.registry.insertCodes(pool.toReversed());
    const expected = pool.map((each) => each.code).sort();
    for (const limit of [7, 1000, POOL_SIZE - 1, POOL_SIZE]) {
      const listed = await allPages((page) => store.registry.listCodes({ couponId: "pool", ...page }), limit);
      assert.deepEqual(listed.map((each) => each.code), expected, `limit ${limit}`);
    }
  },

  "the last page says so, also when it is full": async ({ store }) => {
    await store.registry.insertCoupon(coupon("pool"), null);
    await store.registry.insertCodes([code("A", "pool"), code("B", "pool")]);
    const listed = await store.registry.listCodes({ couponId: "pool", after: null, limit: 2 });
    assert.equal(listed.items.length, 2);
    assert.equal(listed.next, null);
  },

  "a listing goes on where it stood when codes are added meanwhile": async ({ store }) => {
    await store.registry.insertCoupon(coupon("pool"), null);
    await store.registry.insertCodes([code("B", "pool"), code("D", "pool"), code("F", "pool")]);
    const first = await store.registry.listCodes({ couponId: "pool", after: null, limit: 2 });
    await store.registry.insertCodes([code("A", "pool"), code("E", "pool")]);
    const rest = await store.registry.listCodes({ couponId: "pool", after: first.next, limit: 10 });
    assert.deepEqual([...first.items, ...rest.items].map((each) => each.code), ["B", "D", "E", "F"]);
  },

  "batches are numbered from 1 per coupon and keep what they were opened with": async ({ store }) => {
    const opened = { couponId: "pool", requested: 500, shape: "[\"A-\",6]", actor: "mona", createdAt: NOON };
    assert.deepEqual(await store.registry.openBatch(opened), { number: 1 });
    assert.deepEqual(await store.registry.openBatch({ ...opened, actor: null, requested: 3, shape: "" }), { number: 2 });
    assert.deepEqual(await store.registry.openBatch({ ...opened, couponId: "other" }), { number: 1 });
    await store.registry.closeBatch({ couponId: "pool", number: 1, state: "complete", generated: 500 });
    assert.deepEqual(await store.registry.listBatches("pool"), [
      { ...opened, number: 1, state: "complete", generated: 500 },
      { ...opened, requested: 3, shape: "", actor: null, number: 2, state: "running", generated: 0 },
    ]);
    await store.registry.closeBatch({ couponId: "pool", number: 2, state: "failed", generated: 1 });
    assert.deepEqual(await store.registry.openBatch(opened), { number: 3 });
    const states = (await store.registry.listBatches("pool")).map(({ state, generated }) => [state, generated]);
    assert.deepEqual(states, [["complete", 500], ["failed", 1], ["running", 0]]);
  },

  "a batch that was never opened cannot be closed": async ({ store }) => {
    await assert.rejects(
      async () => store.registry.closeBatch({ couponId: "pool", number: 1, state: "complete", generated: 1 }),
      { code: "invalid_value" });
  },

  "settings are replaced as a whole and answered with every find": async ({ store, probe }) => {
    await store.registry.putSettings(settings({ rounding: "floor" }));
    await store.registry.putSettings(settings({ disclosure: "full" }));
    assert.deepEqual(await store.registry.getSettings(), settings({ disclosure: "full" }));
    const view = await (await probe()).catalog.find({ codes: [], couponIds: [], automatic: false });
    assert.deepEqual(view, { settings: settings({ disclosure: "full" }), coupons: [], codes: [], rules: [] });
  },
};

function poolCodes(couponId) {
  return Array.from({ length: POOL_SIZE }, (_, index) => code(`POOL-${String(index * 7919 % 100_003).padStart(6, "0")}`, couponId));
}

function byId(records) {
  return records.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
