/**
 * What a shop offers beyond a plain code, as a shopper sees it in Chromium: a discount that needs no code, a code that
 * opens a sale, store credit, steps, and the best of several codes. Figures and words, each with how it was worked out.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { openBrowser } from "./support/chromium.mjs";
import { enter, NARROW } from "./support/shopper.mjs";
import { call, dataDirectory, installedModule, openShop, quoteOf } from "./support/storefront.mjs";

let browser;
/** Staff change the shop in some of these tests: each has one of its own. */
let shop;

before(async (t) => {
  browser = await openBrowser(t);
});

async function visit(t, options) {
  shop = await openShop(t);
  return enter(t, browser, shop, options);
}

test("an automatic discount says what is missing, comes by itself, and goes again", async (t) => {
  const shopper = await visit(t);
  const name = "Any three of paper, 10 % off";
  await shopper.choose({ "linen-shirt": 1 });
  assert.deepEqual((await shopper.sees()).automatic, {}, "nothing in the cart is for it");

  await shopper.choose({ notebook: 1, pencils: 1 });
  const missing = await shopper.sees();
  assert.deepEqual(missing.automatic, {
    [name]: { state: "Not yet", amount: "", hint: "Add 1 more matching item to get this discount.", progress: [2, 3] },
  });
  assert.equal(missing.totals.discount, "0.00 EGP");
  assert.deepEqual(missing.leftOut, [`${name} Add 1 more matching item to get this discount.`]);

  await shopper.more("notebook");
  const applied = await shopper.sees();
  assert.deepEqual(applied.automatic, { [name]: { state: "Applied", amount: "−4.85 EGP", hint: "", progress: null } });
  // 10 % of 2 × 18.00 and 12.50 is 4.85; the shirt is left alone.
  assert.deepEqual(
    Object.entries(applied.lines).map(([id, { discount }]) => [id, discount]),
    [["linen-shirt", ""], ["notebook", "−3.60 EGP"], ["pencils", "−1.25 EGP"]],
  );
  assert.deepEqual(applied.totals, { subtotal: "398.40 EGP", discount: "−4.85 EGP", shipping: "45.00 EGP", total: "438.55 EGP" });
  assert.equal(applied.message, `${name}: 4.85 EGP off.`, "it is announced like a code");
  assert.equal(applied.trace.length, 1);
  assert.match(applied.trace[0], /^Any three of paper, 10 % off 10 % of 48\.50 = 4\.85 EGP.*Automatic: no code needed\./);

  await shopper.less("pencils");
  const { automatic: { [name]: again }, message } = await shopper.sees();
  assert.deepEqual([again.state, again.hint], ["Not yet", "Add 1 more matching item to get this discount."]);
  assert.equal(message, `${name}: no longer applies.`);
});

test("an automatic discount and a code go together, in the order that is told", async (t) => {
  const shopper = await visit(t);
  await shopper.choose({ notebook: 3 });
  await shopper.type("SUMMER20");
  const { totals, chips, trace } = await shopper.sees();
  // 54.00 − 5.40 = 48.60, and 20 % of that is 9.72.
  assert.equal(chips.SUMMER20.amount, "−9.72 EGP");
  assert.equal(totals.discount, "−15.12 EGP");
  assert.match(trace[1], /^SUMMER20 20 % of 48\.60 after Any three of paper, 10 % off = 9\.72 EGP/);
});

test("a code opens a sale, and staff link it to another while the code stays", async (t) => {
  const shopper = await visit(t);
  await shopper.show("A code that opens a sale");
  const shirts = await shopper.sees();
  assert.deepEqual(shirts.notes, { SPRING: "SPRING opens: Spring sale on shirts" });
  // 20 % of 349.90.
  assert.deepEqual(shirts.chips, { SPRING: { state: "applied", amount: "−69.98 EGP", reason: "" } });
  assert.equal(shirts.lines["wool-cap"].discount, "");
  assert.match(shirts.trace[0], /^SPRING 20 % of 349\.90 = 69\.98 EGP.*opens the rule “Spring sale on shirts”.*Linen shirt−69\.98 EGP$/);

  await shopper.setUp("Spring sale on caps");
  const caps = await shopper.sees();
  assert.deepEqual(caps.notes, { SPRING: "SPRING opens: Spring sale on caps" });
  // 30 % of 119.99 is 35.997.
  assert.deepEqual(caps.chips, { SPRING: { state: "applied", amount: "−36.00 EGP", reason: "" } });
  assert.equal(caps.lines["linen-shirt"].discount, "");
  assert.equal(caps.message, "SPRING applied: 36.00 EGP off.");
  assert.match(await shopper.page.textContent("#staff-version"), /^Version 2 of the coupon/);

  // What the code opens is told before it applies, too.
  await shopper.less("wool-cap");
  const waiting = await shopper.sees();
  assert.equal(waiting.chips.SPRING.state, "parked");
  assert.deepEqual(waiting.notes, { SPRING: "SPRING opens: Spring sale on caps" });
});

test("store credit asks who is there, pays last, and says what is left of it", async (t) => {
  const shopper = await visit(t);
  await shopper.choose({ "linen-shirt": 1 });
  await shopper.type("mona-500");
  const nobody = await shopper.sees();
  assert.deepEqual(nobody.chips["MONA-500"], { state: "parked", amount: "", reason: "Sign in or enter your e-mail address to use this code." });
  assert.equal(nobody.credit, null);
  assert.equal(nobody.totalLabel, "Total");

  await shopper.type("SUMMER20");
  await shopper.setEmail("mona@example.com");
  const paid = await shopper.sees();
  // 349.90 − 69.98 + 45.00 = 324.92, and the credit pays all of it.
  assert.deepEqual(paid.totals, { subtotal: "349.90 EGP", discount: "−69.98 EGP", shipping: "45.00 EGP", total: "0.00 EGP" });
  assert.equal(paid.credit, "−324.92 EGP");
  assert.equal(paid.totalLabel, "You pay");
  assert.equal(paid.notes["MONA-500"], "Balance 500.00 EGP before this order, 175.08 EGP after it");
  assert.deepEqual(paid.chips["MONA-500"], { state: "applied", amount: "−324.92 EGP", reason: "" });
  assert.equal(paid.message, "MONA-500 applied: it pays 324.92 EGP.");
  assert.equal(paid.lines["linen-shirt"].total, "279.92 EGP", "a line's price is its discounts' matter");
  assert.equal(paid.trace.length, 2);
  assert.match(paid.trace[1], /^MONA-500 store credit of 500\.00 towards 324\.92 = 324\.92 EGP.*Balance 500\.00 EGP, pays 324\.92 EGP, 175\.08 EGP left\. You pay 0\.00 EGP\./);

  await shopper.more("linen-shirt");
  const spent = await shopper.sees();
  // 699.80 − 139.96 + 45.00 = 604.84; 500.00 of it are paid.
  assert.equal(spent.totals.total, "104.84 EGP");
  assert.equal(spent.notes["MONA-500"], "Balance 500.00 EGP before this order, 0.00 EGP after it");

  await shopper.setEmail("somebody@example.com");
  const other = await shopper.sees();
  assert.deepEqual(other.chips["MONA-500"], { state: "rejected", amount: "", reason: "This code cannot be applied." });
  assert.equal(other.totals.total, "604.84 EGP");
  assert.equal(other.credit, null);
});

test("steps say which one is reached and what the next one asks for", async (t) => {
  const shopper = await visit(t);
  const after = async (more) => {
    await shopper.choose({ "mint-tea": more });
    const { automatic, totals } = await shopper.sees();
    const { state, amount, hint, progress } = automatic["More tea, more off"];
    return [state, amount, hint, progress, totals.discount];
  };
  assert.deepEqual(await after(1), ["Not yet", "", "Add 25.00 EGP more for 5 %.", [2500, 20000], "0.00 EGP"]);
  assert.deepEqual(await after(1), ["Applied", "−2.50 EGP", "5 % reached with 50.00 EGP. Add 50.00 EGP more for 10 %.", [5000, 20000], "−2.50 EGP"]);
  assert.deepEqual(await after(2), ["Applied", "−10.00 EGP", "10 % reached with 100.00 EGP. Add 100.00 EGP more for 15 %.", [10000, 20000], "−10.00 EGP"]);
  assert.deepEqual(await after(5), ["Applied", "−33.75 EGP", "15 % reached with 225.00 EGP. This is the highest step.", [20000, 20000], "−33.75 EGP"]);
  const { trace } = await shopper.sees();
  assert.match(trace[0], /15 % of 225\.00 = 33\.75 EGP.*Steps: 5 % from 50\.00 EGP, 10 % from 100\.00 EGP, 15 % from 200\.00 EGP\./);
  const bar = shopper.page.getByRole("progressbar");
  assert.equal(await bar.getAttribute("aria-labelledby"), "hint-tea", "the bar is named by its sentence");
});

test("of several codes the best combination is used, and the others say what they would have made", async (t) => {
  const shopper = await visit(t);
  await shopper.setUp("The best combination");
  await shopper.choose({ "linen-shirt": 2 });
  await shopper.type("ONLY30");
  assert.deepEqual((await shopper.sees()).combinations, [], "one code is no choice");
  await shopper.type("SUMMER20");
  await shopper.type("CREDIT100");
  const two = await shopper.sees();
  // 20 % of 699.80 and 100.00 are 239.96; 30 % alone would be 209.94.
  assert.deepEqual(two.chips, {
    ONLY30: { state: "aside", amount: "", reason: "A better offer is already applied: CREDIT100 and SUMMER20." },
    SUMMER20: { state: "applied", amount: "−139.96 EGP", reason: "" },
    CREDIT100: { state: "applied", amount: "−100.00 EGP", reason: "" },
  });
  assert.deepEqual(two.combinations, [["SUMMER20 + CREDIT100", "504.84 EGP", "Used"], ["ONLY30", "534.86 EGP", "30.02 EGP more"]]);
  assert.equal(two.totals.total, "504.84 EGP");
  assert.deepEqual(two.leftOut, ["ONLY30 A better offer is already applied: CREDIT100 and SUMMER20."]);
  assert.match(await shopper.page.textContent("#trace-strategy"), /^Every selection of the codes was tried/);

  // 1,049.70: 209.94 and 100.00 against 314.91.
  await shopper.more("linen-shirt");
  const three = await shopper.sees();
  assert.deepEqual(
    Object.entries(three.chips).map(([code, { state, reason }]) => [code, state, reason]),
    [
      ["ONLY30", "applied", ""],
      ["SUMMER20", "aside", "A better offer is already applied: ONLY30."],
      ["CREDIT100", "aside", "A better offer is already applied: ONLY30."],
    ],
  );
  assert.deepEqual(three.combinations, [["ONLY30", "779.79 EGP", "Used"], ["SUMMER20 + CREDIT100", "784.76 EGP", "4.97 EGP more"]]);
  assert.equal(three.totals.total, "779.79 EGP");
  assert.match(three.trace[0], /^ONLY30 30 % of 1049\.70 = 314\.91 EGP/);

  await shopper.page.reload();
  await shopper.settled();
  const { message, ...reloaded } = await shopper.sees();
  assert.deepEqual(reloaded.chips, three.chips, "what was set aside is still in the running");
  assert.equal(message, "");

  await shopper.less("linen-shirt");
  assert.deepEqual((await shopper.sees()).chips, two.chips);
});

test("no more codes than the shop allows: the ways to combine are counted with it", async (t) => {
  const shopper = await visit(t);
  await shopper.setUp("The best combination");
  await shopper.choose({ "linen-shirt": 2 });
  for (const code of ["SUMMER20", "CREDIT100", "LOYAL15", "CAP20"]) await shopper.type(code);
  const { chips, combinations, totals } = await shopper.sees();
  const used = combinations.filter(([, , compared]) => compared === "Used");
  assert.equal(used.length, 1);
  assert.equal(used[0][1], totals.total);
  assert.equal(combinations.length, 4, "every three of four");
  for (const [codes] of combinations) assert.equal(codes.split(" + ").length, 3);
  assert.equal(Object.values(chips).filter(({ state }) => state === "aside").length, 1);
});

test("what is shown is what the server says, and a preview of it agrees", async (t) => {
  const shopper = await visit(t);
  await shopper.show("Spend more, save more");
  let letGo;
  const gate = new Promise((resolve) => {
    letGo = resolve;
  });
  await shopper.page.route("**/api/quote", async (route) => {
    await gate;
    await route.continue().catch(() => undefined);
  });
  await shopper.page.click('[data-line="mint-tea"] .step:last-child');
  await shopper.page.waitForSelector('#source[data-source="preview"]');
  const { source: _, ...preview } = await shopper.sees();
  letGo();
  await shopper.settled();
  const { source: __, ...confirmed } = await shopper.sees();
  assert.deepEqual(confirmed, preview);
  const quote = await quoteOf(shop, { lines: [{ productId: "mint-tea", quantity: 4 }], codes: [] });
  assert.equal(quote.totals.discount, 1000);
  assert.equal(confirmed.totals.discount, "−10.00 EGP");
});

test("every example is one click or key away, on a small screen beside its cart", async (t) => {
  const shopper = await visit(t, { viewport: NARROW });
  const expected = {
    "Automatic discount": ["75.50 EGP", /Add one more/],
    "A code that opens a sale": ["444.91 EGP", /opens a sale/],
    "Store credit": ["0.00 EGP", /pays last/],
    "Spend more, save more": ["116.25 EGP", /5 % off/],
    "Best combination": ["504.84 EGP", /cheapest way/],
  };
  for (const [title, [total, says]] of Object.entries(expected)) {
    const button = shopper.page.getByRole("button", { name: title, exact: true });
    await button.focus();
    await shopper.page.keyboard.press("Enter");
    await shopper.shows(title);
    assert.equal((await shopper.sees()).totals.total, total, title);
    assert.match(await shopper.page.locator("#cart > [role=status]").textContent(), says);
    assert.equal(await shopper.page.evaluate(() => document.querySelector("#trace").open), true, "how it was worked out is open");
    const top = await shopper.page.evaluate(() => document.querySelector("#cart").getBoundingClientRect().top);
    assert.ok(Math.abs(top) < 40, `${title}: the cart is in view`);
  }
});

test("what staff may set is checked, and a refusal leaves the shop as it was", async (t) => {
  shop = await openShop(t);
  const refused = async (body) => {
    const { status, answer } = await call(shop, "POST", "/api/setup", body);
    return [status, answer.error.code, answer.error.path ?? null];
  };
  assert.deepEqual(await refused({ mode: "none" }), [400, "invalid_value", "mode"]);
  assert.deepEqual(await refused({ opens: "paper" }), [400, "invalid_value", "opens"]);
  assert.deepEqual(await refused({ opens: 7 }), [400, "invalid_value", "opens"]);
  assert.deepEqual(await refused({ policy: {} }), [400, "unknown_field", "policy"]);
  const { answer } = await call(shop, "GET", "/api/setup");
  assert.deepEqual([answer.mode, answer.link.code, answer.link.version, answer.link.opens], ["sequential", "SPRING", 1, "sale-shirts"]);

  const { answer: same } = await call(shop, "POST", "/api/setup", { opens: "sale-shirts" });
  assert.equal(same.link.version, 1, "the same link is no new version");
  const { answer: other } = await call(shop, "POST", "/api/setup", { opens: "sale-caps", mode: "best_combination" });
  assert.deepEqual([other.mode, other.link.version, other.link.opens], ["best_combination", 2, "sale-caps"]);
});

test("a shop that locks its terms refuses another link, and the page says so", async (t) => {
  const folder = await dataDirectory(t);
  const { createCouponEngine } = await installedModule("../node_modules/coupon-engine/dist/index.js");
  const { sqliteStorage } = await installedModule("../node_modules/coupon-engine/dist/stores/sqlite.js");
  const earlier = await createCouponEngine({ storage: await sqliteStorage({ path: `${folder}/shop.sqlite` }) });
  // A shop from before: it has a coupon, and settings that lock terms as they are created.
  await earlier.coupons.create({ type: "standard", code: "EARLIER", discount: { type: "percent", basisPoints: 100 } });
  await earlier.close();

  const { startStorefront } = await installedModule("run.mjs");
  const locked = await startStorefront({ dataDirectory: folder });
  t.after(() => locked.close());
  const { page, failures } = await enter(t, browser, locked);
  await page.click("#staff summary");
  await page.getByLabel("Spring sale on caps", { exact: true }).click();
  await page.waitForSelector("#staff-message:not(:empty)");
  assert.equal(await page.textContent("#staff-message"), "the shop's settings lock the terms of its coupons");
  assert.equal(await page.getByLabel("Spring sale on shirts", { exact: true }).isChecked(), true);
  assert.equal(failures.length, 1, "the browser's own word on the refusal");
});
