/**
 * The storefront example, installed from the packed package and running on a store of its own, for as long as a test.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { installExample } from "../../../examples/install.mjs";

export const directory = await installExample("storefront");

/** A module of the installed example, or of its neighbours: `run.mjs`, `../shop/index.mjs`. */
export function installedModule(name) {
  return import(pathToFileURL(path.join(directory, name)).href);
}

/** What the shop's data lies in; removed when the test ends. */
export async function dataDirectory(test) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "storefront-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A running shop; `options` are those of `startStorefront`. */
export async function openShop(test, options = {}) {
  const { startStorefront } = await installedModule("run.mjs");
  const shop = await startStorefront({ dataDirectory: await dataDirectory(test), ...options });
  test.after(() => shop.close());
  return shop;
}

/** A JSON call as any program could make it. */
export async function call(shop, method, route, body, headers = { "content-type": "application/json" }) {
  const sent = typeof body === "string" ? body : JSON.stringify(body);
  const options = body === undefined ? { method } : { method, headers, body: sent };
  const response = await fetch(shop.url + route, options);
  return { status: response.status, answer: await response.json() };
}

/** The quote that counts. */
export async function quoteOf(shop, request) {
  const { status, answer } = await call(shop, "POST", "/api/quote", request);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(answer)}`);
  return answer;
}
