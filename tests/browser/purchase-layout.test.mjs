/**
 * How the pages of a purchase look at two widths: nothing sticks out, nothing is cut off, everything has a name. Leaves a
 * picture of every state in artefacts/storefront/.
 */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { openBrowser } from "./support/chromium.mjs";
import { buy, chooseReturn, goToPayment, press, refusedAtCart, reserve, staffOpens, staffPresses, standsAt } from "./support/purchase.mjs";
import { enter, NARROW, WIDE } from "./support/shopper.mjs";
import { call, openShop } from "./support/storefront.mjs";

const pictures = fileURLToPath(new URL("../../artefacts/storefront", import.meta.url));
const ONE_SHIRT = { lines: [{ productId: "linen-shirt", quantity: 1 }], codes: ["FIRST3"] };

let browser;

before(async (t) => {
  await mkdir(pictures, { recursive: true });
  browser = await openBrowser(t);
});

/** What is wider than its place, or has nothing to be called by. */
function faults(page) {
  return page.evaluate(() => ({
    overflows: document.documentElement.scrollWidth > innerWidth,
    clipped: [...document.querySelectorAll("button, dd, .badge, .line-total, .meter-words, .order-total, .order-number")]
      .filter((element) => element.scrollWidth > Math.ceil(element.getBoundingClientRect().width) + 1).map((element) => element.textContent),
    nameless: [...document.querySelectorAll("button, a, input")]
      .filter((element) => element.offsetParent !== null && element.textContent.trim() === "" && !element.ariaLabel && !element.labels?.length)
      .map((element) => element.outerHTML),
    small: [...document.querySelectorAll("button, a.link, .order-number, summary, input:not([type=radio], [type=checkbox])")]
      .filter((element) => element.offsetParent !== null && element.getBoundingClientRect().height < 24).map((element) => element.textContent),
  }));
}

for (const viewport of [WIDE, NARROW]) {
  test(`at ${viewport.width} pixels every step of a purchase fits`, async (t) => {
    const shop = await openShop(t);
    const shopper = await enter(t, browser, shop, { viewport });
    const look = async (name) => {
      assert.deepEqual(await faults(shopper.page), { overflows: false, clipped: [], nameless: [], small: [] }, name);
      await shopper.page.screenshot({ path: path.join(pictures, `purchase-${name}-${viewport.width}.png`), fullPage: true });
    };
    await shopper.choose({ "linen-shirt": 2, "canvas-tote": 1 });
    await shopper.setEmail("mona@example.com");
    await shopper.type("FIRST3");
    await shopper.type("MONA-500");
    await look("cart");
    const order = await goToPayment(shopper);
    await look("payment");
    await shopper.page.click("#actions a");
    await shopper.settled();
    await look("cart-held");
    await goToPayment(shopper);
    await press(shopper, "fail");
    await standsAt(shopper, "released");
    await look("failed");
    await press(shopper, "resume");
    await standsAt(shopper, "held");
    await press(shopper, "pay");
    await standsAt(shopper, "redeemed");
    await look("paid");

    await buy(shop, ONE_SHIRT);
    const { order: holding } = await reserve(shop, ONE_SHIRT);
    await shopper.page.goto(shop.url);
    await shopper.settled();
    await shopper.choose({ "linen-shirt": 1 });
    await shopper.type("FIRST3");
    await look("cart-elsewhere");
    await call(shop, "POST", "/api/checkout/leave", { order: holding });
    await shopper.type("FIRST3");
    await reserve(shop, ONE_SHIRT, holding);
    await refusedAtCart(shopper);
    await look("cart-refused");

    await buy(shop, { lines: [{ productId: "kasra-display", quantity: 2 }], codes: ["TODAY12"] });
    await shopper.page.goto(`${shop.url}/staff`);
    await shopper.page.waitForSelector("[data-order]");
    await shopper.page.click('[data-coupon="spring"] summary');
    await look("staff");
    await staffOpens(shopper, shop, order);
    await look("staff-order");
    await chooseReturn(shopper, { "linen-shirt": 1 }, { shipping: true });
    await look("staff-refund");
    await staffPresses(shopper, "#refund-part");
    await look("staff-refunded");
    await staffPresses(shopper, "#cancel");
    await look("staff-cancelled");
    await shopper.page.goto(`${shop.url}/order?order=${order}`);
    await standsAt(shopper, "rolled_back");
    await look("cancelled");
  });
}
