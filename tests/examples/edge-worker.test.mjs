/**
 * The edge worker in workerd: what a link does, what it must not do, and what a cart costs afterwards. The shop behind
 * the worker is a page that says which address it was asked for.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { Miniflare } from "miniflare";

import { installExample } from "../../examples/install.mjs";

const SHOP = "https://shop.example";
const page = (url) => `page of ${url}`;
const outboundService = (request) => new Response(page(request.url));

let options;
let worker;

before(async () => {
  const folder = await installExample("edge-worker");
  const { workerOptions } = await import(pathToFileURL(path.join(folder, "local.mjs")));
  options = await workerOptions({ outboundService });
  worker = new Miniflare(options);
});

after(() => worker.dispose());

function visit(url, init = {}) {
  return worker.dispatchFetch(url, { redirect: "manual", ...init });
}

function quote(lines, code, host = worker) {
  const headers = code === undefined ? {} : { Cookie: `theme=dark; __Host-coupon=${code}; visits=3` };
  return host.dispatchFetch(`${SHOP}/cart`, { method: "POST", headers, body: JSON.stringify({ lines }) });
}

const cart = [{ id: "runner", quantity: 2 }, { id: "sandal", quantity: 1 }, { id: "gift-wrap", quantity: 1 }];

test("a link is kept in a cookie and leaves a clean address", async () => {
  const response = await visit(`${SHOP}/shoes?coupon=SPRING-LINK&utm_source=mail`);
  assert.equal(response.status, 303);
  assert.equal(await response.text(), "");
  assert.equal(response.headers.get("Location"), `${SHOP}/shoes?utm_source=mail`);
  assert.equal(response.headers.get("Cache-Control"), "private, no-store");
  assert.equal(response.headers.get("Referrer-Policy"), "no-referrer");
  assert.equal(response.headers.get("X-Robots-Tag"), "noindex");
  const [pair, ...attributes] = response.headers.get("Set-Cookie").split("; ");
  assert.equal(pair, "__Host-coupon=SPRING-LINK");
  assert.deepEqual(attributes.toSorted(), ["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=Lax", "Secure"]);
});

test("every other parameter keeps its place and its bytes", async () => {
  for (const [query, kept] of [
    ["?a=%C3%a9&coupon=spring-link&b=x+y%20z&b=%7e&empty=&flag", "?a=%C3%a9&b=x+y%20z&b=%7e&empty=&flag"],
    ["?=v&&coupon=spring%2Dlink&&Coupon=X&", "?=v&&&Coupon=X"],
    ["?coupon=SPRING-LINK", ""],
    [`?coupon=SPRING-LINK&gclid=${"a".repeat(5_000)}`, `?gclid=${"a".repeat(5_000)}`],
  ]) {
    const response = await visit(`${SHOP}/shoes${query}`);
    assert.equal(response.headers.get("Location"), `${SHOP}/shoes${kept}`);
    assert.match(response.headers.get("Set-Cookie"), /^__Host-coupon=SPRING-LINK;/);
  }
});

test("a path that looks like another host stays on the shop", async () => {
  const response = await visit(`${SHOP}//evil.example/?coupon=SPRING-LINK`);
  assert.equal(response.headers.get("Location"), `${SHOP}//evil.example/`);
});

test("what cannot be a code is cleaned away and leaves the cookie alone", async () => {
  for (const token of ["", "%20", "a.b", "%3Cscript%3E", "X%0D%0ASet-Cookie:a=b"]) {
    const response = await visit(`${SHOP}/shoes?coupon=${token}&utm_source=mail`);
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("Location"), `${SHOP}/shoes?utm_source=mail`);
    assert.equal(response.headers.get("Set-Cookie"), null);
  }
});

test("a page without a link, a form and another host are the shop's", async () => {
  for (const [url, init] of [
    [`${SHOP}/shoes?utm_source=mail`],
    [`${SHOP}/shoes?coupon=SPRING-LINK`, { method: "POST", body: "a=1" }],
    ["https://other.example/shoes?coupon=SPRING-LINK"],
  ]) {
    const response = await visit(url, init);
    assert.equal(response.status, 200);
    assert.equal(await response.text(), page(url));
    assert.equal(response.headers.get("Set-Cookie"), null);
  }
});

test("a link that is fetched ahead does nothing", async () => {
  const url = `${SHOP}/shoes?coupon=SPRING-LINK&utm_source=mail`;
  for (const purpose of ["prefetch", "prefetch;prerender"]) {
    const response = await visit(url, { headers: { "Sec-Purpose": purpose } });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), page(url));
    assert.equal(response.headers.get("Set-Cookie"), null);
  }
});

test("a wrong code looks like a right one when it is followed", async () => {
  const told = async (code) => {
    const response = await visit(`${SHOP}/shoes?coupon=${code}`);
    const headers = JSON.stringify([...response.headers]).replaceAll(code, "…");
    return { status: response.status, headers };
  };
  const right = await told("SPRING-LINK");
  assert.deepEqual(await told("NO-SUCH-ONE"), right);
  assert.deepEqual(await told("WINTER-LINK"), right);
});

test("the cart gets the link's discount, to the cent, on the lines it is for", async () => {
  const { lines, totals, codes } = await (await quote(cart, "SPRING-LINK")).json();
  // 15 % of 483.31 EGP is 72.4965 EGP; the gift wrap is left out.
  assert.deepEqual(lines, [
    { id: "runner", subtotal: 39998, discount: 6000, total: 33998 },
    { id: "sandal", subtotal: 8333, discount: 1250, total: 7083 },
    { id: "gift-wrap", subtotal: 1500, discount: 0, total: 1500 },
  ]);
  assert.deepEqual(totals, { subtotal: 49831, discount: 7250, shipping: 0, shippingDiscount: 0, tax: 0, credit: 0, total: 42581 });
  assert.deepEqual(codes.map(({ code, state, discount }) => ({ code, state, discount })), [
    { code: "SPRING-LINK", state: "applied", discount: 7250 },
  ]);
});

test("without a cookie the cart costs what it costs", async () => {
  const { totals, codes } = await (await quote(cart)).json();
  assert.deepEqual(totals, { subtotal: 49831, discount: 0, shipping: 0, shippingDiscount: 0, tax: 0, credit: 0, total: 49831 });
  assert.deepEqual(codes, []);
});

test("unknown and expired codes are answered alike, and forgotten", async () => {
  const told = async (code) => {
    const response = await quote(cart, code);
    assert.match(response.headers.get("Set-Cookie"), /^__Host-coupon=; Max-Age=0; Path=\/; Secure;/);
    return JSON.parse((await response.text()).replaceAll(code, "…"));
  };
  const unknown = await told("NO-SUCH-ONE");
  assert.equal(unknown.codes[0].state, "rejected");
  assert.equal(unknown.codes[0].rejection.code, "not_applicable");
  assert.equal(unknown.totals.discount, 0);
  assert.deepEqual(await told("WINTER-LINK"), unknown);
});

test("a code the cart is too small for is kept, and comes alive by itself", async () => {
  const small = await quote([{ id: "runner", quantity: 2 }], "BIG-CART");
  assert.equal(small.headers.get("Set-Cookie"), null);
  const parked = await small.json();
  assert.deepEqual([parked.codes[0].state, parked.totals.discount], ["parked", 0]);
  const applied = await (await quote([{ id: "runner", quantity: 3 }], "BIG-CART")).json();
  assert.deepEqual([applied.codes[0].state, applied.totals.total], ["applied", 3 * 19999 - 10000]);
});

test("a price that the browser names is not believed", async () => {
  const { totals } = await (await quote([{ id: "runner", quantity: 1, unitPrice: 1 }])).json();
  assert.equal(totals.total, 19999);
});

test("a cart that is none is refused with the place", async () => {
  for (const [lines, expected] of [
    [undefined, /lines must be/],
    [[{ id: "no-such-product", quantity: 1 }], /lines must be/],
    [[{ id: "runner", quantity: 0 }], /cart\.lines\[0\]\.quantity/],
    [[{ id: "runner" }], /cart\.lines\[0\]\.quantity/],
    [[{ id: "runner", quantity: 1 }, { id: "runner", quantity: 2 }], /cart\.lines\[1\]\.id/],
  ]) {
    const response = await quote(lines);
    assert.equal(response.status, 400);
    assert.match((await response.json()).error, expected);
  }
  const response = await worker.dispatchFetch(`${SHOP}/cart`, { method: "POST", body: "{" });
  assert.equal(response.status, 400);
});

test("the first carts of an isolate may come all at once", async () => {
  const fresh = new Miniflare(options);
  try {
    const responses = await Promise.all(Array.from({ length: 8 }, () => quote(cart, "SPRING-LINK", fresh)));
    const quotes = await Promise.all(responses.map((response) => response.json()));
    for (const { totals } of quotes) assert.equal(totals.discount, 7250);
  } finally {
    await fresh.dispose();
  }
});
