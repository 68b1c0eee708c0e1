/**
 * The host's storage, read once: which callbacks it has, each bound to its owner.
 *
 * Owns the check that a storage is complete. Calls nothing.
 */
import { reading } from "./boundary/fields.js";
import type { CatalogRequest, LedgerReadRequest, PriorOrdersRequest } from "./contract/storage.js";
import { CouponError } from "./errors.js";

type Callback = (...arguments_: unknown[]) => unknown;

export interface BoundStorage {
  readonly find: (request: CatalogRequest) => unknown;
  readonly read: (request: LedgerReadRequest) => unknown;
  readonly priorOrders: ((request: PriorOrdersRequest) => unknown) | undefined;
  readonly registry: BoundRegistry | undefined;
  readonly close: (() => unknown) | undefined;
}

export type RegistryMethod = (typeof REGISTRY_METHODS)[number];
export type BoundRegistry = { readonly [Name in RegistryMethod]: Callback };

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

export function bindStorage(value: unknown): BoundStorage {
  const storage = owner(value, "storage");
  const catalog = owner(property(storage, "catalog", "storage"), "storage.catalog");
  const ledger = owner(property(storage, "ledger", "storage"), "storage.ledger");
  requireAtomicCommit(ledger);
  callback(ledger, "commit", "storage.ledger");
  const registry = property(storage, "registry", "storage");
  return {
    find: callback(catalog, "find", "storage.catalog"),
    read: callback(ledger, "read", "storage.ledger"),
    priorOrders: optionalCallback(storage, "priorOrders", "storage"),
    registry: registry === undefined || registry === null ? undefined : bindRegistry(owner(registry, "storage.registry")),
    close: optionalCallback(storage, "close", "storage"),
  };
}

function bindRegistry(registry: object): BoundRegistry {
  const bound = REGISTRY_METHODS.map((name) => [name, callback(registry, name, "storage.registry")] as const);
  return Object.fromEntries(bound) as BoundRegistry;
}

/** A store that cannot commit atomically cannot hold a limit; it is refused, never used with less care. */
function requireAtomicCommit(ledger: object): void {
  const path = "storage.ledger.capabilities";
  const capabilities = owner(property(ledger, "capabilities", "storage.ledger"), path);
  if (property(capabilities, "atomicCommit", path) === true) return;
  throw new CouponError({ code: "invalid_value", message: "must be true: a limit needs a ledger whose commit is atomic", path: `${path}.atomicCommit` });
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
