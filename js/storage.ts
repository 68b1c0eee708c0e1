/**
 * The host's storage, read once: which callbacks it has, each bound to its owner.
 *
 * Owns the check that a storage is complete. Calls nothing.
 */
import { reading, wholeNumber, word } from "./boundary/fields.js";
import type { CatalogRequest, LedgerBatch, LedgerCapabilities, LedgerReadRequest, PriorOrdersRequest } from "./contract/storage.js";
import { CouponError } from "./errors.js";

type Callback = (...arguments_: unknown[]) => unknown;

export interface BoundStorage {
  readonly find: (request: CatalogRequest) => unknown;
  readonly read: (request: LedgerReadRequest) => unknown;
  readonly commit: (batch: LedgerBatch) => unknown;
  /** Inserts plus adds of one commit. */
  readonly maxOperations: number;
  /** Whether an acknowledged commit lives as long as store credit has to. */
  readonly carriesCredit: boolean;
  readonly priorOrders: ((request: PriorOrdersRequest) => unknown) | undefined;
  readonly registry: BoundRegistry | undefined;
  readonly redemptions: BoundRedemptions | undefined;
  readonly close: (() => unknown) | undefined;
}

export type RegistryMethod = (typeof REGISTRY_METHODS)[number];
export type BoundRegistry = { readonly [Name in RegistryMethod]: Callback };
export type RedemptionsMethod = (typeof REDEMPTIONS_METHODS)[number];
export type BoundRedemptions = { readonly [Name in RedemptionsMethod]: Callback };

const REGISTRY_METHODS = [
  "insertCoupon",
  "insertCodes",
  "insertRule",
  "updateCoupon",
  "updateCode",
  "updateRule",
  "getCoupon",
  "getCode",
  "getRules",
  "listCoupons",
  "listRules",
  "listCodes",
  "openBatch",
  "closeBatch",
  "listBatches",
  "getSettings",
  "putSettings",
] as const;
const REDEMPTIONS_METHODS = ["list", "history", "usage", "tally", "rekey", "idleCustomers", "prune"] as const;
/** What one claim may need: a store that carries less cannot keep the limits of one checkout together. */
const LEAST_OPERATIONS = 100;

/** What an acknowledged commit survives: nothing, a killed process, a power cut, the loss of the machine. */
export type Durability = LedgerCapabilities["durability"];
export const DURABILITIES: readonly Durability[] = ["volatile", "process", "power", "failover"];

/** `creditDurability` is the least that store credit is kept on. */
export function bindStorage(value: unknown, creditDurability: Durability): BoundStorage {
  const storage = owner(value, "storage");
  const catalog = owner(property(storage, "catalog", "storage"), "storage.catalog");
  const ledger = owner(property(storage, "ledger", "storage"), "storage.ledger");
  const { maxOperations, durability } = capabilitiesOf(ledger);
  return {
    find: callback(catalog, "find", "storage.catalog"),
    maxOperations,
    carriesCredit: DURABILITIES.indexOf(durability) >= DURABILITIES.indexOf(creditDurability),
    commit: callback(ledger, "commit", "storage.ledger"),
    read: callback(ledger, "read", "storage.ledger"),
    priorOrders: optionalCallback(storage, "priorOrders", "storage"),
    registry: optionalPart(storage, "registry", REGISTRY_METHODS),
    redemptions: optionalPart(storage, "redemptions", REDEMPTIONS_METHODS),
    close: optionalCallback(storage, "close", "storage"),
  };
}

/** Store credit is money: it is taken only from a ledger that keeps it, and given back to any (reliability U10). */
export function refusedCredit(): CouponError {
  return new CouponError({
    code: "not_supported",
    message: "is not enough for store credit; the engine's `creditDurability` may ask for less",
    path: "storage.ledger.capabilities.durability",
  });
}

function optionalPart<Name extends string>(storage: object, name: string, methods: readonly Name[]): { readonly [M in Name]: Callback } | undefined {
  const part = property(storage, name, "storage");
  if (part === undefined || part === null) return undefined;
  const path = `storage.${name}`;
  const bound = methods.map((method) => [method, callback(owner(part, path), method, path)] as const);
  return Object.fromEntries(bound) as { readonly [M in Name]: Callback };
}

/** A store that cannot commit atomically cannot hold a limit; it is refused, never used with less care. */
function capabilitiesOf(ledger: object): Pick<LedgerCapabilities, "maxOperations" | "durability"> {
  const path = "storage.ledger.capabilities";
  const capabilities = owner(property(ledger, "capabilities", "storage.ledger"), path);
  if (property(capabilities, "atomicCommit", path) !== true) {
    throw new CouponError({ code: "invalid_value", message: "must be true: a limit needs a ledger whose commit is atomic", path: `${path}.atomicCommit` });
  }
  return {
    maxOperations: wholeNumber(property(capabilities, "maxOperations", path), `${path}.maxOperations`, LEAST_OPERATIONS, Number.MAX_SAFE_INTEGER),
    durability: word(property(capabilities, "durability", path), `${path}.durability`, DURABILITIES),
  };
}

function callback(of: object, name: string, path: string): Callback {
  const found = optionalCallback(of, name, path);
  if (found === undefined) throw new CouponError({ code: "required", message: "is required", path: `${path}.${name}` });
  return found;
}

function optionalCallback(of: object, name: string, path: string): Callback | undefined {
  const found = property(of, name, path);
  if (found === undefined || found === null) return undefined;
  if (typeof found !== "function") throw new CouponError({ code: "invalid_type", message: "must be a function", path: `${path}.${name}` });
  return (...arguments_) => Reflect.apply(found as Callback, of, arguments_);
}

function owner(value: unknown, path: string): object {
  if (value === undefined || value === null) throw new CouponError({ code: "required", message: "is required", path });
  if (typeof value !== "object" && typeof value !== "function") throw new CouponError({ code: "invalid_type", message: "must be an object", path });
  return value;
}

function property(of: object, name: string, path: string): unknown {
  return reading(`${path}.${name}`, () => (of as Record<string, unknown>)[name]);
}
