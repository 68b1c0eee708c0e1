/**
 * The shared cases of rules, and of edits of every kind of record. Owns which rules a checkout is answered, and the
 * compare-and-swap.
 */
import assert from "node:assert/strict";
import { allPages } from "./pages.mjs";
import { code, codeOfSchema1, coupon, couponOfSchema1, NOON, rule } from "./records.mjs";

const nothing = { codes: [], couponIds: [], automatic: false };
const idsOf = (records) => records.map(({ id }) => id).sort();

export const ruleCases = {
  "a store without rules answers none": async ({ store }) => {
    assert.deepEqual(await store.registry.getRules(["absent"]), []);
    assert.deepEqual(await store.registry.getRules([]), []);
    assert.deepEqual(await store.registry.listRules({ after: null, limit: 10 }), { items: [], next: null });
    assert.deepEqual((await store.catalog.find({ ...nothing, automatic: true })).rules, []);
  },

  "a rule is answered as it was stored, by id and in the listing": async ({ store, probe }) => {
    const stored = rule("gift", { name: "Geschenk 🌱", metadata: { "a.b": "\ud83c" }, discount: { type: "price", amounts: { EGP: "9007199254740993" } } });
    assert.deepEqual(await store.registry.insertRule(stored), { status: "inserted" });
    const other = await probe();
    assert.deepEqual(await other.registry.getRules(["gift", "absent", "gift"]), [stored]);
    assert.deepEqual(await other.registry.listRules({ after: null, limit: 10 }), { items: [stored], next: null });
  },

  "a taken rule id is refused without overwriting": async ({ store }) => {
    await store.registry.insertRule(rule("gift", { name: "first" }));
    assert.deepEqual(await store.registry.insertRule(rule("gift", { name: "second" })), { status: "duplicate_id" });
    assert.deepEqual((await store.registry.getRules(["gift"])).map(({ name }) => name), ["first"]);
  },

  "find answers every rule that an answered coupon links, in any state": async ({ store }) => {
    for (const state of ["active", "inactive", "archived"]) await store.registry.insertRule(rule(state, { state }));
    await store.registry.insertRule(rule("unlinked"));
    await store.registry.insertRule(rule("automatic", { gate: "automatic" }));
    await store.registry.insertRule(rule("external", { gate: "external", discount: null }));
    await store.registry.insertCoupon(coupon("spring", { discount: null, rules: ["inactive", "external", "absent"] }), code("SPRING", "spring"));
    await store.registry.insertCoupon(coupon("autumn", { discount: null, rules: ["archived", "active", "inactive"] }), null);
    const answered = async (request) => idsOf((await store.catalog.find({ ...nothing, ...request })).rules);
    assert.deepEqual(await answered({ codes: ["SPRING"] }), ["external", "inactive"]);
    assert.deepEqual(await answered({ couponIds: ["autumn"] }), ["active", "archived", "inactive"]);
    assert.deepEqual(await answered({ codes: ["SPRING"], couponIds: ["autumn"] }), ["active", "archived", "external", "inactive"]);
    assert.deepEqual(await answered({ codes: ["ABSENT"] }), []);
  },

  "find answers the active automatic rules only if they are asked for": async ({ store }) => {
    for (const state of ["active", "inactive", "archived"]) await store.registry.insertRule(rule(state, { state, gate: "automatic" }));
    await store.registry.insertRule(rule("by_coupon"));
    const whole = rule("another", { gate: "automatic", createdAt: NOON - 1 });
    await store.registry.insertRule(whole);
    assert.deepEqual((await store.catalog.find(nothing)).rules, []);
    const { rules } = await store.catalog.find({ ...nothing, automatic: true });
    assert.deepEqual(idsOf(rules), ["active", "another"]);
    assert.deepEqual(rules.find(({ id }) => id === "another"), whole);
  },

  "find answers a rule once, however often it is linked and though it is automatic": async ({ store }) => {
    await store.registry.insertRule(rule("gift", { gate: "automatic" }));
    await store.registry.insertCoupon(coupon("spring", { discount: null, rules: ["gift"] }), null);
    await store.registry.insertCoupon(coupon("autumn", { discount: null, rules: ["gift"] }), null);
    const { rules } = await store.catalog.find({ codes: [], couponIds: ["spring", "autumn"], automatic: true });
    assert.deepEqual(rules, [rule("gift", { gate: "automatic" })]);
  },

  "find goes by what a rule is now": async ({ store, probe }) => {
    await store.registry.insertRule(rule("gift", { gate: "automatic" }));
    const answered = async () => (await (await probe()).catalog.find({ ...nothing, automatic: true })).rules;
    const off = rule("gift", { gate: "automatic", state: "inactive", version: 2 });
    assert.deepEqual(await store.registry.updateRule(off, 1), { status: "updated" });
    assert.deepEqual(await answered(), []);
    const on = rule("gift", { gate: "automatic", version: 3 });
    assert.deepEqual(await store.registry.updateRule(on, 2), { status: "updated" });
    assert.deepEqual(await answered(), [on]);
  },

  "rules are listed by creation, oldest first, ties as inserted, also after an edit": async ({ store }) => {
    for (const [id, createdAt] of [["b", NOON], ["d", NOON + 5], ["a", NOON], ["c", NOON - 5]]) {
      await store.registry.insertRule(rule(id, { createdAt }));
    }
    await store.registry.updateRule(rule("b", { createdAt: NOON, name: "edited", version: 2 }), 1);
    const listed = await allPages((page) => store.registry.listRules(page), 1);
    assert.deepEqual(listed.map(({ id, name }) => [id, name]), [["c", null], ["b", "edited"], ["a", null], ["d", null]]);
    assert.deepEqual(await store.registry.listRules({ after: "absent", limit: 10 }), { unknownCursor: true });
  },

  "an edit replaces the record as a whole, wherever it is read": async ({ store, probe }) => {
    await store.registry.insertCoupon(coupon("spring", { metadata: { owner: "a" } }), code("SPRING", "spring"));
    const edited = coupon("spring", { name: "Frühling", rules: ["gift"], discount: null, version: 2 });
    const editedCode = code("SPRING", "spring", { state: "inactive", version: 2 });
    assert.deepEqual(await store.registry.updateCoupon(edited, 1), { status: "updated" });
    assert.deepEqual(await store.registry.updateCode(editedCode, 1), { status: "updated" });
    const other = await probe();
    assert.deepEqual(await other.registry.getCoupon("spring"), edited);
    assert.deepEqual(await other.registry.getCode("code_SPRING"), editedCode);
    assert.deepEqual((await other.registry.listCoupons({ after: null, limit: 10 })).items, [edited]);
    assert.deepEqual((await other.registry.listCodes({ couponId: "spring", after: null, limit: 10 })).items, [editedCode]);
    const { coupons, codes } = await other.catalog.find({ ...nothing, codes: ["SPRING"] });
    assert.deepEqual([coupons, codes], [[edited], [editedCode]]);
  },

  "an edit of another version than the stored one changes nothing": async ({ store }) => {
    await store.registry.insertCoupon(coupon("spring", { version: 3 }), code("SPRING", "spring", { version: 3 }));
    await store.registry.insertRule(rule("gift", { version: 3 }));
    for (const expected of [1, 2, 4]) {
      const next = { name: "edited", state: "archived", version: expected + 1 };
      assert.deepEqual(await store.registry.updateCoupon(coupon("spring", next), expected), { status: "version_conflict" });
      assert.deepEqual(await store.registry.updateCode(code("SPRING", "spring", next), expected), { status: "version_conflict" });
      assert.deepEqual(await store.registry.updateRule(rule("gift", next), expected), { status: "version_conflict" });
    }
    assert.deepEqual(await store.registry.getCoupon("spring"), coupon("spring", { version: 3 }));
    assert.deepEqual(await store.registry.getCode("code_SPRING"), code("SPRING", "spring", { version: 3 }));
    assert.deepEqual(await store.registry.getRules(["gift"]), [rule("gift", { version: 3 })]);
  },

  "of two edits of one version the first is stored, the second refused": async ({ store, probe }) => {
    await store.registry.insertCoupon(coupon("spring"), null);
    const outcomes = [
      await store.registry.updateCoupon(coupon("spring", { name: "first", version: 2 }), 1),
      await (await probe()).registry.updateCoupon(coupon("spring", { name: "second", version: 2 }), 1),
    ];
    assert.deepEqual(outcomes, [{ status: "updated" }, { status: "version_conflict" }]);
    assert.equal((await store.registry.getCoupon("spring")).name, "first");
  },

  "an edit of what is not there is refused and stores nothing": async ({ store }) => {
    assert.deepEqual(await store.registry.updateCoupon(coupon("absent", { version: 2 }), 1), { status: "not_found" });
    assert.deepEqual(await store.registry.updateCode(code("ABSENT", "absent", { version: 2 }), 1), { status: "not_found" });
    assert.deepEqual(await store.registry.updateRule(rule("absent", { version: 2 }), 1), { status: "not_found" });
    assert.equal(await store.registry.getCoupon("absent"), null);
    assert.equal(await store.registry.getCode("code_ABSENT"), null);
    assert.deepEqual(await store.registry.getRules(["absent"]), []);
  },

  "a code is found by its id, not by its text": async ({ store }) => {
    await store.registry.insertCodes([code("ONE", "spring", { id: "TWO" }), code("TWO", "spring", { id: "ONE" })]);
    assert.equal((await store.registry.getCode("TWO")).code, "ONE");
    assert.equal(await store.registry.getCode("two"), null);
    await store.registry.updateCode(code("ONE", "spring", { id: "TWO", state: "archived", version: 2 }), 1);
    const { codes } = await store.catalog.find({ ...nothing, codes: ["ONE", "TWO"] });
    assert.deepEqual(codes.map((found) => [found.code, found.state]).sort(), [["ONE", "archived"], ["TWO", "active"]]);
  },

  "an archived code keeps its text taken": async ({ store }) => {
    await store.registry.insertCodes([code("SALE", "spring")]);
    await store.registry.updateCode(code("SALE", "spring", { state: "archived", version: 2 }), 1);
    assert.deepEqual(await store.registry.insertCodes([code("SALE", "spring", { id: "code_again" })]),
      { refused: [{ index: 0, reason: "duplicate_code" }] });
  },

  "records of schema 1 are answered as they are; a code without a version is at 1": async ({ store }) => {
    const old = couponOfSchema1("spring", { code: "SPRING" });
    const oldCode = codeOfSchema1("SPRING", "spring");
    await store.registry.insertCoupon(old, oldCode);
    const { coupons, codes, rules } = await store.catalog.find({ ...nothing, codes: ["SPRING"], automatic: true });
    assert.deepEqual([coupons, codes, rules], [[old], [oldCode], []]);
    const edited = code("SPRING", "spring", { state: "inactive", version: 2 });
    assert.deepEqual(await store.registry.updateCode(edited, 2), { status: "version_conflict" });
    assert.deepEqual(await store.registry.updateCode(edited, 1), { status: "updated" });
    assert.deepEqual(await store.registry.getCode("code_SPRING"), edited);
  },

  "what was handed in or out as a rule or an edit can be changed without changing the store": async ({ store }) => {
    const given = rule("gift", { metadata: { owner: "a" }, gate: "automatic" });
    await store.registry.insertRule(given);
    const edited = structuredClone({ ...given, version: 2 });
    await store.registry.updateRule(edited, 1);
    given.metadata.owner = "b";
    edited.metadata.owner = "b";
    (await store.registry.getRules(["gift"]))[0].metadata.owner = "c";
    (await store.registry.listRules({ after: null, limit: 1 })).items[0].metadata.owner = "d";
    (await store.catalog.find({ ...nothing, automatic: true })).rules[0].metadata.owner = "e";
    assert.deepEqual((await store.registry.getRules(["gift"])).map(({ metadata }) => metadata.owner), ["a"]);
  },
};
