/**
 * Two answers to one cart: the page's own, at once, and the shop's, which counts. And what is seen when the shop is away.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { openBrowser } from "./support/chromium.mjs";
import { enter, Shopper } from "./support/shopper.mjs";
import { openShop } from "./support/storefront.mjs";

let browser;
let shop;

before(async (t) => {
  browser = await openBrowser(t);
  shop = await openShop(t);
});

const CART = { "linen-shirt": 2, "canvas-tote": 1 };

/** Keeps the shop's answers back until they are let go. */
async function holdQuotes({ page }) {
  let letGo;
  const gate = new Promise((resolve) => {
    letGo = resolve;
  });
  await page.route("**/api/quote", async (route) => {
    await gate;
    await route.continue().catch(() => undefined); // a request that the page has given up
  });
  return letGo;
}

async function enterCode({ page }, code) {
  await page.fill("#code", code);
  await page.keyboard.press("Enter");
}

async function showing({ page }, source) {
  await page.waitForSelector(`#source[data-source="${source}"]`);
}

test("a public code is previewed at once, and the shop's answer confirms it", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  const letGo = await holdQuotes(shopper);
  await enterCode(shopper, "summer20");
  await showing(shopper, "preview");
  const preview = await shopper.sees();
  assert.equal(preview.totals.discount, "−157.86 EGP");
  assert.equal(await shopper.page.textContent("#source-text"), "Preview, the shop is checking");
  assert.equal(preview.message, "", "only the shop's answer is announced");

  letGo();
  await shopper.settled();
  const { lines, totals, trace } = await shopper.sees();
  assert.deepEqual({ lines, totals, trace }, { lines: preview.lines, totals: preview.totals, trace: preview.trace });
  assert.equal(await shopper.page.textContent("#source-text"), "Confirmed by the shop");
});

test("where the two differ, the shop wins", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  // A page that was told 90 %, be it stale or tampered with.
  const page = await context.newPage();
  await page.route("**/api/public-coupons", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    for (const coupon of answer.coupons) if (coupon.code === "SUMMER20") coupon.discount = { type: "percent", basisPoints: 9000 };
    await route.fulfill({ response, json: answer });
  });
  const shopper = new Shopper(page, []);
  await page.goto(shop.url);
  await shopper.settled();
  await shopper.choose(CART);
  const letGo = await holdQuotes(shopper);
  await enterCode(shopper, "SUMMER20");
  await showing(shopper, "preview");
  assert.equal((await shopper.sees()).totals.discount, "−710.37 EGP");
  letGo();
  await shopper.settled();
  const seen = await shopper.sees();
  assert.equal(seen.totals.discount, "−157.86 EGP");
  assert.equal(seen.chips.SUMMER20.amount, "−157.86 EGP");
});

test("a code that is not public is left to the shop", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  await shopper.setEmail("new@example.com");
  await shopper.type("SUMMER20");
  const letGo = await holdQuotes(shopper);
  await enterCode(shopper, shop.poolCode);
  await showing(shopper, "waiting");
  const waiting = await shopper.sees();
  assert.equal(waiting.chips[shop.poolCode].state, "checking");
  assert.equal(waiting.totals.discount, "−157.86 EGP", "the figures before stay until there are new ones");
  letGo();
  await shopper.settled();
  // 10 % of 789.30 first, its text comes before SUMMER20; then 20 % of 710.37.
  assert.equal((await shopper.sees()).totals.discount, "−221.00 EGP");
});

test("the last of several quick changes is the one that is shown", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.type("SUMMER20");
  const held = [];
  await shopper.page.route("**/api/quote", (route) => held.push(route));
  await shopper.page.evaluate(() => {
    const source = document.querySelector("#source");
    globalThis.sources = [];
    new MutationObserver(() => globalThis.sources.push(source.dataset.source)).observe(source, { attributes: true });
  });
  for (let clicks = 1; clicks <= 3; clicks++) {
    await shopper.page.click('[data-product="linen-shirt"] button');
    while (held.length < clicks) await shopper.page.waitForTimeout(10);
  }
  // The last answer comes first, the first last.
  for (const route of held.toReversed()) await route.continue().catch(() => undefined);
  await shopper.settled();
  const seen = await shopper.sees();
  assert.equal(seen.lines["linen-shirt"].quantity, 3);
  assert.equal(seen.totals.subtotal, "1,049.70 EGP");
  assert.equal(seen.totals.discount, "−209.94 EGP");
  const sources = await shopper.page.evaluate(() => globalThis.sources);
  assert.deepEqual([...new Set(sources)], ["preview", "server"], "an answer that was given up is no failure");
});

test("a shop that is away leaves a preview that says so, and can be asked again", async (t) => {
  const shopper = await enter(t, browser, shop);
  await shopper.choose(CART);
  await shopper.page.route("**/api/quote", (route) => route.abort());
  await enterCode(shopper, "SUMMER20");
  await showing(shopper, "failed");
  const alone = await shopper.sees();
  assert.equal(alone.message, "The shop could not be reached.");
  assert.equal(await shopper.page.textContent("#source-text"), "Not confirmed: the shop did not answer");

  await shopper.page.unroute("**/api/quote");
  shopper.failures.length = 0; // the browser's own word on the request that was cut off
  await shopper.page.click("#retry");
  await shopper.settled();
  const seen = await shopper.sees();
  assert.equal(seen.message, "SUMMER20 applied: 157.86 EGP off.");
  assert.equal(await shopper.page.isHidden("#retry"), true);
});
