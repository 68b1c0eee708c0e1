/**
 * A customer's data: exported, erased, let go of after its time; and that nothing of it is where it does not belong (S2,
 * S5, threat model #32).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "./package.mjs";
import { NOW, coupon, rejectionOf } from "./samples.mjs";
import { ANN, BOB, checkout, claimedOf, intercepted, shopOf } from "./purchases.mjs";

const DAY = 86_400_000;
const identityKey = "a key outside of the store";
const once = coupon({ limits: { perCustomer: 1 } });

async function shop(options = {}) {
  const opened = await shopOf({ coupons: [once], identityKey, ...options });
  const buy = async (key, customer) => {
    opened.clock.now += 1_000;
    return opened.engine.redeemNow(checkout(key, { customer }));
  };
  return { ...opened, buy };
}

test("#32: an export has every record of any of the keys, each with its revisions, once", async () => {
  const { engine, buy, clock } = await shop({ coupons: [coupon()] });
  await buy("o1", ANN);
  await buy("o2", BOB);
  await buy("o3", { keys: [{ kind: "email", value: "ANN@example.com " }] });
  clock.now += 1;
  await engine.rollback({ key: "o1" });
  const { keys, redemptions } = await engine.customers.export({ keys: ANN.keys });
  assert.match(keys[0], /^email\/h[0-9a-f]{32}$/);
  assert.equal(keys[1], "id/7");
  assert.deepEqual(redemptions.map(({ redemption, history }) => [redemption.key, redemption.state, history.length]), [["o1", "rolled_back", 2], ["o3", "redeemed", 1]]);
  assert.deepEqual(redemptions[0].history[1], redemptions[0].redemption);
  assert.deepEqual((await engine.customers.export({ keys: [{ kind: "id", value: "8" }] })).redemptions, []);
});

test("#32: erased, a customer is not found any more, and every count stays", async () => {
  const storage = memoryStorage();
  const { engine, buy } = await shop({ storage, coupons: [coupon({ limits: { total: 5, perCustomer: 1 } })] });
  await buy("o1", ANN);
  await buy("o2", BOB);
  assert.equal((await engine.reserve(checkout("o3", { customer: ANN }))).reason, "codes_refused");
  assert.deepEqual(await engine.customers.erase({ keys: ANN.keys }), { customers: 2, entries: 2 });
  assert.deepEqual((await engine.customers.export({ keys: ANN.keys })).redemptions, []);
  assert.equal((await engine.customers.export({ keys: BOB.keys })).redemptions.length, 1);
  assert.deepEqual([await claimedOf(storage, "coupon/c1"), await claimedOf(storage, "coupon/c1/customer/id/7")], [2, 0]);
  assert.equal((await engine.redemptions.get("o1")).state, "redeemed");
  const { entries: [{ index }] } = await storage.ledger.read({ at: NOW, counters: [], entries: ["o1"], expiredHolds: null });
  assert.match(index.customerKeys.join(), /^email\/%erased[0-9a-f]{32},id\/%erased[0-9a-f]{32}$/);
  assert.deepEqual((await engine.reconcile()).differences, []);
  assert.deepEqual(await engine.customers.erase({ keys: ANN.keys }), { customers: 0, entries: 0 });
  assert.equal((await engine.rollback({ key: "o1" })).status, "rolled_back");
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
});

test("#32: a payment that had read before the names were changed does not bring them back", async () => {
  const storage = memoryStorage();
  let letPay;
  const mayPay = new Promise((resolve) => { letPay = resolve; });
  let renames = 0;
  const over = (original) => intercepted(original, async (path, run, [given]) => {
    if (path === "ledger.commit" && given.insert[0]?.state === "redeemed") await mayPay;
    const answer = await run();
    if (path !== "redemptions.rekey") return answer;
    renames += 1;
    letPay();
    await paying;
    return answer;
  });
  const { engine } = await shop({ storage, over });
  await engine.reserve(checkout("o1", { customer: ANN }));
  const paying = engine.redeem({ key: "o1" });
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.deepEqual(await engine.customers.erase({ keys: [ANN.keys[1]] }), { customers: 1, entries: 2 });
  assert.equal((await paying).status, "redeemed");
  assert.equal(renames, 3, "until nothing is left under the old name");
  assert.deepEqual((await engine.customers.export({ keys: [ANN.keys[1]] })).redemptions, []);
  const { items } = await storage.redemptions.list({ by: null, states: [], after: null, limit: 9 });
  const { customerKeys, claims } = items[0].index;
  assert.equal(claims.filter(({ counter }) => counter.endsWith(customerKeys[1])).length, 1, "the same name both times");
  assert.deepEqual((await engine.reconcile()).differences, []);
});

test("a store that goes on renaming ends the call after some rounds", async () => {
  const over = (original) => ({ ...original, redemptions: { ...original.redemptions, rekey: () => ({ entries: 1 }) } });
  const { engine } = await shop({ over });
  const { customers, entries } = await engine.customers.erase({ keys: ANN.keys });
  assert.equal(customers, 2);
  assert.ok(entries < 100);
});

test("#32: retention erases whom nothing has happened to since, in pages, and tells how far it is", async () => {
  const storage = memoryStorage();
  const { engine, clock } = await shop({ storage, coupons: [coupon()] });
  for (let number = 0; number < 230; number += 1) {
    clock.now += 1;
    await engine.redeemNow(checkout(`old-${number}`, { customer: { keys: [{ kind: "id", value: `old ${number}` }] } }));
  }
  clock.now += 100 * DAY;
  await engine.redeemNow(checkout("new", { customer: BOB }));
  const told = [];
  const erased = await engine.customers.retain({ before: NOW + DAY, onProgress: (progress) => { told.push(progress.customers); } });
  assert.deepEqual([erased, told], [{ customers: 230, entries: 230 }, [100, 199, 230]]);
  assert.deepEqual((await engine.redemptions.list({ customer: { kind: "id", value: "old 7" } })).items, []);
  assert.equal((await engine.redemptions.list({ customer: BOB.keys[0] })).items.length, 1);
  assert.deepEqual(await engine.customers.retain({ before: NOW + DAY }), { customers: 0, entries: 0 });
  const error = await rejectionOf(engine.customers.retain({ before: clock.now + DAY, onProgress: () => { throw new Error("stop"); } }));
  assert.deepEqual([error.code, error.path], ["aborted", "onProgress"]);
});

test("a store that goes on answering idle customers and renames none is not asked for ever", async () => {
  let asked = 0;
  const over = (original) => ({
    ...original,
    redemptions: { ...original.redemptions, idleCustomers: () => { asked += 1; return ["id/1"]; }, rekey: () => ({ entries: 0 }) },
  });
  const { engine } = await shop({ over });
  assert.deepEqual(await engine.customers.retain({ before: NOW }), { customers: 0, entries: 0 });
  assert.equal(asked, 1);
});

test("wrong requests about customers are refused with a path", async () => {
  const { engine } = await shop();
  const wrong = [
    [() => engine.customers.export({}), "required", "keys"], [() => engine.customers.export({ keys: [] }), "out_of_range", "keys"], [() => engine.customers.erase({ keys: [{ kind: "id" }] }), "required", "keys[0].value"],
    [() => engine.customers.erase({ key: "o1" }), "unknown_field", "key"], [() => engine.customers.retain({}), "required", "before"], [() => engine.customers.retain({ before: "2025" }), "invalid_type", "before"],
  ];
  for (const [call, code, path] of wrong) {
    const error = await rejectionOf(call());
    assert.deepEqual([error.code, error.path], [code, path]);
  }
});

test("a platform without randomness erases nothing", async () => {
  const { engine, buy } = await shop();
  await buy("o1", ANN);
  const kept = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  try {
    Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
    assert.equal((await rejectionOf(engine.customers.erase({ keys: ANN.keys }))).code, "entropy_unavailable");
  } finally {
    Object.defineProperty(globalThis, "crypto", kept);
  }
  assert.equal((await engine.customers.export({ keys: ANN.keys })).redemptions.length, 1);
});

test("another identity key makes other names, and the same key the same", async () => {
  const names = async (key) => (await (await shop({ identityKey: key })).engine.customers.export({ keys: [ANN.keys[0]] })).keys[0];
  assert.equal(await names(identityKey), await names(identityKey));
  assert.notEqual(await names(identityKey), await names("another key outside of the store"));
  assert.notEqual(await names(undefined), await names(identityKey));
});

test("invariant S2: no e-mail, full code or token in keys, logs, errors", async () => {
  const storage = memoryStorage();
  const ledgerSaw = [];
  const over = (original) => intercepted(original, (path, run, given) => {
    if (path.startsWith("ledger") || path.startsWith("redemptions")) ledgerSaw.push([path, structuredClone(given)]);
    return run();
  });
  const told = [];
  const tell = (what) => told.push(JSON.stringify(what));
  const email = "carla.rossi@example.com";
  const phone = "+39 06 1234567";
  const customer = { keys: [{ kind: "email", value: ` ${email.toUpperCase()}` }, { kind: "phone", value: phone }] };
  const definition = coupon({ code: "SPRING-K7Q2", limits: { total: 2, perCustomer: 1 }, restrictions: { firstOrderOnly: true } });
  const link = coupon({ id: "link", type: "url_token", code: "TOKEN-F9X4", limits: { total: 5 } });
  const { engine, clock } = await shopOf({
    storage, over, identityKey, attempts: { caller: 3 }, onAttempt: tell, onEvent: tell, coupons: [definition, link], policy: { stacking: { maxCodes: 5 } },
  });
  const request = (key, changes = {}) => checkout(key, { codes: ["spring-k7q2", { code: "token-f9x4", origin: "url" }], customer: { ...customer, priorOrders: 0 }, caller: "203.0.113.7", ...changes });
  const errorOf = async (promise) => { const error = await rejectionOf(promise); told.push(`${error.message} ${JSON.stringify(error)} ${error.cause?.message}`); };

  await engine.apply(request(undefined));
  await engine.reserve(request("o1", { holdFor: 1_000 }));
  await errorOf(engine.reserve(request("o1", { cart: { currency: "EGP", lines: [] } })));
  clock.now += 1_000;
  await engine.reserve(request("o2"));
  await engine.redeem({ key: "o2", order: "inv-1" });
  await engine.reserve(request("o3"));
  for (let guess = 0; guess < 4; guess += 1) await engine.validate(request(undefined, { codes: ["spring-wrong"] }));
  await errorOf(engine.redeem({ key: "o1", customer: { keys: [{ kind: "email", value: 7 }] } }));
  await errorOf(engine.reserve(request("o4", { codes: ["spring-k7q2", 5] })));
  await engine.rollback({ key: "o2" });
  await engine.coupons.get("c1");
  await engine.redemptions.list({ customer: customer.keys[0] });
  await engine.customers.export(customer);
  await engine.sweep();
  await engine.reconcile();
  await engine.customers.erase(customer);
  await errorOf(engine.redeem({ key: "nobody" }));

  const bodies = [];
  const names = ledgerSaw.map(([path, given]) => {
    for (const entry of given[0]?.insert ?? []) {
      bodies.push(entry.body);
      entry.body = "";
    }
    return `${path} ${JSON.stringify(given)}`;
  });
  assert.ok(bodies.length >= 4 && told.length > 15);
  const personal = /carla|rossi|1234567|203\.0\.113/i;
  for (const text of [...names, ...told]) {
    assert.doesNotMatch(text, personal);
    assert.doesNotMatch(text, /k7q2|f9x4|spring|token/i);
    assert.doesNotMatch(text, /outside of the store/);
  }
  for (const body of bodies) assert.doesNotMatch(body, personal);
});

test("invariant S5: what is found by one customer's key is that customer's alone", async () => {
  const { engine, buy } = await shop({ coupons: [coupon()] });
  const lookAlikes = ["7", "07", "7/", "7%2F", "%37", "id/7", "7 ", "７"];
  for (const [index, value] of lookAlikes.entries()) await buy(`o${index}`, { keys: [{ kind: "id", value }] });
  await buy("mail", { keys: [{ kind: "email", value: "7" }] });
  for (const [index, value] of lookAlikes.entries()) {
    const { items } = await engine.redemptions.list({ customer: { kind: "id", value } });
    const same = lookAlikes.filter((other) => other.trim() === value.trim()).length;
    assert.equal(items.length, same, JSON.stringify(value));
    assert.ok(items.some(({ key }) => key === `o${index}`));
  }
});
