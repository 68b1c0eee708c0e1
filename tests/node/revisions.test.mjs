/**
 * Edits of stored coupons, codes and rules: what the lock keeps, versions, states, and another writer in between.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "./package.mjs";
import { NOW, cart, coupon, engineOn, rejectionOf } from "./samples.mjs";

const FREE = { policy: { lock: "never" } };
const told = async (promise) => {
  const { code, path } = await rejectionOf(promise);
  return [code, path];
};

test("name, description, state and metadata may always be edited; each edit is a new version", async () => {
  const engine = await engineOn();
  const { coupon: created } = await engine.coupons.create(coupon());
  const changes = { name: "Spring", description: "for staff", metadata: { owner: "mona" }, state: "inactive" };
  const edited = await engine.coupons.update("c1", changes);
  assert.deepEqual(edited, { ...created, ...changes, version: 2 });
  const cleared = await engine.coupons.update("c1", { name: null, metadata: null, state: null });
  assert.deepEqual(cleared, { ...created, description: "for staff", version: 3 });
  assert.deepEqual((await engine.coupons.get("c1")).coupon, cleared);
});

test("S2.65 S2.66 a locked term is refused with its fields, and nothing is changed", async () => {
  const engine = await engineOn();
  const { coupon: created } = await engine.coupons.create(coupon());
  const locked = {
    discount: { type: "percent", basisPoints: 5_000 }, duration: { type: "forever" }, restrictions: { firstOrderOnly: true },
    limits: { total: 5 }, priority: 1, exclusive: true, category: "vip", combinesWith: "none",
  };
  for (const [field, value] of Object.entries(locked)) {
    const error = await rejectionOf(engine.coupons.update("c1", { name: "Spring", [field]: value }));
    assert.deepEqual([error.code, error.details.fields], ["terms_locked", [field]], field);
  }
  const both = await rejectionOf(engine.coupons.update("c1", { limits: { total: 5 }, priority: 1 }));
  assert.deepEqual(both.details.fields.toSorted(), ["limits", "priority"]);
  assert.deepEqual((await engine.coupons.get("c1")).coupon, created);
});

test("a shop that locks nothing changes what a code gives at once", async () => {
  const engine = await engineOn(FREE);
  await engine.coupons.create(coupon());
  const changed = await engine.coupons.update("c1", { discount: { type: "percent", basisPoints: 5_000 } });
  assert.deepEqual([changed.version, changed.discount.basisPoints], [2, 5_000]);
  const quote = await engine.apply({ codes: ["SAVE20"], cart: cart() });
  assert.deepEqual([quote.totals.discount, quote.adjustments[0].version], [7_500, 2]);
});

test("on_first_redemption locks once anything is held or redeemed", async () => {
  const claimed = { "coupon/c1": 0, "code/code_1": 0 };
  const read = ({ counters }) => ({ counters: counters.map((name) => ({ claimed: claimed[name] ?? 0, held: claimed[name] ?? 0, nextExpiry: null })), entries: [], expiredHolds: [] });
  const engine = await engineOn({ policy: { lock: "on_first_redemption" }, replace: { ledger: { read } } });
  await engine.coupons.create(coupon());
  await engine.codes.add({ couponId: "c1", id: "code_1", code: "FRIEND" });
  assert.equal((await engine.coupons.update("c1", { priority: 1 })).priority, 1);
  assert.equal((await engine.codes.update("code_1", { limits: { total: 9 } })).limits.total, 9);
  claimed["coupon/c1"] = 1;
  assert.deepEqual(await told(engine.coupons.update("c1", { priority: 2 })), ["terms_locked", "priority"]);
  assert.equal((await engine.codes.update("code_1", { limits: { total: 8 } })).limits.total, 8);
  claimed["code/code_1"] = 1;
  assert.deepEqual(await told(engine.codes.update("code_1", { limits: { total: 7 } })), ["terms_locked", "limits"]);
  assert.equal((await engine.coupons.update("c1", { name: "Spring" })).name, "Spring");
});

test("S2.68 of a code, state and metadata may be edited; the rest is locked", async () => {
  const engine = await engineOn();
  await engine.coupons.create(coupon());
  const { warnings, ...added } = await engine.codes.add({ couponId: "c1", code: "FRIEND" });
  assert.deepEqual(warnings, []);
  const edited = await engine.codes.update(added.id, { metadata: { to: "Ali" } });
  assert.deepEqual(edited, { ...added, metadata: { to: "Ali" }, version: 2 });
  assert.deepEqual(await engine.codes.get(added.id), edited);
  for (const [field, value] of Object.entries({ restrictions: { firstOrderOnly: true }, limits: { total: 1 }, issuedAt: NOW + 1 })) {
    assert.deepEqual(await told(engine.codes.update(added.id, { [field]: value })), ["terms_locked", field]);
  }
});

test("a code's text stays, also where nothing is locked", async () => {
  const engine = await engineOn(FREE);
  const { code } = await engine.coupons.create(coupon());
  assert.deepEqual(await told(engine.coupons.update("c1", { code: "OTHER" })), ["not_supported", "code"]);
  assert.deepEqual(await told(engine.codes.update(code.id, { code: "OTHER" })), ["not_supported", "code"]);
  assert.equal((await engine.coupons.update("c1", { code: "save20", name: "Same" })).code, "SAVE20");
  await engine.coupons.create(coupon({ id: "pool", type: "bulk_pool", code: "POOL" }));
  assert.equal((await engine.coupons.update("pool", { code: "WINTER" })).code, "WINTER");
});

test("S0.24 the version the caller has seen must be the stored one", async () => {
  const engine = await engineOn();
  await engine.coupons.create(coupon());
  await engine.rules.create({ id: "gift", gate: "coupon", discount: { type: "percent", basisPoints: 500 } });
  const { id } = await engine.codes.add({ couponId: "c1", code: "FRIEND" });
  const calls = [
    (version, name) => engine.coupons.update("c1", { name }, { version }),
    (version, name) => engine.rules.update("gift", { name }, { version }),
    (version, name) => engine.codes.update(id, { metadata: { name } }, { version }),
  ];
  for (const update of calls) {
    assert.equal((await update(1, "first")).version, 2);
    const error = await rejectionOf(update(1, "second"));
    assert.deepEqual([error.code, error.details, error.retryable], ["version_conflict", { version: 2 }, false]);
    assert.equal((await update(2, "second")).version, 3);
  }
});

test("an edit that meets another writer is made again on the new record; one of a version is not", async () => {
  const storage = memoryStorage();
  let others = 0;
  const updateCoupon = async (record, expected) => {
    if (others-- > 0) {
      const stored = await storage.registry.getCoupon("c1");
      await storage.registry.updateCoupon({ ...stored, description: `other ${others}`, version: stored.version + 1 }, stored.version);
    }
    return storage.registry.updateCoupon(record, expected);
  };
  const engine = await engineOn({ storage, replace: { registry: { updateCoupon } } });
  await engine.coupons.create(coupon());
  others = 4;
  const edited = await engine.coupons.update("c1", { name: "Spring" });
  assert.deepEqual([edited.version, edited.name, edited.description], [6, "Spring", "other 0"]);
  others = 1;
  assert.equal((await rejectionOf(engine.coupons.update("c1", { name: "Late" }, { version: 6 }))).code, "version_conflict");
  others = 100;
  assert.equal((await rejectionOf(engine.coupons.update("c1", { name: "Never" }))).code, "version_conflict");
  assert.equal(others, 95);
  assert.equal((await storage.registry.getCoupon("c1")).name, "Spring");
});

test("S0.28 S2.45 S2.61 states: off and on, archived and back to the state before", async () => {
  const engine = await engineOn();
  const { code: own } = await engine.coupons.create(coupon());
  await engine.rules.create({ id: "gift", gate: "coupon", discount: { type: "percent", basisPoints: 500 } });
  const reasons = async () => (await engine.apply({ codes: ["SAVE20"], cart: cart(), disclosure: "full" })).codes.map(({ rejection }) => [rejection?.code, rejection?.level]);
  for (const [calls, id, level] of [[engine.coupons, "c1", "coupon"], [engine.codes, own.id, "code"]]) {
    assert.equal((await calls.setActive(id, false)).state, "inactive");
    assert.deepEqual(await reasons(), [["inactive", level]]);
    const archived = await calls.archive(id);
    assert.deepEqual([archived.state, archived.archivedFrom], ["archived", "inactive"]);
    assert.deepEqual(await reasons(), [["archived", level]]);
    assert.deepEqual(await told(calls.setActive(id, true)), ["invalid_value", "id"]);
    assert.deepEqual(await calls.archive(id), archived, "archived already: nothing is written");
    const back = await calls.unarchive(id);
    assert.deepEqual([back.state, back.archivedFrom], ["inactive", null]);
    assert.deepEqual(await calls.unarchive(id), back);
    assert.equal((await calls.setActive(id, true)).state, "active");
    assert.deepEqual(await reasons(), [[undefined, undefined]]);
    await calls.archive(id);
    assert.equal((await calls.unarchive(id)).state, "active");
  }
  assert.equal((await engine.rules.setActive("gift", false)).state, "inactive");
  const again = await engine.rules.setActive("gift", false);
  assert.equal(again.version, 2);
});

test("what is not stored, not known or not possible is told with its place", async () => {
  const engine = await engineOn(FREE);
  await engine.coupons.create(coupon());
  const wrong = [
    [() => engine.coupons.update("nobody", {}), "coupon_not_found", "id"],
    [() => engine.coupons.archive("nobody"), "coupon_not_found", "id"],
    [() => engine.codes.update("nobody", {}), "code_not_found", "id"],
    [() => engine.rules.update("nobody", {}), "linked_discount_not_found", "id"],
    [() => engine.coupons.update(7, {}), "invalid_type", "id"],
    [() => engine.coupons.update("c1"), "invalid_type", "changes"],
    [() => engine.coupons.update("c1", { nam: "x" }), "unknown_field", "nam"],
    [() => engine.coupons.update("c1", { version: 2 }), "unknown_field", "version"],
    [() => engine.coupons.update("c1", { codes: [] }), "unknown_field", "codes"],
    [() => engine.coupons.update("c1", { limits: { total: 0 } }), "out_of_range", "limits.total"],
    [() => engine.coupons.update("c1", { type: "bulk_pool" }), "terms_locked", "type"],
    [() => engine.coupons.update("c1", {}, { version: 0 }), "out_of_range", "options.version"],
    [() => engine.coupons.update("c1", {}, { versoin: 1 }), "unknown_field", "options.versoin"],
    [() => engine.coupons.setActive("c1"), "required", "active"],
    [() => engine.coupons.setActive("c1", "yes"), "invalid_type", "active"],
    [() => engine.codes.get(null), "required", "id"],
  ];
  for (const [call, code, path] of wrong) assert.deepEqual(await told(call()), [code, path]);
  assert.equal(await engine.codes.get("nobody"), null);
  assert.equal(await engine.rules.get("nobody"), null);
});

test("every key of the metadata survives an edit, `__proto__` too", async () => {
  const engine = await engineOn();
  const metadata = JSON.parse('{"__proto__":"x","owner":"mona"}');
  await engine.coupons.create(coupon({ metadata }));
  const { metadata: kept } = await engine.coupons.update("c1", { name: "Spring" });
  assert.deepEqual(Object.entries(kept), [["__proto__", "x"], ["owner", "mona"]]);
  const { metadata: changed } = await engine.coupons.update("c1", { metadata: JSON.parse('{"__proto__":"y"}') });
  assert.deepEqual(Object.entries(changed), [["__proto__", "y"]]);
});

test("records of schema 1 are read, shown with every field and written anew by an edit", async () => {
  const restrictions = { startsAt: null, expiresAt: null, minimum: { amounts: { EGP: 5_000 }, scope: "all_lines" }, products: { include: ["tulip"], exclude: [] }, customers: null, firstOrderOnly: false };
  const limits = { total: null, perCustomer: null };
  const oldCoupon = {
    schemaVersion: 1, id: "c1", type: "standard", code: "SAVE20", name: null, description: null, discount: { type: "percent", basisPoints: 2_000 },
    duration: { type: "once" }, restrictions, limits, priority: 0, exclusive: false, category: null, combinesWith: "all", state: "archived",
    metadata: {}, version: 4, createdAt: NOW,
  };
  const oldCode = { schemaVersion: 1, id: "code_1", couponId: "c1", code: "SAVE20", restrictions: { ...restrictions, minimum: null, products: null }, limits, state: "active", batch: null, metadata: {}, createdAt: NOW };
  const storage = memoryStorage();
  await storage.registry.insertCoupon(oldCoupon, oldCode);
  const engine = await engineOn({ storage });
  const { coupon: shown, description } = await engine.coupons.get("c1");
  assert.deepEqual([description.status, description.terms], ["archived", "20% off once"]);
  assert.deepEqual(Object.keys(shown).toSorted(), Object.keys((await engine.coupons.create(coupon({ id: "c2", code: "NEW" }))).coupon).toSorted());
  const edited = await engine.coupons.unarchive("c1");
  assert.deepEqual(edited, { ...shown, state: "inactive", version: 5 });
  assert.deepEqual(edited, await storage.registry.getCoupon("c1"));
  assert.equal(edited.schemaVersion, 2);
  const code = await engine.codes.setActive("code_1", false);
  assert.deepEqual([code.version, code.state, code.schemaVersion], [2, "inactive", 2]);
});

test("a registry that answers an edit wrongly is told where", async () => {
  const wrong = [
    ["updateCoupon", undefined, ""],
    ["updateCoupon", { status: "done" }, ".status"],
    ["updateCoupon", { status: "not_found" }, ".status"],
    ["getCoupon", { id: "other" }, ".id"],
  ];
  for (const [method, answer, place] of wrong) {
    const storage = memoryStorage();
    await (await engineOn({ storage })).coupons.create(coupon());
    const engine = await engineOn({ storage, replace: { registry: { [method]: () => answer } } });
    assert.deepEqual(await told(engine.coupons.update("c1", { name: "x" })), ["storage_invalid_answer", `storage.registry.${method}${place}`]);
  }
});
