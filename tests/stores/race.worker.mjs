/**
 * One contender of the race: opens the file by itself, waits for the start, tries its share of orders, reports.
 * Owns nothing but its attempts; `busy` is tried again, everything else is counted as it comes.
 */
/* oxlint-disable unicorn/require-post-message-target-origin -- a thread, not a window */
import { parentPort, workerData } from "node:worker_threads";
import { sqliteStorage } from "./package.mjs";
import { add, batch, entry } from "./records.mjs";

const { path, driver, busyTimeoutMs, worker, attempts, ceiling } = workerData;
const store = await sqliteStorage({ path, driver, busyTimeoutMs });
parentPort.postMessage("ready");
await new Promise((start) => parentPort.once("message", start));

const outcomes = {};
for (let attempt = 0; attempt < attempts; attempt += 1) {
  const claim = batch([entry(`order-${worker}-${attempt}`, 0, ["coupon"])], [add("coupon", 1, ceiling)]);
  let status;
  do {
    ({ status } = await store.ledger.commit(claim));
    outcomes[status] = (outcomes[status] ?? 0) + 1;
  } while (status === "busy");
}
await store.close();
parentPort.postMessage(outcomes);
