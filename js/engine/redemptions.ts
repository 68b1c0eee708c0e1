/**
 * `engine.redemptions`: what was reserved and redeemed, found by its key, or by coupon, code, customer or order.
 */
import { optionalText, refusal, refuseUnknown, text, whole, word } from "../boundary/fields.js";
import { snapshotObject, type Plain, type PlainObject } from "../boundary/snapshot.js";
import type { Page, RedemptionQuery, RedemptionState } from "../contract/storage.js";
import { withPaths } from "../errors.js";
import type { Redemption } from "../types/redemption.js";
import { call } from "../wasm/instance.js";
import type { ListRedemptionsRequest, Redemptions } from "./api-redemptions.js";
import { isHostKey } from "./keys.js";
import { redemptionIn, type ReadEntry } from "./ledger-answers.js";
import type { Ledger } from "./ledger.js";

const STATES: readonly RedemptionState[] = ["held", "redeemed", "released", "expired", "rolled_back"];

export function redemptionCalls(ledger: Ledger): Redemptions {
  return {
    async get(key) {
      const wanted = keyOf(key);
      const entry = isRedemption({ key: wanted }) ? await ledger.entry(wanted) : null;
      return entry && redemptionIn(entry, "storage.ledger.read.entries[0]");
    },
    async history(key) {
      const wanted = keyOf(key);
      return isRedemption({ key: wanted }) ? redemptionsIn(await ledger.history(wanted), "storage.redemptions.history") : [];
    },
    list: (request = {}) => list(ledger, request),
  };
}

export function isRedemption({ key }: Pick<ReadEntry, "key">): boolean {
  return isHostKey(key);
}

export function redemptionsIn(entries: readonly ReadEntry[], path: string): Redemption[] {
  return entries.filter(isRedemption).map((entry, index) => redemptionIn(entry, `${path}[${index}]`));
}

async function list(ledger: Ledger, request: ListRedemptionsRequest): Promise<Page<Redemption>> {
  const { data } = snapshotObject(request, "");
  refuseUnknown(data, ["couponId", "codeId", "customer", "order", "states", "after", "limit"]);
  const query = { states: statesIn(data["states"] ?? null), after: optionalText(data, "after"), limit: whole(data, "limit", 1, 1_000, 100) };
  const by = await criterionIn(data, ledger);
  const { items, next } = await ledger.list({ ...query, by });
  return { items: redemptionsIn(items, "storage.redemptions.list.items"), next };
}

async function criterionIn(data: PlainObject, ledger: Ledger): Promise<RedemptionQuery["by"]> {
  const given = ["couponId", "codeId", "customer", "order"].filter((name) => (data[name] ?? null) !== null);
  const [name, second] = given;
  if (second !== undefined) throw refusal("invalid_value", `cannot be given together with \`${name}\``, second);
  switch (name) {
    case undefined:
      return null;
    case "couponId":
      return { kind: "coupon", value: text(data, name) };
    case "codeId":
      return { kind: "code", value: text(data, name) };
    case "order":
      return { kind: "order", value: text(data, name) };
    default:
      return { kind: "customer", value: await customerName(data["customer"] ?? null, ledger) };
  }
}

/** One key: by several, the answers of several pages would have to be mixed. */
async function customerName(key: Plain, ledger: Ledger): Promise<string> {
  const context = await ledger.context();
  const [name = ""] = withPaths(
    (path) => path.replace(/^keys\[0\]/, "customer"),
    () => call((engine) => engine.customerNames({ keys: [key] }, context)),
  );
  return name;
}

function statesIn(states: Plain): readonly RedemptionState[] {
  if (states === null) return [];
  if (!Array.isArray(states)) throw refusal("invalid_type", "must be an array", "states");
  return (states as readonly Plain[]).map((state, index) => word(state, `states[${index}]`, STATES));
}

function keyOf(key: unknown): string {
  return text(snapshotObject({ key }, "").data, "key");
}
