/**
 * The option that all stores have. Owns how it is read; a store's own options are its own affair.
 */
import { optionalFunction } from "../boundary/fields.js";
import type { Storage } from "../contract/storage.js";

/** As it goes into the storage, which has no such property where the host gave none. */
export function priorOrdersOf(lifted: Readonly<Record<string, unknown>>): Pick<Storage, "priorOrders"> {
  const priorOrders = optionalFunction(lifted["priorOrders"], "priorOrders") as Storage["priorOrders"];
  return priorOrders === undefined ? {} : { priorOrders };
}
