/**
 * What a shopper does on the storefront's page and what they see there. Knows the page's structure, so that the tests
 * need not; asserts nothing but that the page did not fail.
 */
import assert from "node:assert/strict";

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 360, height: 780 };

/** A shopper on a fresh page of a browser profile of their own. */
export async function enter(test, browser, shop, { viewport = WIDE, path = "/" } = {}) {
  const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
  test.after(() => context.close());
  const page = await context.newPage();
  const failures = [];
  page.on("pageerror", (error) => failures.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") failures.push(message.text());
  });
  const shopper = new Shopper(page, failures);
  await page.goto(shop.url + path);
  await shopper.settled();
  return shopper;
}

export class Shopper {
  constructor(page, failures) {
    this.page = page;
    this.failures = failures;
  }

  async add(product) {
    await this.page.click(`[data-product="${product}"] button`);
    await this.settled();
  }

  /** `{ "linen-shirt": 2 }`. */
  async choose(quantities) {
    for (const [product, quantity] of Object.entries(quantities)) {
      for (let count = 0; count < quantity; count++) await this.add(product);
    }
  }

  async more(product) {
    await this.page.click(`[data-line="${product}"] .step:last-child`);
    await this.settled();
  }

  async less(product) {
    await this.page.click(`[data-line="${product}"] .step:first-child`);
    await this.settled();
  }

  async type(code) {
    await this.page.fill("#code", code);
    await this.page.keyboard.press("Enter");
    await this.settled();
  }

  async setEmail(email) {
    await this.page.fill("#email", email);
    await this.page.keyboard.press("Tab");
    await this.settled();
  }

  async remove(code) {
    await this.page.click(`[data-code="${code}"] .chip-remove`);
    await this.settled();
  }

  /** One of the examples, by the text of its button. */
  async show(title) {
    await this.page.getByRole("button", { name: title, exact: true }).click();
    await this.shows(title);
  }

  /** Until the example stands. */
  async shows(title) {
    await this.page.waitForFunction((name) => document.querySelector('[data-showcase][aria-pressed="true"]')?.textContent === name, title);
    await this.settled();
  }

  /** What staff choose, by its text. */
  async setUp(choice) {
    if (!(await this.page.isVisible("#staff-modes"))) await this.page.click("#staff summary");
    await this.page.getByLabel(choice, { exact: true }).check();
    await this.page.waitForSelector('#staff[aria-busy="false"]');
    await this.settled();
  }

  /** Until the shop itself has answered, and the rest of the page is loaded. */
  async settled() {
    await this.page.waitForFunction(() => {
      const source = document.querySelector("#source")?.dataset.source;
      return source === "server" && document.querySelector("#offer-list li") !== null;
    });
    assert.deepEqual(this.failures, []);
  }

  /** Everything the page says of the cart. */
  sees() {
    return this.page.evaluate(() => {
      const text = (selector, within = document) => within.querySelector(selector)?.textContent ?? null;
      const all = (selector) => [...document.querySelectorAll(selector)];
      return {
        lines: Object.fromEntries(all("[data-line]").map((line) => [line.dataset.line, {
          quantity: Number(line.querySelector("input").value),
          subtotal: text(".line-subtotal", line),
          discount: text(".line-discount", line),
          total: text(".line-total", line),
        }])),
        totals: Object.fromEntries(["subtotal", "discount", "shipping", "total"].map((name) => [name, text(`#total-${name}`)])),
        // Only where store credit pays.
        credit: document.querySelector("#total-credit-row").hidden ? null : text("#total-credit"),
        totalLabel: text("#total-label"),
        chips: Object.fromEntries(all("[data-code]").map((chip) => [chip.dataset.code, {
          state: chip.dataset.state,
          amount: text(".chip-amount", chip),
          reason: text(".chip-reason", chip),
        }])),
        notes: Object.fromEntries(all("[data-code]").flatMap((chip) => (text(".chip-note", chip) === "" ? [] : [[chip.dataset.code, text(".chip-note", chip)]]))),
        automatic: Object.fromEntries(all("[data-rule]").map((chip) => [text(".chip-label", chip), {
          state: text(".chip-state", chip),
          amount: text(".chip-amount", chip),
          hint: text(".chip-reason", chip),
          progress: chip.querySelector("progress:not([hidden])") && [chip.querySelector("progress").value, chip.querySelector("progress").max],
        }])),
        combinations: document.querySelector("#combination").hidden ? [] : all("#combination-rows tr").map((row) => [...row.cells].flatMap((cell) => [...cell.childNodes].map((node) => node.textContent))),
        message: text("#code-message"),
        source: document.querySelector("#source").dataset.source,
        trace: all("#trace-steps > li").map((step) => step.textContent.replaceAll("\u00a0", " ")),
        leftOut: all("#trace-others > li").map((entry) => entry.textContent),
      };
    });
  }

  /** Where the code field is and how high its form, whether something lies over it, and what is too wide, cut off or broken in the middle. */
  layout() {
    return this.page.evaluate(() => {
      const field = document.querySelector("#code");
      const { left, top, width, height } = field.getBoundingClientRect();
      const clipped = [...document.querySelectorAll("button, dd, td, .price, .line-total, .line-discount, .chip-state, .chip-amount")]
        .filter((element) => element.scrollWidth > Math.ceil(element.getBoundingClientRect().width) + 1)
        .map((element) => element.textContent);
      return {
        field: { left, top: top + scrollY, width, form: document.querySelector("#code-form").offsetHeight },
        overflows: document.documentElement.scrollWidth > innerWidth,
        clipped,
        broken: [...document.querySelectorAll(".chip-code")]
          .filter(({ textContent, offsetHeight }) => textContent.length <= 20 && offsetHeight > 30)
          .map(({ textContent }) => textContent),
        covered: document.activeElement === field && document.elementFromPoint(left + width / 2, top + height / 2) !== field,
      };
    });
  }
}

/** 13996 → `139.96 EGP`; the shop's currency has two decimals. */
export function shown(minor) {
  const [whole, rest] = [Math.trunc(minor / 100), minor % 100];
  return `${whole.toLocaleString("en")}.${String(rest).padStart(2, "0")} EGP`;
}

/** 13996 → `−139.96 EGP`; nothing for 0. */
export function shownDiscount(minor) {
  return minor === 0 ? "" : `−${shown(minor)}`;
}
