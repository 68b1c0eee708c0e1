/**
 * The demo shop without a browser: its stock, what its server gives away, what it refuses, how it starts and stops.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { call, dataDirectory, directory, installedModule, openShop, quoteOf } from "./support/storefront.mjs";

const execute = promisify(execFile);
const compiler = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url));

/** One of everything that a coupon of the stock needs to apply. */
const CART = [{ productId: "linen-shirt", quantity: 2 }, { productId: "meridian-family", quantity: 1 }];

test("the stock is put in once", async () => {
  const { createCouponEngine } = await installedModule("../node_modules/coupon-engine/dist/index.js");
  const { memoryStorage } = await installedModule("../node_modules/coupon-engine/dist/stores/memory.js");
  const { coupons, policy, poolSize, rules, stockDemoShop } = await installedModule("../shop/index.mjs");
  const engine = await createCouponEngine({ storage: memoryStorage() });

  const first = await stockDemoShop(engine);
  assert.deepEqual(first.created, [...rules, ...coupons].map(({ id }) => id));
  assert.match(first.poolCode, /^SUMMER-[2-9A-HJ-NP-Z]{6}$/);
  await engine.settings.update({ ...policy, stacking: { mode: "best", maxCodes: 2 } });

  const second = await stockDemoShop(engine);
  assert.deepEqual(second.created, []);
  assert.equal((await engine.codes.list({ couponId: "newsletter", limit: 1000 })).items.length, poolSize);
  assert.equal((await engine.codes.list({ couponId: "summer" })).items.length, 2);
  assert.equal((await engine.settings.get()).stacking.mode, "best", "what the merchant has set since stays");
  await engine.close();
});

test("every code of the stock does what it shows", async (t) => {
  const shop = await openShop(t);
  const stateOf = async (code, rest = {}) => {
    const { codes: [outcome] } = await quoteOf(shop, { lines: CART, codes: [code], ...rest });
    return outcome.rejection?.code ?? outcome.discount;
  };
  // 2 × 349.90 + 480.00 = 1,179.80
  assert.deepEqual(
    {
      SUMMER20: await stateOf("SUMMER20"),
      CAP20: await stateOf("CAP20"),
      LOYAL15: await stateOf("LOYAL15"),
      CREDIT100: await stateOf("CREDIT100"),
      MERIDIAN25: await stateOf("MERIDIAN25"),
      ONLY30: await stateOf("ONLY30"),
      BIGCART60: await stateOf("BIGCART60"),
      FIRST3: await stateOf("FIRST3"),
      TODAY12: await stateOf("TODAY12"),
      WINTER10: await stateOf("WINTER10"),
      SUMMER: await stateOf("SUMMER"),
      pool: await stateOf(shop.poolCode, { email: "new@example.com" }),
      "link, typed": await stateOf(shop.linkToken),
      "link, followed": await stateOf({ code: shop.linkToken, origin: "url" }),
    },
    {
      SUMMER20: 23596, CAP20: 10000, LOYAL15: 17697, CREDIT100: 10000, MERIDIAN25: 12000, ONLY30: 35394, BIGCART60: 6000, FIRST3: 15000, TODAY12: 14158,
      WINTER10: "not_applicable", SUMMER: "not_applicable", pool: 11798, "link, typed": "not_applicable", "link, followed": 5899,
    },
  );
  assert.deepEqual(
    {
      "FRIENDS20, nobody": await stateOf("FRIENDS20"),
      "FRIENDS20, new": await stateOf("FRIENDS20", { email: "new@example.com" }),
      "FRIENDS20, known": await stateOf("FRIENDS20", { email: "mona@example.com" }),
      "SPRING-MONA, Mona": await stateOf("SPRING-MONA", { email: "Mona@Example.com" }),
      "SPRING-MONA, other": await stateOf("SPRING-MONA", { email: "new@example.com" }),
      "WELCOME15, nobody": await stateOf("WELCOME15"),
      "WELCOME15, new": await stateOf("WELCOME15", { email: "new@example.com" }),
      "SPRING-ALL, other": await stateOf("SPRING-ALL", { email: "new@example.com" }),
    },
    {
      "FRIENDS20, nobody": "customer_required", "FRIENDS20, new": 23596, "FRIENDS20, known": "not_applicable",
      "SPRING-MONA, Mona": 11798, "SPRING-MONA, other": "not_applicable", "SPRING-ALL, other": 11798,
      "WELCOME15, nobody": "customer_required", "WELCOME15, new": 17697,
    },
  );
});

test("a family's coupon leaves its styles alone, and no code lowers a gift card", async (t) => {
  const shop = await openShop(t);
  const lines = [{ productId: "meridian-family", quantity: 1 }, { productId: "meridian-regular", quantity: 1 }, { productId: "gift-card", quantity: 1 }];
  const discounts = async (code) => (await quoteOf(shop, { lines, codes: [code] })).lines.map(({ discount }) => discount);
  assert.deepEqual(await discounts("MERIDIAN25"), [12000, 0, 0]);
  assert.deepEqual(await discounts("SUMMER20"), [9600, 1900, 0]);
});

test("a browser gets the advertised coupons that it can judge, and nothing else", async (t) => {
  const shop = await openShop(t);
  const { answer } = await call(shop, "GET", "/api/public-coupons");
  assert.deepEqual(
    answer.offers.map(({ code, terms }) => [code, terms]),
    [
      ["SUMMER20", "20% off forever"],
      ["CAP20", "20% off once up to 100 EGP"],
      ["LOYAL15", "15% off for 3 months"],
      ["CREDIT100", "100 EGP off once"],
      ["MERIDIAN25", "25% off once"],
      ["ONLY30", "30% off once"],
      ["BIGCART60", "60 EGP off once"],
      ["SPRING", "20% off once"],
    ],
  );
  assert.deepEqual(answer.rules.map(({ id }) => id), ["paper", "tea", "sale-shirts"], "a sale that no code opens is not told");
  const known = new Set(["id", "type", "code", "name", "discount", "duration", "priority", "exclusive", "category", "combinesWith", "restrictions", "rules", "stopAfter", "refusalMessage", "gate", "interaction"]);
  for (const coupon of answer.coupons) assert.equal(coupon.type, "standard");
  for (const definition of [...answer.coupons, ...answer.rules]) {
    assert.deepEqual(Object.keys(definition).filter((name) => !known.has(name)), []);
    assert.deepEqual(Object.keys(definition.restrictions), ["startsAt", "expiresAt", "minimum", "maximum", "products"]);
  }
  const text = JSON.stringify(answer);
  for (const secret of [shop.poolCode, shop.linkToken, "SUMMER\"", "FRIENDS20", "SPRING-", "WINTER10", "MONA", "FIRST3", "WELCOME15", "TODAY12", "mona@example.com", "audience"]) {
    assert.ok(!text.includes(secret), secret);
  }
});

test("what is not advertised, or cannot be judged in a browser, is kept back", async () => {
  const { createCouponEngine } = await installedModule("../node_modules/coupon-engine/dist/index.js");
  const { memoryStorage } = await installedModule("../node_modules/coupon-engine/dist/stores/memory.js");
  const { publicCoupons } = await installedModule("server/public-coupons.mjs");
  const { advertised } = await installedModule("../shop/index.mjs");
  const engine = await createCouponEngine({ storage: memoryStorage() });
  const definition = { type: "standard", discount: { type: "percent", basisPoints: 5000 }, metadata: advertised };
  const kept = [
    { code: "STAFF", metadata: {} },
    { code: "LIMITED", limits: { total: 5 } },
    { code: "ONCE", limits: { perCustomer: 1 } },
    { code: "DAILY", limits: { windows: [{ per: "day", total: 5 }] } },
    { code: "BUDGET", limits: { budget: { EGP: 5000 } } },
    { code: "FIRST", restrictions: { firstOrderOnly: true } },
    { code: "FORONE", restrictions: { customers: [{ kind: "email", value: "one@example.com" }] } },
    { code: "LATER", restrictions: { startsAt: "2099-01-01T00:00:00Z" } },
    { code: "GONE", restrictions: { expiresAt: "2020-01-01T00:00:00Z" } },
    { code: "OFF", state: "inactive" },
    { code: "FRESH", restrictions: { validForDays: 7 } },
    { code: "TEAM", restrictions: { customerGroups: ["team"] } },
    { code: "SECOND", restrictions: { orderNumber: { from: 2 } } },
    { code: "HERE", restrictions: { countries: ["EG"] } },
    { code: "MONEY", discount: { type: "store_credit", amounts: { EGP: 5000 }, bearer: true } },
    { code: "SECRET", discount: null, rules: ["secret"] },
    { code: "DRAFT", discount: null },
    { code: "POOL", type: "bulk_pool" },
    { code: "LINK", type: "url_token" },
    { code: null },
  ];
  const rule = { gate: "automatic", discount: { type: "percent", basisPoints: 5000 }, metadata: advertised };
  await engine.rules.create({ ...rule, id: "secret", gate: "coupon", metadata: {} });
  await engine.rules.create({ ...rule, id: "secret-offer", metadata: {} });
  await engine.rules.create({ ...rule, id: "off", state: "inactive" });
  await engine.rules.create({ ...rule, id: "gone", restrictions: { expiresAt: "2020-01-01T00:00:00Z" } });
  await engine.rules.create({ ...rule, id: "second", restrictions: { orderNumber: { from: 2 } } });
  await engine.rules.create({ ...rule, id: "offer" });
  for (const difference of [...kept, { code: "SHARED", codes: [{ code: "FURTHER" }] }]) {
    await engine.coupons.create({ ...definition, ...difference });
  }
  const { coupons, rules, offers } = await publicCoupons(engine, Date.now());
  assert.deepEqual(coupons.map(({ code }) => code), ["SHARED"]);
  assert.deepEqual(offers.map(({ code }) => code), ["SHARED"]);
  assert.deepEqual(rules.map(({ id }) => id), ["offer"]);
  assert.doesNotMatch(JSON.stringify(coupons), /FURTHER/);
  await engine.close();
});

test("the server takes products, quantities and codes from a browser, and no prices", async (t) => {
  const shop = await openShop(t);
  const refused = async (body, headers) => {
    const { status, answer } = await call(shop, "POST", "/api/quote", body, headers);
    assert.deepEqual(Object.keys(answer), ["error"]);
    assert.doesNotMatch(JSON.stringify(answer), /\bat \w+ \(|node:|\.mjs/, "no stack");
    return [status, answer.error.code, answer.error.path ?? null];
  };
  const line = { productId: "linen-shirt", quantity: 1 };
  const cases = [
    [{ lines: [{ ...line, price: 1 }], codes: [] }, 400, "unknown_field", "lines[0].price"],
    [{ lines: [line], codes: [], discount: 1 }, 400, "unknown_field", "discount"],
    [{ lines: [line], codes: [], customer: { priorOrders: 0 } }, 400, "unknown_field", "customer"],
    [{ lines: [{ ...line, quantity: 1.5 }], codes: [] }, 400, "invalid_type", "lines[0].quantity"],
    [{ lines: [{ ...line, quantity: -1 }], codes: [] }, 400, "out_of_range", "lines[0].quantity"],
    [{ lines: [{ ...line, quantity: 100 }], codes: [] }, 400, "out_of_range", "lines[0].quantity"],
    [{ lines: [{ ...line, productId: "__proto__" }], codes: [] }, 400, "invalid_value", "lines[0].productId"],
    [{ lines: [line, line], codes: [] }, 400, "duplicate", "lines[1].productId"],
    [{ lines: [line], codes: "SUMMER20" }, 400, "invalid_type", "codes"],
    [{ lines: [line], codes: [7] }, 400, "invalid_type", "codes[0]"],
    [{ lines: [line], codes: [{ code: 7 }] }, 400, "invalid_type", "codes[0].code"],
    [{ lines: [line], codes: [{ code: "SUMMER20", origin: "guessed" }] }, 400, "invalid_value", "codes[0].origin"],
    // By its id a coupon applies without any of its codes: that is for a shop's own programs.
    [{ lines: [line], codes: [{ couponId: "newsletter" }] }, 400, "unknown_field", "codes[0].couponId"],
    [{ lines: [line], codes: [{ code: "SUMMER20", free: true }] }, 400, "unknown_field", "codes[0].free"],
    [{ lines: [line], codes: Array.from({ length: 31 }, () => "SUMMER20") }, 400, "too_large", "codes"],
    [{ lines: [line], codes: [], email: "no address" }, 400, "invalid_value", "email"],
    [{ codes: [] }, 400, "invalid_type", "lines"],
    ["[]", 400, "invalid_type", null],
    ["{", 400, "unreadable", null],
    [`{"codes":["${"A".repeat(20_000)}"]}`, 413, "too_large", null],
  ];
  for (const [body, ...expected] of cases) assert.deepEqual(await refused(body), expected, JSON.stringify(body).slice(0, 80));
  assert.deepEqual(await refused("{}", { "content-type": "text/plain" }), [415, "invalid_type", null]);
  for (const route of ["/../../package.json", "/run.mjs", "/api/quote", "/constructor", "//", "/%"]) {
    const { status, answer } = await call(shop, "GET", route);
    assert.deepEqual([status, answer.error.code], [404, "not_found"], route);
  }
});

test("a purchase takes no amount, no customer and no state from a browser", async (t) => {
  const shop = await openShop(t);
  const order = "5a0c3a52-6a3f-4f8e-9d8c-0f1f0e6f5b11";
  const purchase = { order, lines: [{ productId: "linen-shirt", quantity: 1 }], codes: [], fingerprint: "seen" };
  const cases = [
    ["POST", "/api/checkout", { ...purchase, total: 1 }, 400, "unknown_field", "total"],
    ["POST", "/api/checkout", { ...purchase, holdFor: 1e9 }, 400, "unknown_field", "holdFor"],
    ["POST", "/api/checkout", { ...purchase, now: 0 }, 400, "unknown_field", "now"],
    ["POST", "/api/checkout", { ...purchase, lines: [] }, 400, "required", "lines"],
    ["POST", "/api/checkout", { ...purchase, fingerprint: undefined }, 400, "invalid_type", "fingerprint"],
    ["POST", "/api/checkout", { ...purchase, order: "credit/mona-credit/1" }, 400, "invalid_value", "order"],
    ["POST", "/api/checkout", { ...purchase, order: order.toUpperCase() }, 400, "invalid_value", "order"],
    ["POST", "/api/checkout/pay", { order }, 404, "not_found", null],
    ["POST", "/api/checkout/pay", { order, amount: 1 }, 400, "unknown_field", "amount"],
    ["POST", "/api/checkout/fail", { order }, 404, "not_found", null],
    ["POST", "/api/checkout/resume", { order }, 404, "not_found", null],
    ["GET", `/api/order?order=${order}`, undefined, 404, "not_found", null],
    ["GET", "/api/order", undefined, 400, "invalid_value", "order"],
    ["GET", `/api/staff/order?order=${order}`, undefined, 404, "not_found", null],
    ["POST", "/api/staff/refund-preview", { order }, 404, "not_found", null],
    ["POST", "/api/staff/refund", { order, lines: [], shipping: false, number: 0 }, 400, "invalid_type", "number"],
    ["POST", "/api/staff/refund", { order, lines: [{ lineId: "linen-shirt", quantity: -1 }], shipping: false, number: 1 }, 400, "invalid_type", "lines[0].quantity"],
    ["POST", "/api/staff/refund", { order, lines: [], shipping: false, amount: 5, number: 1 }, 400, "unknown_field", "amount"],
    ["POST", "/api/staff/cancel", { order }, 404, "not_found", null],
  ];
  for (const [method, route, body, ...expected] of cases) {
    const { status, answer } = await call(shop, method, route, body);
    assert.deepEqual([status, answer.error.code, answer.error.path ?? null], expected, `${route} ${JSON.stringify(body)}`);
  }
  // Agreed to another quote than the shop's: nothing is held.
  assert.equal((await call(shop, "POST", "/api/checkout", purchase)).answer.reason, "quote_changed");
  assert.equal((await call(shop, "GET", `/api/order?order=${order}`)).status, 404);
});

test("started from the command line it says where it is, and Ctrl-C ends it", async (t) => {
  const program = spawn(process.execPath, [path.join(directory, "run.mjs")], {
    env: { ...process.env, PORT: "0", DEMO_DATA: await dataDirectory(t) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => program.kill("SIGKILL"));
  const exited = new Promise((resolve) => {
    program.once("exit", (code, signal) => resolve({ code, signal }));
  });
  for await (const line of createInterface(program.stdout)) {
    const [, url] = line.match(/^Open (http:\/\/localhost:\d+)$/) ?? [];
    if (url === undefined) continue;
    const page = await fetch(url);
    assert.match(await page.text(), /Delta Supply/);
    assert.match(page.headers.get("content-security-policy"), /default-src 'none'/);
    break;
  }
  program.kill("SIGINT");
  assert.deepEqual(await exited, { code: 0, signal: null });
});

test("the example's program agrees with the package's types", async () => {
  await execute(process.execPath, [compiler, "--project", directory]).catch(({ stdout }) => assert.fail(stdout));
});
