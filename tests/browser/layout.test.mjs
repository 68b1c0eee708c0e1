/**
 * How the page looks at two widths: nothing sticks out, nothing is cut off, and the code field stays where it is when
 * its outcome comes. Leaves a picture of every state in artefacts/storefront/.
 */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { openBrowser } from "./support/chromium.mjs";
import { enter, NARROW, WIDE } from "./support/shopper.mjs";
import { openShop } from "./support/storefront.mjs";

const pictures = fileURLToPath(new URL("../../artefacts/storefront", import.meta.url));

let browser;
let shop;

before(async (t) => {
  await mkdir(pictures, { recursive: true });
  browser = await openBrowser(t);
  shop = await openShop(t);
});

for (const viewport of [WIDE, NARROW]) {
  test(`at ${viewport.width} pixels nothing overflows and the code field stays in its place`, async (t) => {
    const shopper = await enter(t, browser, shop, { viewport });
    const picture = (name) => shopper.page.screenshot({ path: path.join(pictures, `${name}-${viewport.width}.png`), fullPage: true });
    const look = async (name) => {
      const { field, overflows, clipped, broken, covered } = await shopper.layout();
      assert.equal(overflows, false, `${name}: the page is wider than its window`);
      assert.deepEqual(clipped, [], `${name}: cut off`);
      assert.deepEqual(broken, [], `${name}: a short code on several rows`);
      assert.equal(covered, false, `${name}: something lies over the code field`);
      await picture(name);
      return field;
    };
    const stays = async (name, expected) => assert.deepEqual(await look(name), expected, `${name}: the code field has moved`);

    await look("start");
    await shopper.choose({ "linen-shirt": 1, "canvas-tote": 1 });
    const place = await look("cart");

    await shopper.type("NOPE-123");
    await stays("rejected", place);
    await shopper.type("A".repeat(64));
    await stays("rejected-long", place);
    await shopper.type("BIGCART60");
    await stays("parked", place);
    await shopper.more("linen-shirt");
    await stays("alive", place);
    await shopper.less("linen-shirt");
    await stays("waiting-again", place);
    await shopper.more("linen-shirt");
    await shopper.remove("BIGCART60");
    await shopper.type("SUMMER20");
    await stays("applied", place);
    await shopper.type("CREDIT100");
    await shopper.type("BIGCART60");
    await shopper.type("MERIDIAN25");
    await shopper.page.click("#trace summary");
    await shopper.page.click("#offers summary");
    await stays("several", place);

    await shopper.page.fill('[data-line="linen-shirt"] input', "99");
    await shopper.page.keyboard.press("Tab");
    await shopper.settled();
    await stays("large-sums", place);
  });

  test(`at ${viewport.width} pixels every example fits, and what comes of it leaves the code field alone`, async (t) => {
    // Staff change the shop here.
    const own = await openShop(t);
    const shopper = await enter(t, browser, own, { viewport });
    const stands = async (name) => {
      const { field, ...faults } = await shopper.layout();
      assert.deepEqual(faults, { overflows: false, clipped: [], broken: [], covered: false }, name);
      await shopper.page.locator("#cart").screenshot({ path: path.join(pictures, `${name}-${viewport.width}.png`) });
      return field;
    };
    await shopper.show("Automatic discount");
    const place = await stands("automatic-missing");
    await shopper.more("notebook");
    assert.deepEqual(await stands("automatic-applied"), place);

    await shopper.show("A code that opens a sale");
    const sale = await stands("link-shirts");
    await shopper.setUp("Spring sale on caps");
    assert.deepEqual(await stands("link-caps"), sale);

    await shopper.show("Store credit");
    const paid = await stands("credit-pays");
    await shopper.setEmail("");
    assert.deepEqual(await stands("credit-waits"), paid);

    await shopper.show("Spend more, save more");
    const reached = await stands("steps-first");
    await shopper.more("mint-tea");
    assert.deepEqual(await stands("steps-second"), reached);

    await shopper.show("Best combination");
    const two = await stands("best-two");
    await shopper.more("linen-shirt");
    assert.deepEqual(await stands("best-one"), two);
    await shopper.page.screenshot({ path: path.join(pictures, `page-${viewport.width}.png`), fullPage: true });
  });
}
