/**
 * Malformed requests: each ends in a typed error that names the place, and the next call works (X1, X2).
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { evaluate, generateCodes, parseUrlToken, preload, prepare } from "./package.mjs";
import { assertStillWorks, cart, coupon, errorOf, request } from "./samples.mjs";

before(preload);

const line = (changes) => request({ cart: cart({ lines: [{ id: "a", unitPrice: 100, quantity: 1, ...changes }] }) });
const quantity = (value) => line({ quantity: value });

const circle = { id: "a", unitPrice: 100, quantity: 1 };
circle.ids = [circle];

const CASES = [
  ["NaN", quantity(NaN), "invalid_type", "cart.lines[0].quantity"],
  ["Infinity", quantity(Infinity), "invalid_type", "cart.lines[0].quantity"],
  ["−0 is 0", quantity(-0), "out_of_range", "cart.lines[0].quantity"],
  ["2^53", quantity(2 ** 53), "invalid_type", "cart.lines[0].quantity"],
  ["a fraction", quantity(1.5), "invalid_type", "cart.lines[0].quantity"],
  ["a negative quantity", quantity(-1), "out_of_range", "cart.lines[0].quantity"],
  ["a quantity as text", quantity("1"), "invalid_type", "cart.lines[0].quantity"],
  ["a bigint", quantity(1n), "invalid_type", "cart.lines[0].quantity"],
  ["a function", quantity(() => 1), "invalid_type", "cart.lines[0].quantity"],
  ["a symbol", quantity(Symbol("one")), "invalid_type", "cart.lines[0].quantity"],
  ["a boxed number", quantity(new Number(1)), "invalid_type", "cart.lines[0].quantity"],
  ["a date", request({ now: new Date(0) }), "invalid_type", "now"],
  ["a promise for the cart", request({ cart: Promise.resolve(cart()) }), "invalid_type", "cart"],
  ["a map for amounts", request({ coupons: [coupon({ discount: { type: "amount", amounts: new Map([["EGP", 1]]) } })] }), "invalid_type", "coupons[0].discount.amounts"],
  ["a proxied map", request({ cart: new Proxy(new Map(), {}) }), "invalid_type", "cart"],
  ["bytes for an id", line({ id: new Uint8Array(3) }), "invalid_type", "cart.lines[0].id"],
  ["an unknown field", line({ qantity: 2 }), "unknown_field", "cart.lines[0].qantity"],
  ["an unknown field at the top", { ...request(), cupons: [] }, "unknown_field", "cupons"],
  ["an unknown restriction", request({ coupons: [coupon({ restrictions: { expires: 1 } })] }), "unknown_field", "coupons[0].restrictions.expires"],
  ["a field left out", request({ cart: { currency: "EGP" } }), "required", "cart.lines"],
  ["a cart in a circle", request({ cart: cart({ lines: [circle] }) }), "too_deep", `cart.lines[0]${".ids[0]".repeat(6)}.ids`],
  ["10,000 lines", request({ cart: cart({ lines: Array.from({ length: 10_000 }, (_, index) => ({ id: `l${index}`, unitPrice: 1, quantity: 1 })) }) }), "too_large", "cart.lines"],
  ["10 MB of text", line({ id: "x".repeat(10_000_000) }), "too_long", "cart.lines[0].id"],
  ["10 MB of code", request({ codes: ["x".repeat(10_000_000)] }), "too_large", "codes[0]"],
  ["10 MB in pieces", request({ coupons: Array.from({ length: 200 }, (_, index) => coupon({ id: `c${index}`, description: "x".repeat(60_000) })) }), "too_large", "coupons[139].description"],
  ["a list of a billion holes", request({ codes: Object.assign([], { length: 1e9 }) }), "too_large", "codes"],
  ["half a surrogate pair", line({ id: "\ud800" }), "invalid_value", "cart.lines[0].id"],
  ["half a surrogate pair in a code's definition", request({ coupons: [coupon({ codes: [{ code: "\ud800" }] })] }), "invalid_value", "coupons[0].codes[0].code"],
  ["half a surrogate pair beside an entered code", request({ codes: [{ code: "SAVE20", source: "\ud800" }] }), "invalid_value", "codes[0].source"],
  ["half a surrogate pair in a key", request({ coupons: [coupon({ metadata: { "\udc00": "x" } })] }), "invalid_value", 'coupons[0].metadata["\\udc00"]'],
  ["a key that is no identifier", request({ coupons: [coupon({ metadata: { "a b": 1 } })] }), "invalid_type", 'coupons[0].metadata["a b"]'],
  ["a getter that throws", request({ cart: { currency: "EGP", get lines() { throw new Error("no"); } } }), "unreadable", "cart.lines"],
  ["a proxy that throws", request({ cart: new Proxy({}, { ownKeys() { throw new Error("no"); } }) }), "unreadable", "cart"],
  ["a revoked proxy", request({ cart: revoked() }), "unreadable", "cart"],
  ["a proxied list with a false length", request({ codes: new Proxy([], { get: (target, name) => (name === "length" ? 1.5 : Reflect.get(target, name)) }) }), "invalid_type", "codes"],
  ["a fraction of a percent", request({ coupons: [coupon({ discount: { type: "percent", basisPoints: 0.5 } })] }), "invalid_type", "coupons[0].discount.basisPoints"],
  ["an amount of 0", request({ coupons: [coupon({ discount: { type: "amount", amounts: { EGP: 0 } } })] }), "out_of_range", "coupons[0].discount.amounts.EGP"],
  ["no object at all", null, "invalid_type", undefined],
  ["a string", "request", "invalid_type", undefined],
  ["undefined", undefined, "invalid_type", undefined],
  ["an array", [], "invalid_type", undefined],
];

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

for (const [name, input, code, path] of CASES) {
  test(`${name} is refused with a path`, () => {
    const error = errorOf(() => evaluate(input));
    assert.deepEqual([error.code, error.path], [code, path]);
    assert.equal(error.retryable, false);
    assert.ok(error.message.length < 500, "a message does not repeat the input");
    assertStillWorks();
  });
}

test("what a getter threw is the cause", () => {
  const cause = new Error("the host's own");
  const error = errorOf(() => evaluate(request({ cart: { get currency() { throw cause; } } })));
  assert.equal(error.cause, cause);
});

test("`__proto__` and its like are fields like any other", () => {
  const withProto = (text) => ({ ...request(), ...JSON.parse(text) });
  assert.equal(errorOf(() => evaluate(Object.assign(Object.create(null), JSON.parse('{"__proto__":{"polluted":true}}')))).code, "unknown_field");
  const inCart = request();
  inCart.cart = JSON.parse('{"currency":"EGP","lines":[],"__proto__":{"shipping":1}}');
  const error = errorOf(() => evaluate(inCart));
  assert.deepEqual([error.code, error.path], ["unknown_field", "cart.__proto__"]);
  assert.equal(errorOf(() => evaluate(withProto('{"constructor":1}'))).path, "constructor");
  assert.equal({}.polluted, undefined);
  assertStillWorks();
});

test("a prototype polluted by others does not reach the engine", () => {
  // oxlint-disable-next-line no-extend-native -- the pollution is what is tested
  Object.defineProperty(Object.prototype, "shipping", { value: 777, enumerable: true, configurable: true, writable: true });
  try {
    assert.equal(evaluate(request()).totals.shipping, 0);
  } finally {
    delete Object.prototype.shipping;
  }
});

test("undefined is absent, and instances with fields of their own are data", () => {
  class Line {
    quantity = 1;
    kind = undefined;
    constructor(id, unitPrice) {
      this.id = id;
      this.unitPrice = unitPrice;
    }
    get total() {
      return this.unitPrice * this.quantity;
    }
  }
  const quote = evaluate(request({ cart: cart({ lines: [new Line("a", 1_000)] }), customer: undefined }));
  assert.equal(quote.totals.discount, 200);
});

test("a prepared set refuses alike, and survives it", () => {
  const set = prepare([coupon()]);
  const { coupons: _, ...rest } = request();
  const error = errorOf(() => set.evaluate({ ...rest, cart: cart({ lines: [{ id: "a", unitPrice: 1, quantity: 0 }] }) }));
  assert.deepEqual([error.code, error.path], ["out_of_range", "cart.lines[0].quantity"]);
  assert.equal(set.evaluate(rest).totals.discount, 3_000);
  assert.equal(errorOf(() => prepare([coupon({ priority: 0.5 })])).path, "coupons[0].priority");
  assert.equal(errorOf(() => prepare("coupons")).path, "coupons");
  set.close();
  set.close();
  assert.equal(errorOf(() => set.evaluate(rest)).code, "closed");
});

test("generateCodes and parseUrlToken refuse with paths", () => {
  assert.equal(errorOf(() => generateCodes({ count: 1.5 })).path, "count");
  assert.equal(errorOf(() => generateCodes({ count: 1, entropy: [1, 2] })).path, "entropy");
  assert.equal(errorOf(() => generateCodes({ count: 1, lenght: 9 })).path, "lenght");
  assert.equal(errorOf(() => parseUrlToken(42)).path, "url");
  assert.equal(errorOf(() => parseUrlToken("https://a.example/?coupon=X", { maxCodes: 9 })).path, "options.maxCodes");
  assertStillWorks();
});
