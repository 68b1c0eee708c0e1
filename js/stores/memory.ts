/**
 * The reference store: a whole shop in the memory of one process, for tests, demos and single-process tools. Owns its
 * options. What is stored is decided in `memory/`, the plainest reading of the storage contract; the other stores are
 * held against it. It must not read a clock and must not hand out or keep an object of its caller: everything is copied
 * on the way in and on the way out.
 */
import { refuseUnknown } from "../boundary/fields.js";
import { snapshotObject } from "../boundary/snapshot.js";
import type { CouponRegistry, RedemptionRegistry, Storage } from "../contract/storage.js";
import { MemoryBook } from "./memory/book.js";
import { memoryDefinitions } from "./memory/definitions.js";
import { memoryLedger } from "./memory/ledger.js";
import { memoryRedemptions } from "./memory/redemptions.js";
import { priorOrdersOf } from "./options.js";

export interface MemoryStorageOptions {
  /** Answers coupons for first orders; see `Storage.priorOrders`. */
  readonly priorOrders?: NonNullable<Storage["priorOrders"]>;
}

/**
 * A new, empty store. Nothing survives the process, and the ledger says so: `durability: "volatile"`. Throws
 * `invalid_type` or `unknown_field` with a path for wrong options.
 */
export function memoryStorage(
  options: MemoryStorageOptions = {},
): Storage & { readonly registry: CouponRegistry; readonly redemptions: RedemptionRegistry } {
  const { data, lifted } = snapshotObject(options, "", ["priorOrders"]);
  refuseUnknown(data, []);
  const book = new MemoryBook();
  return { ...memoryDefinitions(), ledger: memoryLedger(book), redemptions: memoryRedemptions(book), ...priorOrdersOf(lifted) };
}
