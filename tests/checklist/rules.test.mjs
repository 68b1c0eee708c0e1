/**
 * Discounts that exist apart from coupons: linked to them, reacting to them, or applying by themselves (guides S0, S1 and
 * S3; semantics §32). The settings between codes, rules and the host's own discounts are in `shop-wide.test.mjs`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, amount, buyer, cart, coupon, email, evaluate, evaluated, line, openShop, percent, reasons, redeemed, refused, rule, several } from "./shop.mjs";

const linking = (...rules) => coupon({ discount: null, rules });
const taken = ({ adjustments }) => adjustments.map(({ source, ruleId, amount: minor }) => [source, ruleId, minor]);
const automatic = (changes = {}) => rule({ id: "always", gate: "automatic", ...changes });

test("S0.10 one call creates a coupon and links it to the rule it was opened from, and answers what to insert there", async () => {
  const { engine, apply } = await openShop({ rules: [rule({ id: "vip" })] });
  const { coupon: created, code } = await engine.coupons.create({ type: "standard", code: "vip-10", rules: ["vip"] });
  assert.deepEqual([created.rules, code.code, code.couponId], [["vip"], "VIP-10", created.id]);
  assert.deepEqual(taken(await apply(["vip-10"], cart(10_000))), [["code", "vip", 1_000]]);
});

test("S0.10 a link to what is no rule creates nothing", async () => {
  const { engine } = await openShop();
  assert.deepEqual(await refused(() => engine.coupons.create({ id: "c1", type: "standard", code: "X", rules: ["gone"] })), ["linked_discount_not_found", "rules[0]"]);
  assert.equal(await engine.coupons.get("c1"), null);
  assert.equal((await engine.coupons.create({ id: "c2", type: "standard", code: "X" })).code.code, "X");
});

test("S0.26 after relinking the codes give the new discount", async () => {
  const rules = [rule({ id: "old" }), rule({ id: "new", discount: percent(2_500) })];
  const { engine, apply } = await openShop({ policy: { preset: "dino" }, rules, coupons: [linking("old")] });
  const before = await apply(["SAVE20"], cart(10_000));
  const { version } = await engine.coupons.update("c1", { rules: ["new"] });
  const after = await apply(["SAVE20"], cart(10_000));
  assert.deepEqual([taken(before), taken(after), version], [[["code", "old", 1_000]], [["code", "new", 2_500]], 2]);
  assert.notEqual(before.fingerprint, after.fingerprint);
});

test("S0+.5 several discounts react to one coupon, each with conditions of its own beside it", () => {
  const reacting = (id, restrictions, discount) => automatic({ id, discount, restrictions: { coupons: ["c1"], ...restrictions } });
  const rules = [
    reacting("first-timers", { firstOrderOnly: true }, amount(100)),
    reacting("third-order-on", { orderNumber: { from: 3 } }, amount(200)),
    reacting("members", { customerGroups: ["member"] }, amount(400)),
    reacting("big", { minimum: { amounts: { EGP: 5_000 }, quantity: 2 } }, amount(800)),
    reacting("egypt", { countries: ["EG"] }, amount(1_600)),
  ];
  const on = (codes, customer, onCart) =>
    evaluated({ coupons: [coupon({ discount: amount(1) })], rules, codes, customer: { keys: [email("ann@example.com")], ...customer }, cart: onCart })
      .automatic.filter(({ state }) => state === "applied").map(({ ruleId }) => ruleId);
  const everything = { ...cart(4_000, 1_000), country: "EG" };
  assert.deepEqual(on(["SAVE20"], { priorOrders: 0, groups: ["member"] }, everything), ["first-timers", "members", "big", "egypt"]);
  assert.deepEqual(on(["SAVE20"], { priorOrders: 2 }, { ...cart(4_000, 999), country: "DE" }), ["third-order-on"]);
  assert.deepEqual(on(["SAVE20"], { priorOrders: 1 }, cart(5_000)), []);
  assert.deepEqual(on([], { priorOrders: 0, groups: ["member"] }, everything), []);
});

test("S0+.5 a coupon that may not be used itself opens no reaction", () => {
  const rules = [automatic({ restrictions: { coupons: ["c1"] } })];
  const [{ state, rejection }] = evaluated({ coupons: [coupon({ limits: { total: 1 } })], rules, usage: redeemed({ "coupon/c1": 1 }) }).automatic;
  assert.deepEqual([state, rejection.code, rejection.details.coupons], ["parked", "coupon_required", ["c1"]]);
});

test("S0+.6 a coupon that drives no active rule has the draft badge; switching the rule on publishes it", async () => {
  const { engine, apply } = await openShop({ rules: [rule({ state: "inactive" })], coupons: [linking("r1"), coupon({ id: "c2", code: "EMPTY", discount: null })] });
  const badge = async (id) => (await engine.coupons.describe(id)).draft;
  assert.deepEqual([await badge("c1"), await badge("c2")], [true, true]);
  const [{ rejection }] = (await apply(["SAVE20"])).codes;
  assert.deepEqual([rejection.code, rejection.level], ["inactive", "rule"]);
  await engine.rules.setActive("r1", true);
  assert.deepEqual([await badge("c1"), await badge("c2")], [false, true]);
  assert.equal((await apply(["SAVE20"])).totals.discount, 10_000);
});

test("S0+.6 an archived rule gives nothing and stays readable", async () => {
  const { engine, apply } = await openShop({ rules: [rule()], coupons: [linking("r1")] });
  await engine.rules.update("r1", { state: "archived" });
  assert.deepEqual(reasons(await apply(["SAVE20"])), ["archived"]);
  const { items } = await engine.rules.list();
  assert.deepEqual(items.map(({ id, state }) => [id, state]), [["r1", "archived"]]);
});

test("S1.1 one cart with an automatic discount and a code: both apply, unless the shop says otherwise", async () => {
  const { apply } = await openShop({ rules: [automatic()], coupons: [coupon()] });
  const quote = await apply(["SAVE20"], cart(10_000));
  assert.deepEqual(taken(quote), [["code", null, 2_000], ["automatic", "always", 1_000]]);
  assert.equal(quote.totals.total, 7_000);
});

test("S1.2 an automatic discount needs no code; one behind a code never applies without it", async () => {
  const { apply } = await openShop({ rules: [automatic(), rule({ id: "gated" })], coupons: [linking("gated")] });
  assert.deepEqual(taken(await apply([], cart(10_000))), [["automatic", "always", 1_000]]);
  assert.deepEqual(taken(await apply(["WRONG"], cart(10_000))), [["automatic", "always", 1_000]]);
  assert.deepEqual(taken(await apply(["SAVE20"], cart(10_000))).map(([, id]) => id).toSorted(), ["always", "gated"]);
});

test("S1.4 the result says automatic or code, with a label of either", async () => {
  const { apply } = await openShop({
    policy: several("additive"),
    rules: [automatic({ name: "Every day" }), rule({ id: "plain", gate: "automatic", priority: 1 }), rule({ id: "linked", name: "Members" })],
    coupons: [coupon({ name: "Summer", priority: 2 }), coupon({ id: "c2", code: "BARE", priority: 3 }), coupon({ id: "c3", code: "CLUB", discount: null, rules: ["linked"], priority: 4 })],
  });
  const { adjustments } = await apply(["SAVE20", "BARE", "CLUB"], cart(10_000));
  const said = Object.fromEntries(adjustments.map(({ source, label, code }) => [label, `${source} ${code}`]));
  assert.deepEqual(said, { "Every day": "automatic null", plain: "automatic null", Summer: "code SAVE20", BARE: "code BARE", Members: "code CLUB" });
});

test("S1.7 a link names an existing rule, one that needs a coupon; a coupon has a discount or links, not both", async () => {
  const { engine } = await openShop({ rules: [rule(), automatic()] });
  const create = (changes) => refused(() => engine.coupons.create(coupon({ discount: null, ...changes })));
  assert.deepEqual(await create({ rules: ["r1", "unknown"] }), ["linked_discount_not_found", "rules[1]"]);
  assert.deepEqual(await create({ rules: ["always"] }), ["invalid_value", "rules[0]"]);
  assert.deepEqual(await create({ rules: ["r1"], discount: percent(100) }), ["invalid_value", "rules"]);
  const pure = () => evaluate({ coupons: [linking("unknown")], codes: [], cart: cart(100), now: NOW });
  assert.deepEqual(await refused(pure), ["linked_discount_not_found", "coupons[0].rules[0]"]);
});

test("S1.11 from the toolbar first and linked later, or from a targeting field: the same call, and its id is what the field takes", async () => {
  const { engine, apply } = await openShop({ policy: { preset: "dino" }, rules: [automatic({ restrictions: { coupons: ["placeholder"] } }), rule()] });
  const { coupon: fromToolbar } = await engine.coupons.create({ type: "standard", code: "TOOLBAR" });
  await engine.coupons.update(fromToolbar.id, { rules: ["r1"] });
  assert.deepEqual(taken(await apply(["TOOLBAR"], cart(10_000))), [["code", "r1", 1_000]]);
  const { coupon: fromField } = await engine.coupons.create({ type: "standard", code: "FIELD", discount: amount(300) });
  await engine.rules.update("always", { restrictions: { coupons: [fromField.id] } });
  assert.deepEqual(taken(await apply(["FIELD"], cart(10_000))).toSorted(), [["automatic", "always", 1_000], ["code", null, 300]]);
});

test("S3.2, S0.1 one code of a group unlocks two discounts, each evaluated by itself", () => {
  const rules = [rule({ id: "hats", restrictions: { products: { include: ["a"] } } }), rule({ id: "post", discount: { ...amount(500), target: "shipping" }, restrictions: { minimum: { amounts: { EGP: 10_000 } } } })];
  const group = coupon({ code: null, discount: null, rules: ["hats", "post"], codes: [{ code: "ONE" }, { code: "TWO" }] });
  const on = (code, onCart) => evaluated({ coupons: [group], rules, codes: [code], cart: { ...onCart, shipping: 700 } });
  for (const code of ["ONE", "TWO"]) {
    assert.deepEqual(taken(on(code, cart(8_000, 2_000))), [["code", "hats", 800], ["code", "post", 500]]);
    assert.deepEqual(taken(on(code, cart(8_000, 1_999))), [["code", "hats", 800]]);
    assert.equal(on(code, cart(8_000, 2_000)).codes[0].discount, 1_300);
  }
});

test("semantics §32: one code with two rules: both are applied and allocated to the lines", () => {
  const rules = [rule({ id: "p" }), rule({ id: "f", discount: amount(300), priority: 1 })];
  const quote = evaluated({ coupons: [linking("p", "f")], rules, cart: cart(1_000, 2_000) });
  assert.deepEqual(quote.adjustments.map(({ ruleId, lines }) => [ruleId, lines.map(({ amount: share }) => share)]), [["p", [100, 200]], ["f", [100, 200]]]);
  assert.deepEqual([quote.codes[0].discount, quote.totals.total], [600, 2_400]);
});

test("semantics §32: two coupons of one rule: it is applied once", () => {
  const coupons = [linking("r1"), coupon({ id: "c2", code: "TWIN", discount: null, rules: ["r1"] })];
  const quote = evaluated({ coupons, rules: [rule()], codes: ["SAVE20", "TWIN"], policy: several("additive"), cart: cart(10_000) });
  assert.deepEqual([reasons(quote), quote.totals.discount], [["applied", "already_applied"], 1_000]);
});

test("semantics §32: an external rule is unlocked, not computed; what the host makes of it comes back in the quote", () => {
  const request = { coupons: [linking("gift-wrap")], rules: [{ id: "gift-wrap", gate: "external" }], cart: cart(10_000, 5_000) };
  const asked = evaluated(request);
  assert.deepEqual([asked.unlocked, asked.adjustments, reasons(asked), asked.totals.discount], [["gift-wrap"], [], ["applied"], 0]);
  const told = evaluated({ ...request, cart: { ...request.cart, foreignDiscounts: [{ lineId: "b", amount: 700, ruleId: "gift-wrap" }] } });
  assert.deepEqual([taken(told), told.codes[0].discount, told.totals.total], [[["foreign", "gift-wrap", 700]], 700, 14_300]);
  assert.deepEqual(evaluated({ ...request, codes: [] }).unlocked, []);
});

test("semantics §32: restrictions of coupon, code and rule must all hold, and the refusal names the level", () => {
  const least = (minor) => ({ minimum: { amounts: { EGP: minor } } });
  const coupons = [coupon({ discount: null, rules: ["r1"], restrictions: least(1_000), codes: [{ code: "C", restrictions: least(2_000) }] })];
  const on = (minor) => evaluated({ coupons, rules: [rule({ restrictions: least(3_000) })], codes: ["C"], cart: cart(minor) }).codes[0];
  const levels = ({ rejection, also }) => [rejection, ...also].map(({ level }) => level);
  assert.deepEqual(levels(on(999)).toSorted(), ["code", "coupon", "rule"]);
  assert.deepEqual([levels(on(2_999)), on(3_000).state], [["rule"], "applied"]);
});

test("semantics §32: of several rules those that hold apply; a refusal names the one that came furthest", () => {
  const rules = [rule({ id: "off", state: "inactive" }), rule({ id: "hats", restrictions: { products: { include: ["hat"] } } })];
  const on = (lines) => evaluated({ coupons: [linking("off", "hats")], rules, cart: { currency: "EGP", lines } });
  assert.deepEqual(taken(on([line("hat", 1_000)])), [["code", "hats", 100]]);
  assert.deepEqual(reasons(on([line("sock", 1_000)])), ["no_eligible_items"]);
});

test("semantics §32: an automatic rule with a condition on the customer waits for one", () => {
  const rules = [automatic({ restrictions: { customerGroups: ["vip"] } })];
  const by = (customer) => evaluated({ coupons: [], rules, codes: [], customer }).automatic.map(({ state, rejection }) => rejection?.code ?? state);
  const ann = buyer(email("ann@example.com"));
  assert.deepEqual([by(null), by({ ...ann, groups: ["staff"] }), by({ ...ann, groups: ["vip"] })], [["customer_required"], ["customer_not_allowed"], ["applied"]]);
});
