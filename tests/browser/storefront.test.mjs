/**
 * The storefront in Chromium, built from the packed package: what a shopper enters, what the page then says, and that
 * it is what the server says, to the piastre.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { openBrowser } from "./support/chromium.mjs";
import { enter, shown, shownDiscount } from "./support/shopper.mjs";
import { openShop, quoteOf } from "./support/storefront.mjs";

let browser;
let shop;

before(async (t) => {
  browser = await openBrowser(t);
  shop = await openShop(t);
});

/** 2 × 349.90 and 89.50 make 789.30; posting is 45.00. */
const CART = { "linen-shirt": 2, "canvas-tote": 1 };
const LINES = Object.entries(CART).map(([productId, quantity]) => ({ productId, quantity }));

/** The page, figure by figure, against an answer of the server. */
function assertShows(seen, quote) {
  assert.deepEqual(
    Object.fromEntries(Object.entries(seen.lines).map(([id, { discount, total }]) => [id, { discount, total }])),
    Object.fromEntries(quote.lines.map(({ id, discount, total }) => [id, { discount: shownDiscount(discount), total: shown(total) }])),
  );
  assert.deepEqual(seen.totals, {
    subtotal: shown(quote.totals.subtotal),
    discount: shownDiscount(quote.totals.discount) || "0.00 EGP",
    shipping: shown(quote.totals.shipping),
    total: shown(quote.totals.total),
  });
  assert.equal(seen.source, "server");
}

test("a code takes its discount off every line, as the server has it", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  await shopper.type("SUMMER20");
  const seen = await shopper.sees();

  assert.deepEqual(seen.lines, {
    "linen-shirt": { quantity: 2, subtotal: "699.80 EGP", discount: "−139.96 EGP", total: "559.84 EGP" },
    "canvas-tote": { quantity: 1, subtotal: "89.50 EGP", discount: "−17.90 EGP", total: "71.60 EGP" },
  });
  assert.deepEqual(seen.totals, { subtotal: "789.30 EGP", discount: "−157.86 EGP", shipping: "45.00 EGP", total: "676.44 EGP" });
  assert.deepEqual(seen.chips, { SUMMER20: { state: "applied", amount: "−157.86 EGP", reason: "" } });
  assert.equal(seen.message, "SUMMER20 applied: 157.86 EGP off.");
  assertShows(seen, await quoteOf(shop, { lines: LINES, codes: ["SUMMER20"] }));
});

test("a capped discount is shared out over the lines to the last piastre", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  await shopper.type("CAP20");
  const seen = await shopper.sees();

  // 100.00 in the proportion 699.80 : 89.50 is 88.6608… and 11.3391…; the larger remainder gets the odd piastre.
  assert.equal(seen.lines["linen-shirt"].discount, "−88.66 EGP");
  assert.equal(seen.lines["canvas-tote"].discount, "−11.34 EGP");
  assert.equal(seen.totals.total, "734.30 EGP");
  assertShows(seen, await quoteOf(shop, { lines: LINES, codes: ["CAP20"] }));
});

test("small letters and spaces do not matter", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  await shopper.type("  summ er20 ");
  const seen = await shopper.sees();
  assert.deepEqual(Object.keys(seen.chips), ["SUMMER20"]);
  assert.equal(seen.totals.discount, "−157.86 EGP");
});

test("a wrong code says why, changes nothing, and is dropped with the next one", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  await shopper.type("NOPE-123");
  const wrong = await shopper.sees();
  assert.deepEqual(wrong.chips, { "NOPE-123": { state: "rejected", amount: "", reason: "This code cannot be applied." } });
  assert.equal(wrong.message, "NOPE-123: This code cannot be applied.");
  assert.equal(wrong.totals.total, "834.30 EGP");

  // An expired code and one that never was are the same to a stranger.
  await shopper.type("WINTER10");
  const expired = await shopper.sees();
  assert.deepEqual(expired.chips, { WINTER10: { state: "rejected", amount: "", reason: "This code cannot be applied." } });

  await shopper.type("%%%");
  assert.deepEqual((await shopper.sees()).chips, { "%%%": { state: "rejected", amount: "", reason: "This code cannot be applied." } });

  await shopper.type("<img src=x onerror=alert(1)>");
  assert.match((await shopper.sees()).message, /This code cannot be applied\.$/);

  await shopper.type("SUMMER20");
  assert.deepEqual(Object.keys((await shopper.sees()).chips), ["SUMMER20"]);
  await shopper.type("summer20");
  const twice = await shopper.sees();
  assert.equal(twice.message, "SUMMER20: This discount is applied already.");
  assert.deepEqual(twice.chips, { SUMMER20: { state: "applied", amount: "−157.86 EGP", reason: "" } });
});

test("several codes, each of what the one before left, and no more than the shop allows", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  for (const code of ["SUMMER20", "CREDIT100", "BIGCART60"]) await shopper.type(code);
  const seen = await shopper.sees();

  // 789.30 − 60.00 − 100.00 = 629.30, and 20 % of that is 125.86.
  assert.deepEqual(
    Object.fromEntries(Object.entries(seen.chips).map(([code, { state, amount }]) => [code, [state, amount]])),
    { SUMMER20: ["applied", "−125.86 EGP"], CREDIT100: ["applied", "−100.00 EGP"], BIGCART60: ["applied", "−60.00 EGP"] },
  );
  assert.equal(seen.totals.total, "548.44 EGP");
  // 53.20 + 88.66 + 111.59, and 6.80 + 11.34 + 14.27.
  assert.equal(seen.lines["linen-shirt"].discount, "−253.45 EGP");
  assert.equal(seen.lines["canvas-tote"].discount, "−32.41 EGP");
  assertShows(seen, await quoteOf(shop, { lines: LINES, codes: ["BIGCART60", "SUMMER20", "CREDIT100"] }));

  const [first, second, third] = seen.trace;
  assert.match(first, /^BIGCART60 60\.00 off 789\.30 = 60\.00 EGP.*Linen shirt−53\.20 EGP.*Canvas tote−6\.80 EGP$/);
  assert.match(second, /^CREDIT100 100\.00 off 729\.30 after BIGCART60 = 100\.00 EGP/);
  assert.match(third, /^SUMMER20 20 % of 629\.30 after BIGCART60, CREDIT100 = 125\.86 EGP/);

  await shopper.type(shop.poolCode);
  assert.match((await shopper.sees()).message, /E-mail|e-mail/, "a pool's code counts by customer");
  await shopper.remove(shop.poolCode);
  await shopper.remove("SUMMER20");
  assert.equal((await shopper.sees()).totals.total, "674.30 EGP");
});

test("of four codes the three that take most stay, and codes that do not combine say with which", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  for (const code of ["BIGCART60", "CREDIT100", "LOYAL15", "SUMMER20"]) await shopper.type(code);
  const full = await shopper.sees();
  assert.deepEqual(full.chips.BIGCART60, { state: "rejected", amount: "", reason: "This order already has as many codes as it may (3)." });
  for (const code of ["CREDIT100", "LOYAL15", "SUMMER20"]) assert.equal(full.chips[code].state, "applied");

  await shopper.type("ONLY30");
  const conflict = await shopper.sees();
  assert.equal(conflict.chips.ONLY30.state, "rejected");
  assert.equal(conflict.chips.ONLY30.reason, "This code cannot be combined with CREDIT100 and LOYAL15.");
});

test("a code that needs a larger cart is saved, comes alive with it, and waits again without it", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose({ "linen-shirt": 1 });
  await shopper.type("BIGCART60");
  const saved = { BIGCART60: { state: "parked", amount: "", reason: "Add 150.10 EGP more to use this code." } };
  const waiting = await shopper.sees();
  assert.deepEqual(waiting.chips, saved);
  assert.equal(waiting.message, "BIGCART60 is saved. Add 150.10 EGP more to use this code.");
  assert.equal(waiting.totals.discount, "0.00 EGP");
  assertShows(waiting, await quoteOf(shop, { lines: [{ productId: "linen-shirt", quantity: 1 }], codes: ["BIGCART60"] }));

  await shopper.add("wool-cap");
  const closer = await shopper.sees();
  // 500.00 − 349.90 − 119.99.
  assert.equal(closer.chips.BIGCART60.reason, "Add 30.11 EGP more to use this code.");
  assert.equal(closer.message, "", "the old shortfall is not left standing");
  await shopper.less("wool-cap");

  await shopper.more("linen-shirt");
  const alive = await shopper.sees();
  assert.deepEqual(alive.chips, { BIGCART60: { state: "applied", amount: "−60.00 EGP", reason: "" } });
  assert.equal(alive.message, "BIGCART60 now applies: 60.00 EGP off.");
  assert.equal(alive.totals.total, "684.80 EGP");

  await shopper.less("linen-shirt");
  const again = await shopper.sees();
  assert.deepEqual(again.chips, saved);
  assert.equal(again.message, "BIGCART60 is waiting again. Add 150.10 EGP more to use this code.");
  assert.equal(again.totals.total, "394.90 EGP");
});

test("a code is kept for a cart that is still empty", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.type("SUMMER20");
  assert.deepEqual((await shopper.sees()).chips.SUMMER20, { state: "parked", amount: "", reason: "There is nothing this discount can be taken off yet." });
  await shopper.choose(CART);
  assert.equal((await shopper.sees()).totals.discount, "−157.86 EGP");
});

test("a reload keeps the cart, its codes, and what waits", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose({ "linen-shirt": 1, "canvas-tote": 1 });
  await shopper.type("summer20");
  await shopper.type("bigcart60");
  await shopper.type("nope");
  const { message: _, ...seen } = await shopper.sees();
  assert.deepEqual(Object.keys(seen.chips), ["SUMMER20", "BIGCART60", "NOPE"]);

  await shopper.page.reload();
  await shopper.settled();
  const { message, ...reloaded } = await shopper.sees();
  const { NOPE: __, ...kept } = seen.chips;
  const leftOut = seen.leftOut.filter((text) => !text.startsWith("NOPE"));
  assert.deepEqual(reloaded, { ...seen, chips: kept, leftOut });
  assert.equal(message, "", "what was there before is not news");
});

test("everything works from the keyboard", async (t) => {
  const shopper = await enter(t, browser, shop);
  const { keyboard } = shopper.page;
  const focused = () => shopper.page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.id ?? "");
  const tabTo = async (name) => {
    for (let presses = 0; presses < 60; presses++) {
      if ((await focused()) === name) return;
      await keyboard.press("Tab");
    }
    assert.fail(`Tab never reaches ${name}`);
  };
  await tabTo("Add Linen shirt to the cart");
  await keyboard.press("Enter");
  await keyboard.press("Space");
  await shopper.settled();
  await tabTo("One less Linen shirt");
  await tabTo("One more Linen shirt");
  await keyboard.press("Enter");
  await shopper.settled();
  assert.equal(await focused(), "One more Linen shirt", "the focus stays where it was");
  await tabTo("code");
  await keyboard.type("summer20");
  await keyboard.press("Enter");
  await shopper.settled();
  assert.equal(await focused(), "code");
  // 20 % of 3 × 349.90.
  assert.equal((await shopper.sees()).chips.SUMMER20.amount, "−209.94 EGP");
  await tabTo("Remove code SUMMER20");
  await keyboard.press("Enter");
  await shopper.settled();
  assert.deepEqual((await shopper.sees()).chips, {});
  assert.equal(await focused(), "code");
});

test("the outcome is announced, and every field has a name", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  const { page } = shopper;
  const message = page.locator("#code-form").getByRole("status");
  assert.equal(await message.getAttribute("aria-live"), "polite");
  await page.getByLabel("Discount code").fill("SUMMER20");
  await page.getByRole("button", { name: "Apply" }).click();
  await shopper.settled();
  assert.equal(await message.textContent(), "SUMMER20 applied: 157.86 EGP off.");
  assert.equal(await page.getByLabel("Quantity of Linen shirt").inputValue(), "2");
  const unnamed = await page.evaluate(() => [...document.querySelectorAll("button, input")]
    .filter((element) => !(element.getAttribute("aria-label") || element.textContent || element.labels?.length))
    .map((element) => element.outerHTML));
  assert.deepEqual(unnamed, []);
});

test("a customer's own code asks who is there, and is for nobody else", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  await shopper.type("SPRING-MONA");
  assert.deepEqual((await shopper.sees()).chips["SPRING-MONA"], { state: "parked", amount: "", reason: "Sign in or enter your e-mail address to use this code." });
  await shopper.setEmail("mona@example.com");
  assert.deepEqual((await shopper.sees()).chips["SPRING-MONA"], { state: "applied", amount: "−78.93 EGP", reason: "" });
  await shopper.setEmail("somebody@example.com");
  assert.deepEqual((await shopper.sees()).chips["SPRING-MONA"], { state: "rejected", amount: "", reason: "This code cannot be applied." });
});

test("a link brings its code along and leaves no trace in the address", async (t) => {
  const shopper = await enter(t, browser, shop, { path: `/?coupon=${shop.linkToken}&from=letter#shelf` });
  await shopper.page.waitForSelector("[data-code]");
  await shopper.choose(CART);
  const seen = await shopper.sees();
  // 5 % of 789.30 is 39.465; half a piastre goes up.
  assert.deepEqual(seen.chips[shop.linkToken], { state: "applied", amount: "−39.47 EGP", reason: "" });
  assert.equal(shopper.page.url(), `${shop.url}/?from=letter#shelf`);
});
