/**
 * What a worker process can do: open a store and pass calls on, run its share of a race, and buy until it is killed.
 */
import { redeemBatch, releaseBatch, reserveBatch, settled } from "./batches.mjs";
import { openEngine, purchase, repeat } from "./shop.mjs";
import { inLanes } from "./lanes.mjs";
import { openStore } from "./stores.mjs";

/** Stores, and engines on stores, by the number of their connection. */
const open = new Map();
let connections = 0;

export const tasks = {
  async open(store) {
    connections += 1;
    open.set(connections, await openStore(store));
    return { connection: connections, capabilities: open.get(connections).ledger.capabilities };
  },
  read: (connection, request) => open.get(connection).ledger.read(request),
  commit: (connection, batch) => open.get(connection).ledger.commit(batch),
  async close(connection) {
    await open.get(connection).close?.();
    open.delete(connection);
  },

  /** Sends claims in several lanes at once; answers what became of each, in order. */
  claim: (connection, claims, lanes) => inLanes(claims, lanes, ({ key, ceilings }) => settled(open.get(connection).ledger, reserveBatch(key, ceilings))),

  async openEngine(store) {
    connections += 1;
    open.set(connections, await openEngine(store));
    return { connection: connections };
  },
  /** Reserves and pays each order in several lanes at once, or asks again for what became of it. */
  purchase: (connection, orders, lanes) => inLanes(orders, lanes, (order) => purchase(open.get(connection), order)),
  repeat: (connection, orders, lanes) => inLanes(orders, lanes, (order) => repeat(open.get(connection), order)),

  /**
   * Buys one order after the other, for ever: reserves, then pays or gives back. Notes each step before it is sent and
   * when it was answered, so that whoever kills this process knows what was promised.
   */
  async buyUntilKilled(connection, name, ceilings) {
    const { ledger } = open.get(connection);
    for (let order = 0; ; order += 1) {
      const key = `${name}-${order}`;
      const paid = order % 3 !== 2;
      await note(`sent ${key} 0`);
      if (await settled(ledger, reserveBatch(key, ceilings)) !== "committed") continue;
      await note(`answered ${key} 0`);
      await note(`sent ${key} 1 ${paid ? "redeemed" : "released"}`);
      await settled(ledger, (paid ? redeemBatch : releaseBatch)(key, ceilings));
      await note(`answered ${key} 1`);
    }
  },
};

/** Goes on when the text has left this process. */
function note(text) {
  return new Promise((resolve, reject) => {
    process.send({ note: text }, (error) => (error ? reject(error) : resolve()));
  });
}
