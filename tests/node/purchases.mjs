/**
 * A small shop for the tests of reservations: an engine on a memory store with a clock that the test sets, and a store
 * whose calls can be recorded or spoiled one by one. Holds no assertions.
 */
import { createCouponEngine, memoryStorage } from "./package.mjs";
import { NOW, cart, coupon } from "./samples.mjs";

export const MINUTE = 60_000;
export const ANN = { keys: [{ kind: "email", value: "ann@example.com" }, { kind: "id", value: "7" }] };
export const BOB = { keys: [{ kind: "email", value: "bob@example.com" }] };
export const forever = () => new Promise(() => {});

/** `{ engine, storage, clock }`; `clock.now` may be set. */
export async function shopOf({ coupons = [coupon()], storage = memoryStorage(), over = (original) => original, ...options } = {}) {
  const clock = { now: NOW };
  const engine = await createCouponEngine({ storage: over(storage), clock: () => clock.now, creditDurability: "volatile", ...options });
  for (const definition of coupons) await engine.coupons.create(definition);
  return { engine, storage, clock };
}

export function checkout(key, changes = {}) {
  return { key, codes: ["save20"], cart: cart(), ...changes };
}

/** Its parts with every method passed through `intercept(path, run, given)`; getters and data stay. */
export function intercepted(storage, intercept) {
  const parts = {};
  for (const [name, part] of Object.entries(storage)) {
    parts[name] = typeof part !== "object" || part === null ? part : new Proxy(part, {
      get(target, method) {
        const value = target[method];
        if (typeof value !== "function") return value;
        return (...given) => intercept(`${name}.${String(method)}`, () => value.apply(target, given), given);
      },
    });
  }
  return parts;
}

/** What the ledger has of one counter. */
export async function claimedOf(storage, counter) {
  const { counters } = await storage.ledger.read({ at: NOW, counters: [counter], entries: [], expiredHolds: null });
  return counters[0].claimed;
}

/** The least that a checkout needs. */
export function withoutRedemptions({ catalog, ledger, registry }) {
  return { catalog, ledger, registry };
}
