/**
 * Opens a page in Chromium and answers what its program left in `globalThis.outcome`.
 */
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export async function outcomeOf(url) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
  try {
    const page = await browser.newPage();
    const failed = new Promise((_, reject) => {
      page.on("pageerror", reject);
    });
    const finished = page.goto(url).then(() => page.waitForFunction("globalThis.outcome"));
    const handle = await Promise.race([finished, failed]);
    return await handle.jsonValue();
  } finally {
    await browser.close();
  }
}
