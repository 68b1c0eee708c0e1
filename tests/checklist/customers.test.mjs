/**
 * Who is buying, and their earlier orders (semantics §11, §12), as far as an evaluation goes: the counters and the number
 * of orders are given. Claiming them is the checkout's.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { buyer, cart, coupon, email, evaluated, openShop, reasons, redeemed } from "./shop.mjs";

const id = (value) => ({ kind: "id", value });
const mail = (name) => email(`${name}@example.com`);
const perCustomer = (limit) => [coupon({ limits: { perCustomer: limit } })];
const used = (counts) => redeemed(Object.fromEntries(Object.entries(counts).map(([key, count]) => [`coupon/c1/customer/${key}`, count])));
const by = (coupons, customer, more = {}) => reasons(evaluated({ coupons, customer, ...more }))[0];

test("semantics §11: a guest by e-mail, then signed in with the same e-mail: the second is refused", () => {
  const usage = used({ "email/ann@example.com": 1 });
  assert.equal(by(perCustomer(1), buyer(id("7"), mail("Ann")), { usage }), "customer_limit_reached");
  assert.equal(by(perCustomer(1), buyer(id("7")), { usage }), "applied");
});

test("semantics §11: an e-mail with a tag and in other letters is the same person where tags are stripped, and only there", () => {
  const usage = used({ "email/a.b@ex.com": 1 });
  const customer = buyer(email("  A.B+x@Ex.com "));
  assert.equal(by(perCustomer(1), customer, { usage, policy: { stripPlusTag: true } }), "customer_limit_reached");
  assert.equal(by(perCustomer(1), customer, { usage }), "applied");
  assert.equal(by(perCustomer(1), buyer(email("ab+x@ex.com")), { usage, policy: { stripPlusTag: true } }), "applied");
});

test("semantics §11: each key counts by itself: two keys of one redemption are not added up", () => {
  const both = buyer(id("1"), mail("b"));
  const after = (ofId, ofMail) => by(perCustomer(2), both, { usage: used({ "id/1": ofId, "email/b@example.com": ofMail }) });
  assert.deepEqual([after(1, 1), after(2, 1), after(1, 2)], ["applied", "customer_limit_reached", "customer_limit_reached"]);
});

test("semantics §11: without a key, limits and restrictions by customer wait for one", () => {
  const found = [{ limits: { perCustomer: 1 } }, { restrictions: { firstOrderOnly: true } }, { restrictions: { customers: [mail("ann")] } }, { restrictions: { customerGroups: ["vip"] } }, { restrictions: { orderNumber: { to: 3 } } }];
  for (const changes of found) {
    const [{ state, rejection }] = evaluated({ coupons: [coupon(changes)], customer: null }).codes;
    assert.deepEqual([state, rejection.code], ["parked", "customer_required"]);
  }
});

test("semantics §11: an e-mail may stand for its whole domain, and for no other", () => {
  const coupons = [coupon({ restrictions: { customers: [email("*@Company.example")] } })];
  const of = (address) => by(coupons, buyer(email(address)));
  assert.deepEqual([of("ann@company.example"), of("x.y+z@COMPANY.example"), of("ann@sub.company.example"), of("ann@company.example.org")], ["applied", "applied", "customer_not_allowed", "customer_not_allowed"]);
  assert.equal(by(coupons, buyer({ kind: "id", value: "ann@company.example" })), "customer_not_allowed");
});

test("semantics §12: no earlier paid order will do, a failed or a refunded one is none, one that was paid refuses", async () => {
  const orders = { "ann@example.com": ["failed", "refunded"], "bob@example.com": ["paid"] };
  const priorOrders = ({ keys }) => keys.flatMap(({ value }) => orders[value] ?? []).filter((status) => status === "paid").length;
  const { apply } = await openShop({ coupons: [coupon({ restrictions: { firstOrderOnly: true } })], priorOrders });
  const found = [];
  for (const name of ["ann", "bob", "new"]) found.push(...reasons(await apply(["SAVE20"], cart(100), { customer: buyer(mail(name)) })));
  assert.deepEqual(found, ["applied", "not_first_order", "applied"]);
});

test("semantics §12: an order's number counts the earlier ones and itself", () => {
  const of = (orderNumber, priorOrders) => by([coupon({ restrictions: { orderNumber } })], { keys: [mail("ann")], priorOrders });
  assert.deepEqual([1, 2, 4, 5].map((prior) => of({ from: 3, to: 5 }, prior)), ["order_number_mismatch", "applied", "applied", "order_number_mismatch"]);
  assert.deepEqual([of({ from: 3 }, 99), of({ to: 1 }, 0), of({ to: 1 }, 1)], ["applied", "applied", "order_number_mismatch"]);
});
