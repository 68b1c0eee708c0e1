/** The README's tables on limits, reservations, refunds and attempts say what the engine does: each row is done again. */
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { CouponError, createCouponEngine, memoryStorage, preload } from "../node/package.mjs";
import { read, table } from "./readme.mjs";

const readme = read("README.md");
const PAYING = "Reserve, pay, redeem";
const NOW = Date.UTC(2026, 10, 20, 12);
const MONA = { keys: [{ kind: "email", value: "mona@example.com" }] };
const OMAR = { keys: [{ kind: "email", value: "omar@example.com" }] };
const cart = { currency: "EGP", lines: [{ id: "tea", unitPrice: 1_000, quantity: 1 }] };

before(preload);

async function shopOf(context, coupon, options = {}) {
  const engine = await createCouponEngine({ storage: memoryStorage(), clock: () => NOW, policy: { disclosure: "full" }, ...options });
  context.after(() => engine.close());
  const discount = { type: "percent", basisPoints: 1_000 };
  await engine.coupons.create({ id: "c", type: "standard", code: "CODE", discount, ...coupon });
  const order = (key, customer) => ({ key, codes: ["code"], cart, customer });
  return { engine, order };
}

const reasonOf = ({ status, quote }) => quote.codes[0].rejection?.code ?? status;

/** The names that an interface or a union of words in `js/` declares. */
function declared(file, name) {
  const source = read(file).replace(/\/\*\*[^]*?\*\//g, "");
  const fields = new RegExp(`interface ${name}\\b[^{]*\\{([^]*?)\\n\\}`).exec(source);
  if (fields !== null) return [...fields[1].matchAll(/^  readonly (\w+)\??:/gm)].map(([, field]) => field);
  const [, words] = new RegExp(`type ${name} =([^;]*);`).exec(source);
  return [...words.matchAll(/"(\w+)"/g)].map(([, word]) => word);
}

/** The names in the first cells of a table. */
const named = (rows, column) => rows.flatMap((row) => row[column].split(", "));

test("each limit lets nobody in beyond it, for the reason in its row", async (context) => {
  const rows = table(readme, "Limits", "limits");
  const fields = [...declared("js/types/coupon.ts", "CodeLimits"), ...declared("js/types/coupon.ts", "Limits")];
  assert.deepEqual(named(rows, "limits").sort(), fields.sort());
  const of = { total: { total: 1 }, perCustomer: { perCustomer: 1 }, budget: { budget: { EGP: 100 } } };
  const full = (name) => rows.find((row) => row.limits === name).full;
  for (const [name, limits] of Object.entries(of)) {
    const { engine, order } = await shopOf(context, { limits });
    assert.equal(reasonOf(await engine.redeemNow(order("o1", MONA))), "redeemed", name);
    assert.equal(reasonOf(await engine.redeemNow(order("o2", MONA))), full(name), name);
    const other = reasonOf(await engine.redeemNow(order("o3", OMAR)));
    assert.equal(other, name === "perCustomer" ? "redeemed" : full(name), name);
  }
  for (const count of ["total", "perCustomer"]) {
    const { engine, order } = await shopOf(context, { limits: { windows: [{ per: "week", [count]: 1 }] } });
    await engine.redeemNow(order("o1", MONA));
    const { quote } = await engine.redeemNow(order("o2", MONA));
    const { code, details } = quote.codes[0].rejection;
    assert.deepEqual([code, details.per], [full(count), "week"]);
  }
});

test("the table of refusals has every reason", () => {
  const reasons = table(readme, PAYING, "reason").map(({ reason }) => reason);
  assert.deepEqual(reasons.sort(), declared("js/types/redemption.ts", "RefusalReason").sort());
});

test("the errors of reservations may be retried as their table says", () => {
  const rows = table(readme, PAYING, "code");
  const source = read("js/types/errors.ts");
  const [, group] = /\/\/ reservations\n([^]*?)\n {2}\/\/ /.exec(source);
  assert.deepEqual(named(rows, "code").sort(), [...group.matchAll(/\| "(\w+)"/g)].map(([, code]) => code).sort());
  for (const { code, retryable } of rows) {
    assert.equal(new CouponError({ code, message: "" }).retryable ? "yes" : "no", retryable, code);
  }
});

test("a call sends as many commits as the README says before it gives up", async (context) => {
  const [, most] = /The engine sends up to (\d+) commits/.exec(readme);
  const store = memoryStorage();
  let commits = 0;
  const commit = () => {
    commits += 1;
    return { status: "busy", retryAfterMs: 0 };
  };
  const { engine, order } = await shopOf(context, {}, { storage: { ...store, ledger: { ...store.ledger, commit } } });
  await assert.rejects(engine.reserve(order("o")), { code: "storage_busy", retryable: true });
  assert.equal(commits, Number(most));
});

test("while the ledger is down nothing is claimed, and a cart without codes is answered", async (context) => {
  const store = memoryStorage();
  let isDown = false;
  const readUnlessDown = (request) => {
    if (isDown) throw new Error("down");
    return store.ledger.read(request);
  };
  const { engine, order } = await shopOf(context, { limits: { total: 1 } }, { storage: { ...store, ledger: { ...store.ledger, read: readUnlessDown } } });
  await engine.rules.create({ gate: "automatic", name: "A tenth", discount: { type: "percent", basisPoints: 1_000 } });
  await engine.reserve(order("held"));
  await engine.release({ key: "held" });
  isDown = true;
  for (const call of ["validate", "apply", "reserve", "redeemNow"]) {
    await assert.rejects(engine[call](order(call === "reserve" || call === "redeemNow" ? "o" : undefined)), { code: "storage_failed", retryable: true }, call);
  }
  for (const call of ["redeem", "release", "extend", "rollback"]) {
    await assert.rejects(engine[call]({ key: "held" }), { code: "storage_failed", retryable: true }, call);
  }
  assert.equal((await engine.apply({ codes: [], cart })).totals.total, 900);
  isDown = false;
  assert.equal((await engine.reserve(order("o"))).status, "held");
});

test("a customer that becomes known is another request unless it says `replace`, and a repeated one changes nothing", async (context) => {
  const { engine, order } = await shopOf(context, { limits: { total: 1 } });
  const held = async (request) => {
    const { status, changed, quote } = await engine.reserve(request);
    return [status, changed, quote !== null];
  };
  assert.deepEqual(await held(order("o")), ["held", true, true]);
  await assert.rejects(engine.reserve(order("o", MONA)), { code: "idempotency_mismatch" });
  assert.deepEqual(await held({ ...order("o", MONA), replace: true }), ["held", true, true]);
  assert.deepEqual(await held({ ...order("o", MONA), replace: true }), ["held", false, false]);
});

test("what was released is redeemed while its use is free, and neither extended nor rolled back", async (context) => {
  const { engine, order } = await shopOf(context, { limits: { total: 1 } });
  for (const key of ["o1", "o2"]) {
    await engine.reserve(order(key));
    await engine.release({ key });
    for (const call of ["extend", "rollback"]) assert.equal((await engine[call]({ key })).reason, "already_released", call);
  }
  assert.equal((await engine.redeem({ key: "o1" })).status, "redeemed");
  assert.equal((await engine.redeem({ key: "o2" })).reason, "hold_expired");
});

test("each order status does what its row says", async (context) => {
  const rows = table(readme, PAYING, "statuses");
  const none = ["none", undefined];
  const actionOf = async ({ engine, order }, to, known = true) => {
    const { action, outcome } = await engine.orderStatus({ ...(known ? order("o") : { key: "o" }), to });
    return [action, outcome?.status];
  };
  for (const { statuses, default: words, does } of rows) {
    for (const word of words.split(" ")) {
      const shop = () => shopOf(context, {});
      const fresh = await actionOf(await shop(), word);
      const held = await shop();
      await held.engine.reserve(held.order("o"));
      const ofHeld = await actionOf(held, word, false);
      const paid = await shop();
      await paid.engine.redeemNow(paid.order("o"));
      const ofPaid = await actionOf(paid, word, false);
      const told = { reserve: [["reserve", "held"], none, none], redeem: [["redeem", "redeemed"], ["redeem", "redeemed"], none] };
      const givesBack = [none, ["release", "released"], ["rollback", "rolled_back"]];
      assert.deepEqual([fresh, ofHeld, ofPaid], told[statuses] ?? givesBack, word);
      assert.ok(does.startsWith((told[statuses] ?? [["release"]])[0][0]), does);
    }
  }
  assert.deepEqual(await actionOf(await shopOf(context, {}), "shipped"), none);
  for (const to of ["pending", "completed"]) {
    const { engine } = await shopOf(context, {});
    for (const part of [{}, { codes: ["code"] }]) {
      assert.equal((await engine.orderStatus({ key: "o", to, ...part })).action, "none", `${to}, without a cart`);
    }
  }
});

test("each way to restore gives back what its row says", async (context) => {
  const rows = table(readme, "Refunds", "restore");
  assert.deepEqual(named(rows, "restore").sort(), declared("js/types/policy.ts", "Restore").sort());
  for (const { restore, ...says } of rows) {
    const { engine, order } = await shopOf(context, { limits: { perCustomer: 1, total: 9 } });
    await engine.redeemNow(order("o1", MONA));
    await engine.rollback({ key: "o1", restore });
    const customer = reasonOf(await engine.reserve(order("o2", MONA))) === "held";
    const { used } = (await engine.coupons.get("c")).usage;
    const word = (isBack) => (isBack ? "given back" : "stay used");
    assert.deepEqual([word(customer), word(used === 0)], [says["the customer's limits"], says["the others"]], restore);
  }
});

test("the fields of usage and of events are all in their tables", () => {
  const usage = named(table(readme, "Usage", "usage"), "usage");
  assert.deepEqual(usage.sort(), declared("js/engine/api-redemptions.ts", "UsageView").sort());
  const events = named(table(readme, "Events", "field"), "field");
  assert.deepEqual(events.sort(), declared("js/engine/events.ts", "EngineEvent").sort());
  const [, union] = /readonly type:([^;]*);/.exec(read("js/engine/events.ts"));
  const [, row] = /^\| `type` \|(.*)$/m.exec(readme);
  for (const [, type] of union.matchAll(/"(\w+)"/g)) assert.match(row, new RegExp(`\`${type}\`|\\[${type}\\]`), type);
});

test("as many failed attempts are let through as their table says", async (context) => {
  const rows = table(readme, "Guessing", "attempts");
  const limits = Object.fromEntries(rows.map((row) => [row.attempts, Number(row.default)]));
  assert.deepEqual(Object.keys(limits).sort(), declared("js/engine/attempts.ts", "AttemptLimits").sort());
  for (const [scope, limit] of Object.entries(limits)) {
    const scopes = [];
    const onAttempt = (attempt) => scopes.push(attempt.scope);
    const { engine } = await shopOf(context, {}, { attempts: true, onAttempt });
    const asker = { caller: { caller: "one" }, account: { customer: MONA }, pool: {} }[scope];
    const guesses = Array.from({ length: limit + 1 }, (_, at) => `POOL-${at}`);
    for (let at = 0; at < limit; at += 10) {
      await engine.validate({ codes: guesses.slice(at, Math.min(at + 10, limit)), cart, ...asker });
    }
    assert.deepEqual(new Set(scopes), new Set([null]), `${scope}: let through`);
    await engine.validate({ codes: guesses.slice(-1), cart, ...asker });
    assert.equal(scopes.at(-1), scope);
  }
});
