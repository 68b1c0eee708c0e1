/**
 * Host objects are read once, never changed, never kept; globals stay as they are (X3, X4).
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createCouponEngine, evaluate, memoryStorage, preload, prepare } from "./package.mjs";
import { NOW, coupon, engineOn, request } from "./samples.mjs";

before(preload);

function frozen(value) {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

/** The same data behind proxies that count reads and refuse writes. */
function watched(value, reads, path = "") {
  if (typeof value !== "object" || value === null) return value;
  const refuse = (trap) => () => assert.fail(`${trap} on the host's ${path}`);
  return new Proxy(value, {
    get(target, name) {
      const at = `${path}.${String(name)}`;
      if (typeof name === "string") reads.set(at, (reads.get(at) ?? 0) + 1);
      return watched(Reflect.get(target, name), reads, at);
    },
    set: refuse("set"),
    defineProperty: refuse("defineProperty"),
    deleteProperty: refuse("deleteProperty"),
    setPrototypeOf: refuse("setPrototypeOf"),
    preventExtensions: refuse("preventExtensions"),
  });
}

function assertReadOnce(reads) {
  assert.ok(reads.size > 10, "the request was read");
  for (const [path, count] of reads) assert.equal(count, 1, `${path} was read ${count} times`);
}

test("frozen input gives the same answer", () => {
  assert.deepEqual(evaluate(frozen(request())), evaluate(request()));
});

test("evaluate reads each property once and writes none", () => {
  const reads = new Map();
  const quote = evaluate(watched(request(), reads));
  assert.equal(quote.totals.discount, 3_000);
  assertReadOnce(reads);
});

test("validate and apply read each property once and write none", async () => {
  const engine = await engineOn();
  await engine.coupons.create(frozen(coupon()));
  const { coupons: _, ...checkout } = request();
  for (const method of ["validate", "apply"]) {
    const reads = new Map();
    const answer = await engine[method](watched(checkout, reads));
    assert.equal(answer.codes[0].state, "applied");
    assertReadOnce(reads);
  }
});

test("a request changed while the storage is awaited changes nothing", async () => {
  const { coupons: _, ...checkout } = request();
  const storage = memoryStorage();
  const engine = await engineOn({
    storage,
    replace: {
      catalog: {
        async find(asked) {
          checkout.cart.lines[0].unitPrice = 1;
          checkout.codes.push("OTHER");
          asked.codes = [];
          return storage.catalog.find({ codes: ["SAVE20"], couponIds: [] });
        },
      },
    },
  });
  await engine.coupons.create(coupon());
  const quote = await engine.apply(checkout);
  assert.equal(quote.codes.length, 1);
  assert.equal(quote.totals.discount, 3_000);
});

test("a getter that answers differently each time is asked once", () => {
  let price = 10_000;
  const line = { id: "a", quantity: 1, get unitPrice() { return price--; } };
  const quote = evaluate(request({ cart: { currency: "EGP", lines: [line] } }));
  assert.equal(quote.totals.subtotal, 10_000);
  assert.equal(price, 9_999);
});

test("a prepared set does not follow later changes of its coupons", () => {
  const definitions = [coupon()];
  const set = prepare(definitions);
  definitions[0].discount.basisPoints = 1;
  const { coupons: _, ...rest } = request();
  assert.equal(set.evaluate(rest).totals.discount, 3_000);
  set.close();
});

test("answers are the caller's to change", () => {
  const set = prepare([coupon()]);
  const { coupons: _, ...rest } = request();
  const first = set.evaluate(rest);
  first.totals.discount = 0;
  first.codes.length = 0;
  assert.equal(set.evaluate(rest).totals.discount, 3_000);
  set.close();
});

test("the storage is read once, at creation", async () => {
  const storage = memoryStorage();
  const asked = [];
  const options = {
    clock: () => NOW,
    get storage() {
      asked.push("storage");
      return { get catalog() { asked.push("catalog"); return storage.catalog; }, get ledger() { asked.push("ledger"); return storage.ledger; } };
    },
  };
  const engine = await createCouponEngine(options);
  const { coupons: _, ...checkout } = request();
  await engine.apply(checkout);
  assert.deepEqual(asked, ["storage", "catalog", "ledger"]);
});

test("globals are untouched by everything above", async () => {
  const engine = await engineOn();
  const names = [Object, Array, Function, String, Promise].map(({ prototype }) => Object.getOwnPropertyNames(prototype).join());
  const globals = Object.getOwnPropertyNames(globalThis).join();
  await engine.coupons.create(coupon({ metadata: JSON.parse('{"__proto__":"x","constructor":"y"}') }));
  const { coupons: _, ...checkout } = request();
  await engine.apply(checkout);
  assert.deepEqual([Object, Array, Function, String, Promise].map(({ prototype }) => Object.getOwnPropertyNames(prototype).join()), names);
  assert.equal(Object.getOwnPropertyNames(globalThis).join(), globals);
});

test("metadata keeps a key named `__proto__`", async () => {
  const engine = await engineOn();
  const metadata = JSON.parse('{"__proto__":"kept","b":"c"}');
  const { coupon: created } = await engine.coupons.create(coupon({ metadata }));
  assert.deepEqual(Object.entries(created.metadata).sort(), [["__proto__", "kept"], ["b", "c"]]);
  const view = await engine.coupons.get("c1");
  assert.deepEqual(Object.entries(view.coupon.metadata).sort(), [["__proto__", "kept"], ["b", "c"]]);
});
