/**
 * The raw batches of the races and the crashes: what the engine would commit for one order. Owns no assertion.
 */
export const NOON = Date.UTC(2026, 10, 20, 12);

/** An order's hold on these counters, each with a ceiling. */
export function reserveBatch(key, ceilings) {
  const claims = claimsOf(ceilings);
  return { partition: "shop", insert: [entryOf(key, 0, "held", claims)], add: claims.map(({ counter, ceiling }) => ({ counter, delta: 1, ceiling })) };
}

/** Its payment, which no counter knows of. */
export function redeemBatch(key, ceilings) {
  return { partition: "shop", insert: [entryOf(key, 1, "redeemed", claimsOf(ceilings))], add: [] };
}

/** Or its end. */
export function releaseBatch(key, ceilings) {
  return {
    partition: "shop", insert: [entryOf(key, 1, "released", [])],
    add: claimsOf(ceilings).map(({ counter }) => ({ counter, delta: -1, ceiling: null })),
  };
}

/** Commits, and again while it is answered `busy`. */
export async function settled(ledger, batch) {
  for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
    const outcome = await ledger.commit(batch);
    if (outcome.status !== "busy") return outcome.status;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

function claimsOf(ceilings) {
  return Object.entries(ceilings).map(([counter, ceiling]) => ({ counter, amount: 1, ceiling })).sort((left, right) => (left.counter < right.counter ? -1 : 1));
}

function entryOf(key, revision, state, claims) {
  return {
    key, revision, state, at: NOON, holdUntil: state === "held" ? NOON + 900_000 : null, body: JSON.stringify({ key, revision, state }),
    index: { claims, coupons: ["spring"], codes: [], customerKeys: [], order: key },
  };
}
