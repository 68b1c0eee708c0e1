/**
 * What every store of this package must do, one case per sentence of the storage contract. Owns the cases they all
 * share; it must not know which store it runs against.
 *
 * `open(test)` answers `{ store, probe }`: a new empty store, and a way to look at the same data that is as independent
 * of `store` as the kind of store allows. It arranges for closing by `test.after`.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { definitionCases } from "./contract-definitions.mjs";
import { ledgerCases } from "./contract-ledger.mjs";
import { redemptionCases } from "./contract-redemptions.mjs";
import { ruleCases } from "./contract-rules.mjs";
import { counterOf } from "./records.mjs";

export function cases(name, open) {
  describe(name, () => {
    for (const [title, run] of Object.entries({ ...definitionCases, ...ruleCases, ...ledgerCases, ...redemptionCases })) {
      test(title, async (context) => run(await open(context)));
    }
    test("a case runs on a store of its own", async (context) => {
      const first = await open(context);
      const second = await open(context);
      await first.store.ledger.commit({ partition: "shop", insert: [], add: [{ counter: "c", delta: 1, ceiling: null }] });
      assert.equal((await counterOf(second.store, "c")).claimed, 0);
    });
  });
}
