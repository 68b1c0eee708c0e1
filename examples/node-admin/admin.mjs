/**
 * A pool of unique codes from the command line: opens the shop's SQLite file, makes the coupon if it is not there,
 * generates a batch, writes it to a file and says what was made. Run again, it adds the next batch.
 *
 *     node admin.mjs [./data/shop.sqlite] [--name "Summer sale"] [--prefix SUMMER20] [--percent 20]
 *                    [--count 500] [--length auto] [--out codes.txt]
 *
 * Owns the order of things. The file is opened before anything is generated: codes that cannot be handed out are not made.
 */
import { mkdir } from "node:fs/promises";
import path from "node:path";

import { createCouponEngine } from "coupon-engine";
import { sqliteStorage } from "coupon-engine/stores/sqlite";

import { openExport } from "./export-file.mjs";
import { readOptions } from "./options.mjs";
import { progressOn } from "./progress.mjs";

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

try {
  const options = readOptions(process.argv.slice(2));
  // The store holds every code in clear: its folder is its owner's, like the exported file.
  await mkdir(path.dirname(options.database), { recursive: true, mode: 0o700 });
  const engine = await createCouponEngine({ storage: await sqliteStorage({ path: options.database }) });
  try {
    console.log(summary(await addBatch(engine, options)));
  } finally {
    await engine.close();
  }
} catch (error) {
  // The package's errors, Node's and those of this script have a code and a sentence; anything else is a defect.
  if (typeof error?.code !== "string") throw error;
  process.stderr.write(`admin: ${error.message}\n`);
  process.exitCode = error.code === "aborted" ? 130 : 1;
}

async function addBatch(engine, options) {
  const file = await openExport(options.out);
  try {
    const couponId = await poolId(engine, options);
    const generation = await engine.codes.generate({
      couponId,
      count: options.count,
      length: options.length,
      onProgress: progressOn(process.stderr),
      signal: stop.signal,
    });
    const stored = await exportBatch(engine, { couponId, batch: generation.batch, file });
    await file.publish();
    return { ...(await engine.coupons.get(couponId)), generation, stored, file };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** The coupon of this prefix; made if the shop has none. */
async function poolId(engine, { name, prefix, basisPoints }) {
  const id = `pool-${prefix}`;
  const known = await engine.coupons.get(id);
  if (known === null) {
    const discount = { type: "percent", basisPoints };
    await engine.coupons.create({ id, type: "bulk_pool", code: prefix, name, discount });
  } else if (known.coupon.discount?.basisPoints !== basisPoints) {
    // Codes of one pool are worth the same: a batch must not be announced as something else.
    const message = `${prefix} exists and its codes give ${known.description.terms}: use another --prefix for other terms`;
    throw Object.assign(new Error(message), { code: "terms_differ" });
  }
  return id;
}

/** Page by page, so that a pool of a million codes needs no more memory than one of a thousand. */
async function exportBatch(engine, { couponId, batch, file }) {
  let stored = 0;
  let after = null;
  do {
    const { items, next } = await engine.codes.list({ couponId, after, limit: 1_000 });
    const lines = items.filter((record) => record.batch === batch).map(({ code }) => `${code}\n`);
    await file.write(lines.join(""));
    stored += items.length;
    after = next;
  } while (after !== null);
  return stored;
}

function summary({ coupon, description, generation, stored, file }) {
  const grouped = (whole) => BigInt(whole).toLocaleString("en");
  const warnings = generation.warnings.map(({ code, guessesPerHit }) => `${code}: ${grouped(guessesPerHit)} guesses per hit`);
  const rows = [
    ["coupon", `${description.title} (${coupon.id})`],
    ["terms", description.terms],
    ["status", description.status],
    ["batch", generation.batch],
    ["codes", `${grouped(generation.count)} new, ${grouped(stored)} in the store`],
    ["guesses per hit", grouped(generation.guessesPerHit)],
    ["warnings", warnings.join(", ") || "none"],
    ["written to", file.path],
  ];
  return rows.map(([label, value]) => `${label.padEnd(16)} ${value}`).join("\n");
}
