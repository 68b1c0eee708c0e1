/**
 * What a buyer does after the cart, and what staff do after the buyer. Knows the structure of those pages; asserts
 * nothing.
 */
import { randomUUID } from "node:crypto";

import { call, quoteOf } from "./storefront.mjs";

/** From the cart to the payment; the id of the order. */
export async function goToPayment({ page }) {
  await page.click("#checkout");
  await page.waitForURL(/\/order\?/);
  await standsAt({ page }, "held");
  return new URL(page.url()).searchParams.get("order");
}

/** Presses the button, and stays: why it cannot go on. */
export async function refusedAtCart(shopper) {
  await shopper.page.click("#checkout");
  await shopper.page.waitForFunction(() => document.querySelector("#checkout-message").textContent !== "");
  await shopper.settled();
  return shopper.page.textContent("#checkout-message");
}

export async function standsAt({ page }, state) {
  await page.waitForSelector(`body[data-state="${state}"]`);
}

/** One of the order page's buttons: `pay`, `fail`, `leave`, `resume`, `agree`. */
export async function press({ page }, action) {
  await page.click(`[data-action="${action}"]`);
}

/** Everything the order page says. */
export function seesOrder({ page }) {
  return page.evaluate(() => {
    const text = (selector, within = document) => within.querySelector(selector)?.textContent ?? null;
    const all = (selector) => [...document.querySelectorAll(selector)];
    return {
      title: text("#title"),
      message: text("#message"),
      actions: all("[data-action]").map(({ dataset }) => dataset.action),
      lines: Object.fromEntries(all("#summary [data-line]").map((line) => [line.dataset.line, {
        before: text(".line-subtotal", line),
        discounts: [...line.querySelectorAll(".order-line-discount span")].map(({ textContent }) => textContent),
        total: text(".line-total", line),
      }])),
      totals: Object.fromEntries(all("#summary [data-total]").map((row) => [row.dataset.total, text("dd", row)])),
      meters: Object.fromEntries(all("#meters [data-coupon]").map((coupon) => [
        coupon.dataset.coupon, [...coupon.querySelectorAll(".meter-words")].map(({ textContent }) => textContent),
      ])),
    };
  });
}

/** The staff's page of an order, once it stands. */
export async function staffOpens({ page }, shop, order, state = "redeemed") {
  await page.goto(`${shop.url}/staff-order?order=${order}`);
  await standsAt({ page }, state);
}

/** Chooses what comes back, and reads what it is worth. */
export async function chooseReturn({ page }, units, { shipping = false } = {}) {
  for (const [line, quantity] of Object.entries(units)) await page.fill(`[data-return="${line}"]`, String(quantity));
  await page.setChecked("#shipping", shipping);
  const wanted = Object.entries(units).filter(([, quantity]) => quantity > 0).map(([line, quantity]) => `${line} ${quantity}`).join();
  await page.waitForFunction(
    ([lines, withShipping]) => {
      const rows = [...document.querySelectorAll("#preview [data-preview]")];
      const shown = rows.filter((row) => row.dataset.preview.startsWith("line-"))
        .map((row) => `${row.dataset.preview.slice(5)} ${row.querySelector("dt").textContent.split(" × ")[1]}`).join();
      return shown === lines && rows.some((row) => row.dataset.preview === "shipping") === withShipping;
    },
    [wanted, shipping],
  );
  return page.evaluate(() => Object.fromEntries([...document.querySelectorAll("#preview [data-preview]")]
    .map((row) => [row.dataset.preview, row.querySelector("dd").textContent])));
}

/** Presses a button of the staff's page and waits until the shop has answered. */
export async function staffPresses({ page }, button) {
  await page.evaluate(() => {
    document.querySelector("#message").textContent = "";
  });
  await page.click(button);
  await page.waitForFunction(() => document.querySelector("#message").textContent !== "" && document.querySelector('[aria-busy="true"]') === null);
  return page.textContent("#message");
}

/** A coupon's use, as staff read it. */
export async function usageOf(shop, couponId) {
  const { answer } = await call(shop, "GET", "/api/staff");
  return answer.usage.find((coupon) => coupon.couponId === couponId);
}

/** Without a page: as far as the payment. */
export async function reserve(shop, request, order = randomUUID()) {
  const { fingerprint } = await quoteOf(shop, { ...request, order });
  const { answer } = await call(shop, "POST", "/api/checkout", { ...request, order, fingerprint });
  return { order, ...answer };
}

/** Without a page: the whole purchase. */
export async function buy(shop, request) {
  const { order, status } = await reserve(shop, request);
  if (status !== "held") throw new Error(`not held: ${status}`);
  await call(shop, "POST", "/api/checkout/pay", { order });
  return order;
}
