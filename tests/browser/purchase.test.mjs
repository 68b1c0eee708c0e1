/**
 * The whole purchase in Chromium, on each database a shop can be kept in: hold, pay, fail, pay again, cancel, refund, and
 * two customers who want the last use. Every figure is what the shop's own record says.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./support/chromium.mjs";
import { databases } from "./support/databases.mjs";
import {
  buy, chooseReturn, goToPayment, press, refusedAtCart, reserve, seesOrder, staffOpens, staffPresses, standsAt, usageOf,
} from "./support/purchase.mjs";
import { enter } from "./support/shopper.mjs";
import { call, directory, openShop } from "./support/storefront.mjs";

/** 2 × 349.90 and 89.50 make 789.30; posting is 45.00. FIRST3 takes 150.00: 684.30. */
const CART = { "linen-shirt": 2, "canvas-tote": 1 };
const LINES = Object.entries(CART).map(([productId, quantity]) => ({ productId, quantity }));
const FIRST3 = { lines: LINES, codes: ["FIRST3"] };
const MONA = "mona@example.com";
const MINUTE = 60_000;

let browser;

before(async (t) => {
  browser = await openBrowser(t);
});

for (const { name, start } of databases) {
  describe(`on ${name}`, () => {
    let database;

    before(async () => {
      database = await start();
    });
    after(() => database.stop());

    const openNew = async (t, options = {}) => openShop(t, { ...(await database.newShop(t)), ...options });

    /** A shopper whose cart stands, with a code. */
    async function withCart(t, shop, codes = ["FIRST3"], email = "") {
      const shopper = await enter(t, browser, shop);
      await shopper.choose(CART);
      if (email !== "") await shopper.setEmail(email);
      for (const code of codes) await shopper.type(code);
      return shopper;
    }

    test("from the cart to the paid order, and every step may be done again", async (t) => {
      const shop = await openNew(t);
      const shopper = await withCart(t, shop);
      assert.equal((await shopper.sees()).totals.total, "684.30 EGP");
      await shopper.page.reload();
      await shopper.settled();

      const order = await goToPayment(shopper);
      assert.deepEqual(await seesOrder(shopper), {
        title: "Payment",
        message: "",
        actions: ["pay", "fail", "leave"],
        // 150.00 in the proportion 699.80 : 89.50.
        lines: {
          "linen-shirt": { before: "699.80 EGP", discounts: ["−132.99 EGP"], total: "566.81 EGP" },
          "canvas-tote": { before: "89.50 EGP", discounts: ["−17.01 EGP"], total: "72.49 EGP" },
        },
        totals: { subtotal: "789.30 EGP", discount: "−150.00 EGP", shipping: "45.00 EGP", total: "684.30 EGP" },
        meters: {},
      });
      assert.deepEqual((await usageOf(shop, "few")).meters, [{ label: "In all", unit: "uses", limit: 3, used: 0, held: 1 }]);
      await shopper.page.reload();
      await standsAt(shopper, "held");

      await shopper.page.dblclick('[data-action="pay"]');
      await standsAt(shopper, "redeemed");
      const paid = await seesOrder(shopper);
      assert.equal(paid.title, "Paid. Thank you!");
      assert.equal(paid.totals.total, "684.30 EGP");
      assert.deepEqual(paid.meters, { few: ["1 used, 0 held, 2 left of 3"] });
      // As another window would, that still shows the button.
      assert.deepEqual((await call(shop, "POST", "/api/checkout/pay", { order })).answer, { refused: null });
      assert.deepEqual((await call(shop, "POST", "/api/checkout/fail", { order })).answer, { refused: "already_redeemed" });
      await shopper.page.reload();
      await standsAt(shopper, "redeemed");
      assert.deepEqual(await seesOrder(shopper), paid);

      const { redeemed, held, remaining, lastOrder } = await usageOf(shop, "few");
      assert.deepEqual({ redeemed, held, remaining, lastOrder }, { redeemed: 1, held: 0, remaining: 2, lastOrder: order.slice(0, 8).toUpperCase() });

      await shopper.page.goBack();
      await shopper.settled();
      assert.deepEqual((await shopper.sees()).lines, {}, "the cart that was paid is empty");
      await shopper.page.goForward();
      await standsAt(shopper, "redeemed");
      assert.deepEqual(shopper.failures, []);
    });

    test("a payment that fails lets the code go; paying again is the same order", async (t) => {
      const shop = await openNew(t);
      const shopper = await withCart(t, shop);
      const order = await goToPayment(shopper);
      await press(shopper, "fail");
      await standsAt(shopper, "released");
      assert.equal((await seesOrder(shopper)).title, "The payment failed");
      assert.equal((await usageOf(shop, "few")).meters[0].held, 0);
      await shopper.page.reload();
      await standsAt(shopper, "released");

      await press(shopper, "resume");
      await standsAt(shopper, "held");
      await press(shopper, "pay");
      await standsAt(shopper, "redeemed");
      assert.equal(new URL(shopper.page.url()).searchParams.get("order"), order);
      const { answer } = await call(shop, "GET", `/api/staff/order?order=${order}`);
      assert.deepEqual(answer.history.map(({ state, reason }) => [state, reason]), [
        ["held", null], ["released", "payment failed"], ["held", null], ["redeemed", null],
      ]);
      const { redeemed, held } = await usageOf(shop, "few");
      assert.deepEqual({ redeemed, held }, { redeemed: 1, held: 0 });
    });

    test("whoever leaves the payment keeps the cart and holds nothing", async (t) => {
      const shop = await openNew(t);
      const shopper = await withCart(t, shop);
      await goToPayment(shopper);
      await press(shopper, "leave");
      await standsAt(shopper, "released");
      assert.equal((await usageOf(shop, "few")).meters[0].held, 0);
      await shopper.page.click("#actions a");
      await shopper.settled();
      const seen = await shopper.sees();
      assert.equal(seen.totals.total, "684.30 EGP");
      assert.equal(await shopper.page.isHidden("#pending"), true);
    });

    test("what a customer holds keeps others out, and not the customer", async (t) => {
      const shop = await openNew(t);
      await buy(shop, FIRST3);
      await buy(shop, FIRST3);
      const shopper = await withCart(t, shop);
      const other = await withCart(t, shop, []);
      const order = await goToPayment(shopper);

      await other.type("FIRST3");
      assert.match((await other.sees()).message, /^FIRST3: The last of it is in another customer's checkout\. Try again in 1[45] minutes\.$/);

      await shopper.page.goBack();
      await shopper.settled();
      assert.equal((await shopper.sees()).chips.FIRST3.state, "applied");
      assert.equal(await shopper.page.isVisible("#pending"), true);
      await shopper.page.reload();
      await shopper.settled();
      await shopper.more("linen-shirt");
      assert.equal((await shopper.sees()).chips.FIRST3.state, "applied");
      assert.equal(await goToPayment(shopper), order, "the changed cart takes the place of the one that was held");
      // 349.90 more.
      assert.equal((await seesOrder(shopper)).totals.total, "1,034.20 EGP");
      assert.deepEqual((await usageOf(shop, "few")).meters, [{ label: "In all", unit: "uses", limit: 3, used: 2, held: 1 }]);
    });

    test("of two who press at once for the last use, one has it and the other is told", async (t) => {
      const shop = await openNew(t);
      await buy(shop, FIRST3);
      await buy(shop, FIRST3);
      const shoppers = [await withCart(t, shop), await withCart(t, shop)];
      for (const shopper of shoppers) assert.equal((await shopper.sees()).chips.FIRST3.state, "applied");

      await Promise.all(shoppers.map(({ page }) => page.click("#checkout")));
      await Promise.all(shoppers.map(({ page }) =>
        page.waitForFunction(() => document.body.dataset.state === "held" || document.querySelector("#checkout-message:not(:empty)") !== null)));
      const [winner, ...more] = shoppers.filter(({ page }) => page.url().includes("/order?"));
      assert.deepEqual(more, []);
      const loser = shoppers.find((shopper) => shopper !== winner);
      assert.match(await loser.page.textContent("#checkout-message"),
        /^FIRST3: The last of it is in another customer's checkout\. Try again in 1[45] minutes\. Go on without it, or try again later\.$/);
      await loser.settled();
      const seen = await loser.sees();
      assert.deepEqual([seen.chips.FIRST3.state, seen.totals.total], ["rejected", "834.30 EGP"]);

      await press(winner, "pay");
      await standsAt(winner, "redeemed");
      assert.deepEqual((await seesOrder(winner)).meters, { few: ["3 used, 0 held, 0 left of 3"] });
      await loser.type("FIRST3");
      assert.equal((await loser.sees()).message, "FIRST3: All its uses are gone.");
      await goToPayment(loser);
      await press(loser, "pay");
      await standsAt(loser, "redeemed");
      assert.equal((await seesOrder(loser)).totals.total, "834.30 EGP");
    });

    test("a total that has changed is shown and asked about before anything is held", async (t) => {
      const shop = await openNew(t);
      const shopper = await withCart(t, shop, ["SPRING"]);
      // 20 % of 699.80.
      assert.equal((await shopper.sees()).totals.total, "694.34 EGP");
      await call(shop, "POST", "/api/setup", { opens: "sale-caps" });
      assert.equal(await refusedAtCart(shopper),
        "SPRING: There is nothing this discount can be taken off yet. Go on without it, or try again later.");
      assert.equal((await shopper.sees()).totals.total, "834.30 EGP");

      await call(shop, "POST", "/api/setup", { opens: "sale-shirts" });
      await shopper.type("SPRING");
      await shopper.type("CREDIT100");
      // 100.00 first, then 20 % of the shirts' 611.14: 699.80 less 88.66.
      const agreed = (await shopper.sees()).totals.total;
      await call(shop, "POST", "/api/setup", { mode: "best_combination" });
      assert.equal(await refusedAtCart(shopper),
        `The total has changed: it is 594.34 EGP now, it was ${agreed}. Look it over and go to payment again.`);
      assert.equal((await shopper.sees()).totals.total, "594.34 EGP");
      await goToPayment(shopper);
      assert.equal((await seesOrder(shopper)).totals.total, "594.34 EGP");

      await press(shopper, "fail");
      await standsAt(shopper, "released");
      await call(shop, "POST", "/api/setup", { mode: "sequential" });
      await press(shopper, "resume");
      await shopper.page.click('[data-action="agree"]');
      await standsAt(shopper, "held");
      assert.equal((await seesOrder(shopper)).totals.total, agreed);
    });

    test("cancelled, an order gives its uses and its store credit back", async (t) => {
      const shop = await openNew(t);
      const shopper = await withCart(t, shop, ["FIRST3", "MONA-500"], MONA);
      const order = await goToPayment(shopper);
      assert.deepEqual((await seesOrder(shopper)).totals, {
        subtotal: "789.30 EGP", discount: "−150.00 EGP", shipping: "45.00 EGP", credit: "−500.00 EGP", total: "184.30 EGP",
      });
      await press(shopper, "pay");
      await standsAt(shopper, "redeemed");
      assert.deepEqual((await usageOf(shop, "mona-credit")).meters, [{ label: "Balance", unit: "money", limit: 50000, used: 50000, held: 0 }]);

      await staffOpens(shopper, shop, order);
      assert.equal(await shopper.page.textContent("#whole-text"), "684.30 EGP has not come back yet, 500.00 EGP of it to store credit.");
      assert.equal(await staffPresses(shopper, "#cancel"), "684.30 EGP given back.");
      await standsAt(shopper, "rolled_back");
      assert.deepEqual((await seesOrder(shopper)).meters, { few: ["0 used, 0 held, 3 left of 3"], "mona-credit": ["0.00 EGP used, 0.00 EGP held, 500.00 EGP left of 500.00 EGP"] });
      const { redeemed, rolledBack, remaining } = await usageOf(shop, "few");
      assert.deepEqual({ redeemed, rolledBack, remaining }, { redeemed: 0, rolledBack: 1, remaining: 3 });

      // Pressed again by somebody whose page is older.
      assert.deepEqual((await call(shop, "POST", "/api/staff/cancel", { order })).answer.refused, null);
      assert.deepEqual((await usageOf(shop, "few")).meters[0].used, 0, "given back once");
      await shopper.page.goto(`${shop.url}/order?order=${order}`);
      await standsAt(shopper, "rolled_back");
      assert.equal((await seesOrder(shopper)).title, "Cancelled");
    });

    test("refunds in parts add up to what was paid, to the piastre", async (t) => {
      const shop = await openNew(t);
      const shopper = await withCart(t, shop, ["FIRST3", "MONA-500"], MONA);
      const order = await goToPayment(shopper);
      await press(shopper, "pay");
      await standsAt(shopper, "redeemed");
      await staffOpens(shopper, shop, order);

      // Half of 566.81, rounded down; 500.00 of the 684.30 was store credit.
      assert.deepEqual(await chooseReturn(shopper, { "linen-shirt": 1 }), {
        "line-linen-shirt": "283.40 EGP", amount: "283.40 EGP", credit: "207.07 EGP", payment: "76.33 EGP", remaining: "400.90 EGP",
      });
      assert.equal(await staffPresses(shopper, "#refund-part"), "283.40 EGP given back.");
      assert.deepEqual((await seesOrder(shopper)).totals, {
        subtotal: "789.30 EGP", discount: "−150.00 EGP", shipping: "45.00 EGP", credit: "−500.00 EGP", total: "184.30 EGP",
        refunded: "283.40 EGP", "refunded-credit": "207.07 EGP",
      });
      // The same refund again, as from a page that has had no answer; and another one under its name.
      const again = { order, lines: [{ lineId: "linen-shirt", quantity: 1 }], shipping: false, number: 1 };
      assert.equal((await call(shop, "POST", "/api/staff/refund", again)).answer.refused, null);
      assert.equal((await call(shop, "POST", "/api/staff/refund", { ...again, shipping: true })).status, 409);
      assert.equal((await call(shop, "GET", `/api/order?order=${order}`)).answer.refunded.amount, 28340);
      const tooMany = await call(shop, "POST", "/api/staff/refund-preview", { order, lines: [{ lineId: "linen-shirt", quantity: 2 }], shipping: false });
      assert.deepEqual([tooMany.status, tooMany.answer.error.path], [400, "lines[0].quantity"]);

      assert.deepEqual(await chooseReturn(shopper, { "canvas-tote": 1 }, { shipping: true }), {
        "line-canvas-tote": "72.49 EGP", shipping: "45.00 EGP", amount: "117.49 EGP", credit: "85.84 EGP", payment: "31.65 EGP", remaining: "283.41 EGP",
      });
      assert.equal(await staffPresses(shopper, "#refund-part"), "117.49 EGP given back.");
      assert.equal(await shopper.page.isHidden("#return-shipping"), true);
      assert.equal(await shopper.page.textContent("#whole-text"), "283.41 EGP has not come back yet, 207.09 EGP of it to store credit.");
      assert.equal(await staffPresses(shopper, "#refund-all"), "283.41 EGP given back.");
      await standsAt(shopper, "rolled_back");

      // 207.07 + 85.84 + 207.09 = 500.00, and the rest is the 184.30 that was paid.
      const { refunded } = (await call(shop, "GET", `/api/order?order=${order}`)).answer;
      assert.deepEqual({ amount: refunded.amount, credit: refunded.credit }, { amount: 68430, credit: 50000 });
      assert.deepEqual((await usageOf(shop, "mona-credit")).meters[0].used, 0);
      assert.equal((await usageOf(shop, "few")).meters[0].used, 1, "refunded, a use stays used");
    });

    test("a hold that has ended is paid while nobody else took it, and refused once somebody did", async (t) => {
      let later = 0;
      const shop = await openNew(t, { now: () => Date.now() + later });
      const first = await withCart(t, shop);
      await goToPayment(first);
      later = 16 * MINUTE;
      await press(first, "pay");
      await standsAt(first, "redeemed");

      await buy(shop, FIRST3);
      const second = await withCart(t, shop);
      await goToPayment(second);
      later = 32 * MINUTE;
      await second.page.reload();
      await standsAt(second, "expired");
      await buy(shop, FIRST3);
      await press(second, "pay");
      await second.page.waitForFunction(() => document.querySelector("#message").textContent !== "");
      const seen = await seesOrder(second);
      assert.equal(seen.message, "Nothing was paid: the last use of a code went to another customer meanwhile. The cart shows the new total.");
      assert.equal((await usageOf(shop, "few")).meters[0].used, 3);

      await second.page.click("#actions a");
      await second.settled();
      assert.equal((await second.sees()).totals.total, "834.30 EGP");
      await goToPayment(second);
      await press(second, "pay");
      await standsAt(second, "redeemed");
    });

    test("once per customer, five a day and a budget hold", async (t) => {
      const shop = await openNew(t);
      await buy(shop, { lines: LINES, codes: ["WELCOME15"], email: "Ann@example.com" });
      const ann = await withCart(t, shop, ["WELCOME15"], "ann@example.com");
      assert.equal((await ann.sees()).message, "WELCOME15: You have used it as often as one customer may.");

      const daily = { lines: [{ productId: "notebook", quantity: 1 }], codes: ["TODAY12"] };
      for (let use = 0; use < 5; use++) await buy(shop, daily);
      await ann.type("TODAY12");
      assert.equal((await ann.sees()).message, "TODAY12: All its uses of today are gone. Try again tomorrow.");
      // 12 % of 18.00 is 2.16, five times.
      assert.deepEqual((await usageOf(shop, "daily")).meters, [
        { label: "Today", unit: "uses", limit: 5, used: 5, held: 0 },
        { label: "Budget", unit: "money", limit: 60000, used: 1080, held: 0 },
      ]);

      const other = await openNew(t);
      await buy(other, { lines: [{ productId: "meridian-family", quantity: 9 }], codes: ["TODAY12"] });
      // 518.40 of 600.00 are spent; 12 % of 789.30 would be 94.72.
      const refused = await reserve(other, { lines: LINES, codes: ["TODAY12"] });
      assert.deepEqual([refused.status, refused.codes], ["refused", [{ code: "TODAY12", message: "What was set aside for this offer is spent." }]]);
    });

    test("a first order is one that no paid order came before", async (t) => {
      const shop = await openNew(t);
      const friend = { lines: LINES, codes: ["FRIENDS20"], email: "ben@example.com" };
      await buy(shop, { ...friend, codes: [] });
      const { status, codes } = await reserve(shop, friend);
      assert.deepEqual([status, codes], ["refused", [{ code: "FRIENDS20", message: "This code cannot be applied." }]]);
      assert.equal((await reserve(shop, { ...friend, email: "new@example.com" })).status, "held");
    });

    test("started by its command, it keeps what was held and paid for the next start", async (t) => {
      const options = await database.newShop(t);
      const program = await startProgram(t, options);
      const paid = await buy(program, FIRST3);
      const { order: held } = await reserve(program, FIRST3);
      await program.end();

      const shop = await openShop(t, options);
      assert.equal((await call(shop, "GET", `/api/order?order=${paid}`)).answer.state, "redeemed");
      assert.equal((await call(shop, "GET", `/api/order?order=${held}`)).answer.state, "held");
      assert.deepEqual((await call(shop, "POST", "/api/checkout/pay", { order: held })).answer, { refused: null });
      assert.deepEqual((await usageOf(shop, "few")).meters, [{ label: "In all", unit: "uses", limit: 3, used: 2, held: 0 }]);
    });
  });
}

/** `node run.mjs`, where the environment says what the shop is kept in. */
async function startProgram(t, { dataDirectory = "", databaseUrl = "" }) {
  const program = spawn(process.execPath, [path.join(directory, "run.mjs")], {
    env: { ...process.env, PORT: "0", DEMO_DATA: dataDirectory, DATABASE_URL: databaseUrl },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => program.kill("SIGKILL"));
  const exited = once(program, "exit");
  for await (const line of createInterface(program.stdout)) {
    const [, url] = line.match(/^Open (http:.*)$/) ?? [];
    if (url === undefined) continue;
    return {
      url,
      async end() {
        program.kill("SIGINT");
        await exited;
      },
    };
  }
  throw new Error("the shop's program ended before it said where it is");
}
