/**
 * Host objects are read once, never changed, never kept; globals stay as they are (X3, X4).
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { runInNewContext } from "node:vm";
import { createCouponEngine, evaluate, generateCodes, memoryStorage, parseUrlToken, preload, prepare } from "./package.mjs";
import { NOW, assertStillWorks, coupon, engineOn, errorOf, request } from "./samples.mjs";

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

const countedBytes = () => Uint8Array.from({ length: 64 }, (_, index) => index);

test("bytes are copied as they are, whatever methods and properties their class has", () => {
  const neverCalled = () => assert.fail("the host's method was called");
  class Bytes extends Uint8Array {
    slice() { return neverCalled(); }
    get length() { return neverCalled(); }
    [Symbol.iterator]() { return neverCalled(); }
  }
  const { codes } = generateCodes({ count: 2, entropy: countedBytes() });
  assert.deepEqual(generateCodes({ count: 2, entropy: new Bytes(countedBytes().buffer) }).codes, codes);
  assert.deepEqual(generateCodes({ count: 2, entropy: Buffer.from(countedBytes()) }).codes, codes);
  assert.deepEqual(generateCodes({ count: 2, entropy: runInNewContext("Uint8Array.from({ length: 64 }, (_, index) => index)") }).codes, codes);
});

test("what only looks like bytes is refused, and bytes that cannot be read are unreadable", () => {
  const detached = countedBytes();
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const cases = [
    [Object.create(Uint8Array.prototype), "invalid_type"],
    [new Proxy(countedBytes(), {}), "invalid_type"],
    [new Uint16Array(64), "invalid_type"],
    [new DataView(new ArrayBuffer(64)), "invalid_type"],
    [new ArrayBuffer(64), "invalid_type"],
    [Object.setPrototypeOf({}, { get [Symbol.toStringTag]() { return "Uint8Array"; } }), "invalid_type"],
    [detached, "unreadable"],
  ];
  for (const [entropy, code] of cases) {
    const error = errorOf(() => generateCodes({ count: 1, entropy }));
    assert.deepEqual([error.code, error.path], [code, "entropy"]);
    assertStillWorks();
  }
});

test("a URL is read once, and one that cannot be read is told", () => {
  const link = "https://shop.example/?coupon=SAVE20";
  let reads = 0;
  class Counting extends URL {
    get href() {
      reads += 1;
      return super.href;
    }
  }
  assert.equal(parseUrlToken(new Counting(link)).tokens[0].canonical, "SAVE20");
  assert.equal(reads, 1);
  const throwing = new (class extends URL { get href() { throw new TypeError("no"); } })(link);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const url of [throwing, Object.create(URL.prototype), proxy]) {
    const error = errorOf(() => parseUrlToken(url));
    assert.deepEqual([error.code, error.path], ["unreadable", "url"]);
  }
  const lying = new (class extends URL { get href() { return { toString: () => link }; } })(link);
  assert.deepEqual([errorOf(() => parseUrlToken(lying)).code, errorOf(() => parseUrlToken([link])).code], ["invalid_type", "invalid_type"]);
  assertStillWorks();
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
