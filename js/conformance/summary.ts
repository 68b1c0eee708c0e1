/**
 * The line that an adapter publishes. Owns the count of groups: one counts when every case of it has run and passed.
 */
import { GROUPS, type ConformanceCase, type Group, type LedgerHandle } from "./case.js";

export class Summary {
  readonly #open = new Map<Group, number>();
  #last: LedgerHandle | undefined;

  begun({ group }: ConformanceCase): void {
    this.#open.set(group, (this.#open.get(group) ?? 0) + 1);
  }

  passed({ group }: ConformanceCase, handle: LedgerHandle): void {
    this.#open.set(group, (this.#open.get(group) ?? 0) - 1);
    this.#last = handle;
  }

  line(version: number): string {
    const missing = GROUPS.filter((group) => this.#open.get(group) !== 0);
    const { durability, maxOperations } = this.#last?.ledger.capabilities ?? { durability: "unknown", maxOperations: "unknown" };
    const parts = [
      `conformance v${version}`, `durability=${durability}`, `maxOperations=${maxOperations}`,
      `${GROUPS.length - missing.length}/${GROUPS.length}`,
    ];
    if (this.#last?.redemptions !== undefined && this.#open.get("redemptions") === 0) parts.push("redemptions");
    return parts.join(", ") + (missing.length === 0 ? "" : ` (not passed: ${missing.join(", ")})`);
  }
}
