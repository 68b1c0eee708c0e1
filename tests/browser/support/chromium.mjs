/**
 * Chromium, without a window. Owns how it is started; what a test does with it is the test's.
 */
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export async function openBrowser(test) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
  test.after(() => browser.close());
  return browser;
}
