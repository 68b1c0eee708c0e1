/**
 * Rules in the back office and in a checkout on a storage: stored, linked, automatic, described.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage, prepare } from "./package.mjs";
import { NOW, cart, coupon, engineOn, rejectionOf, errorOf } from "./samples.mjs";

const tenPercent = { type: "percent", basisPoints: 1_000 };
const rule = (changes = {}) => ({ id: "gift", gate: "coupon", discount: tenPercent, ...changes });
const linking = (...rules) => coupon({ discount: null, rules });

test("a rule is created with every default, listed oldest first and found again", async () => {
  const engine = await engineOn();
  const created = await engine.rules.create(rule());
  assert.deepEqual([created.version, created.state, created.priority, created.combinesWith, created.createdAt], [1, "active", 0, "all", NOW]);
  const { id } = await engine.rules.create({ gate: "automatic", discount: tenPercent });
  assert.match(id, /^rule_/);
  assert.deepEqual(await engine.rules.get("gift"), created);
  const first = await engine.rules.list({ limit: 1 });
  assert.deepEqual(first.items, [created]);
  assert.deepEqual((await engine.rules.list({ after: first.next })).items.map((each) => each.id), [id]);
  const duplicate = await rejectionOf(engine.rules.create(rule()));
  assert.deepEqual([duplicate.code, duplicate.path], ["duplicate_id", "id"]);
  const cursor = await rejectionOf(engine.rules.list({ after: "absent" }));
  assert.deepEqual([cursor.code, cursor.path], ["invalid_value", "after"]);
});

test("what cannot be a rule is told with its place", async () => {
  const engine = await engineOn({ policy: { minBasisPoints: 100 } });
  const wrong = [
    [{ id: "gift", discount: tenPercent }, "required", "gate"],
    [rule({ gate: "sometimes" }), "invalid_value", "gate"],
    [rule({ discount: null }), "required", "discount"],
    [rule({ gate: "external" }), "invalid_value", "discount"],
    [rule({ discount: { type: "percent", basisPoints: 99 } }), "out_of_range", "discount.basisPoints"],
    [rule({ restrictions: { validForDays: 3 } }), "unknown_field", "restrictions.validForDays"],
    [rule({ codes: [] }), "unknown_field", "codes"],
  ];
  for (const [definition, code, path] of wrong) {
    const error = await rejectionOf(engine.rules.create(definition));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
});

test("S0.9 a coupon links to stored rules that need a coupon, and to nothing else", async () => {
  const engine = await engineOn({ policy: { lock: "never" } });
  await engine.rules.create(rule());
  await engine.rules.create(rule({ id: "always", gate: "automatic" }));
  const unknown = await rejectionOf(engine.coupons.create(linking("gift", "absent")));
  assert.deepEqual([unknown.code, unknown.path], ["linked_discount_not_found", "rules[1]"]);
  const automatic = await rejectionOf(engine.coupons.create(linking("always")));
  assert.deepEqual([automatic.code, automatic.path], ["invalid_value", "rules[0]"]);
  assert.equal(await engine.coupons.get("c1"), null, "nothing of it was stored");
  await engine.coupons.create(linking("gift"));
  const relinked = await rejectionOf(engine.coupons.update("c1", { rules: ["gift", "always"] }));
  assert.deepEqual([relinked.code, relinked.path], ["invalid_value", "rules[1]"]);
  assert.equal((await engine.coupons.get("c1")).coupon.version, 1);
});

test("a code gives what its coupon's rules give now; an edit or a new link is seen at once", async () => {
  const engine = await engineOn({ policy: { lock: "never" } });
  await engine.rules.create(rule({ name: "Gift" }));
  await engine.rules.create(rule({ id: "half", discount: { type: "percent", basisPoints: 5_000 } }));
  await engine.coupons.create(linking("gift"));
  const adjusted = async () => (await engine.apply({ codes: ["SAVE20"], cart: cart() })).adjustments.map(({ ruleId, label, version, amount }) => [ruleId, label, version, amount]);
  assert.deepEqual(await adjusted(), [["gift", "Gift", 1, 1_500]]);
  await engine.rules.update("gift", { discount: { type: "percent", basisPoints: 2_000 } });
  assert.deepEqual(await adjusted(), [["gift", "Gift", 2, 3_000]]);
  await engine.coupons.update("c1", { rules: ["half"] });
  assert.deepEqual(await adjusted(), [["half", "SAVE20", 1, 7_500]]);
});

test("an automatic rule applies without a code, to those who ask for it, while it is active", async () => {
  const storage = memoryStorage();
  const asked = [];
  const find = (request) => {
    asked.push(request.automatic);
    return storage.catalog.find(request);
  };
  const engine = await engineOn({ storage, replace: { catalog: { find } } });
  await engine.rules.create(rule({ id: "always", gate: "automatic", name: "Every day" }));
  const quote = await engine.apply({ codes: [], cart: cart() });
  assert.deepEqual(quote.adjustments.map(({ source, ruleId, label, index, code, amount }) => [source, ruleId, label, index, code, amount]), [["automatic", "always", "Every day", null, null, 1_500]]);
  assert.deepEqual(quote.automatic.map(({ ruleId, state, discount }) => [ruleId, state, discount]), [["always", "applied", 1_500]]);
  assert.equal((await engine.apply({ codes: [], cart: cart(), automatic: false })).totals.discount, 0);
  assert.deepEqual(asked, [true, false]);
  await engine.rules.setActive("always", false);
  assert.equal((await engine.apply({ codes: [], cart: cart() })).totals.discount, 0);
});

test("a catalog that knows no rules answers none, and codes work", async () => {
  const storage = memoryStorage();
  await (await engineOn({ storage })).coupons.create(coupon());
  const find = (request) => {
    const { rules: _, ...view } = storage.catalog.find(request);
    return view;
  };
  const engine = await engineOn({ storage, replace: { catalog: { find } } });
  assert.equal((await engine.apply({ codes: ["SAVE20"], cart: cart() })).totals.discount, 3_000);
});

test("a coupon is described by its rules: terms, draft, valid", async () => {
  const engine = await engineOn();
  await engine.rules.create(rule());
  await engine.coupons.create(linking("gift"));
  await engine.coupons.create(coupon({ id: "empty", code: "EMPTY", discount: null }));
  const described = async () => (await engine.coupons.list()).items.map(({ description }) => [description.draft, description.valid, description.terms]);
  assert.deepEqual(await described(), [[false, true, "10% off once"], [true, false, null]]);
  await engine.rules.setActive("gift", false);
  assert.deepEqual((await described())[0].slice(0, 2), [true, false]);
});

test("a store credit is described with what is left of it", async () => {
  const counters = { "coupon/c1/credit": { claimed: 700, held: 200 }, "coupon/c1/credit/added": { claimed: 500, held: 0 } };
  const read = (request) => ({ counters: request.counters.map((name) => ({ claimed: 0, held: 0, nextExpiry: null, ...counters[name] })), entries: [], expiredHolds: [] });
  const engine = await engineOn({ replace: { ledger: { read } } });
  await engine.coupons.create(coupon({ discount: { type: "store_credit", amounts: { EGP: 1_000 }, bearer: true } }));
  await engine.coupons.create(coupon({ id: "c2", code: "OTHER" }));
  const balances = (await engine.coupons.list()).items.map(({ description }) => description.balance);
  assert.deepEqual(balances, [{ currency: "EGP", amount: 800 }, null]);
});

test("S3.7 a code that does not fit the template is stored with a warning, or refused where the caller is strict", async () => {
  const engine = await engineOn();
  const { warnings, codes } = await engine.coupons.create(coupon({ template: "sale-##", codes: [{ code: "SALE-A1" }, { code: "OTHER" }] }));
  assert.deepEqual(warnings, [{ code: "OTHER", reason: "template_mismatch" }]);
  assert.deepEqual(codes.map(({ code }) => code), ["SALE-A1", "OTHER"]);
  const add = (code, strict) => engine.codes.add({ couponId: "c1", code, strict });
  assert.deepEqual((await add("SALE-B2", true)).warnings, []);
  const unlike = await add("sale-123");
  assert.deepEqual([unlike.code, unlike.warnings], ["SALE-123", [{ code: "SALE-123", reason: "template_mismatch" }]]);
  const refused = await rejectionOf(add("SALE-456", true));
  assert.deepEqual([refused.code, refused.path, refused.details], ["invalid_code", "code", { reason: "template_mismatch" }]);
  assert.equal((await engine.codes.list({ couponId: "c1" })).items.some(({ code }) => code === "SALE-456"), false);
});

test("a registry that lies about rules is told where", async () => {
  const wrong = [
    ["insertRule", { status: "done" }, (engine) => engine.rules.create(rule()), ".status"],
    ["getRules", {}, (engine) => engine.rules.get("gift"), ""],
    ["getRules", [{ id: "gift" }], (engine) => engine.rules.get("gift"), "[0].schemaVersion"],
    ["listRules", { items: [null], next: null }, (engine) => engine.rules.list(), ".items[0]"],
    ["getCode", { id: "other" }, (engine) => engine.codes.get("code_1"), ".id"],
    ["getCode", { id: "code_1" }, (engine) => engine.codes.get("code_1"), ".schemaVersion"],
  ];
  for (const [method, answer, call, place] of wrong) {
    const engine = await engineOn({ replace: { registry: { [method]: () => answer } } });
    const error = await rejectionOf(call(engine));
    assert.deepEqual([error.code, error.path], ["storage_invalid_answer", `storage.registry.${method}${place}`]);
  }
});

test("a prepared set takes coupons with their rules, or coupons alone", () => {
  const definitions = { coupons: [linking("gift")], rules: [rule(), rule({ id: "always", gate: "automatic", discount: { type: "percent", basisPoints: 500 } })] };
  const set = prepare(definitions);
  const request = { codes: ["SAVE20"], cart: cart(), now: NOW };
  assert.equal(set.evaluate(request).totals.discount, 2_250);
  assert.equal(set.evaluate({ ...request, automatic: false }).totals.discount, 1_500);
  assert.equal(prepare([coupon()]).evaluate(request).totals.discount, 3_000);
  const wrong = [
    [{ coupons: [linking("absent")], rules: [] }, "linked_discount_not_found", "coupons[0].rules[0]"],
    [{ coupons: [], rules: [rule({ gate: "x" })] }, "invalid_value", "rules[0].gate"],
    [{ coupons: [], rulez: [] }, "unknown_field", "rulez"],
    [{ rules: [] }, "required", "coupons"],
    [7, "invalid_type", "coupons"],
  ];
  for (const [given, code, path] of wrong) {
    const error = errorOf(() => prepare(given));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
});
