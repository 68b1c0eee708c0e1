/**
 * `engine.rules`: create, update, get, list, setActive; and the check of the links that coupons have to them.
 */
import { refusal, refuseUnknown } from "../boundary/fields.js";
import { snapshotObject } from "../boundary/snapshot.js";
import { requireKnownZones } from "../schedules.js";
import type { RuleRecord } from "../types/rule.js";
import { call } from "../wasm/instance.js";
import type { Rules } from "./api.js";
import { revisedMetadata, withMetadata } from "./metadata.js";
import type { Office } from "./office.js";
import { idOf, revise, setActive, type Revision } from "./revision.js";

export function ruleCalls(office: Office): Rules {
  return {
    create: (definition) => create(office, definition),
    update: async (id, changes, options) => revise(revisionOf(office, id), changes, options),
    setActive: async (id, active) => setActive(revisionOf(office, id), active),
    async get(id) {
      const ruleId = idOf(id);
      return (await office.rules([ruleId])).get(ruleId) ?? null;
    },
    async list(request = {}) {
      const { data } = snapshotObject(request, "");
      refuseUnknown(data, ["after", "limit"]);
      return office.ruleList(data);
    },
  };
}

/** Refuses links to rules that are not stored, and to those that need no coupon (semantics §32). */
export async function requireLinkable(office: Office, ids: readonly string[]): Promise<void> {
  const rules = await office.rules(ids);
  ids.forEach((id, index) => {
    const gate = rules.get(id)?.gate;
    if (gate === undefined) throw refusal("linked_discount_not_found", "is not the id of a rule", `rules[${index}]`);
    if (gate === "automatic") throw refusal("invalid_value", "is an automatic rule, which no coupon opens", `rules[${index}]`);
  });
}

async function create(office: Office, definition: unknown): Promise<RuleRecord> {
  const { data } = snapshotObject(definition, "");
  const context = await office.context();
  const rule = withMetadata(call((engine) => engine.defineRule(data, context)), data);
  requireKnownZones(data);
  if ((await office.insertRule(rule)) === "duplicate_id") throw refusal("duplicate_id", "is the id of another rule", "id");
  return rule;
}

function revisionOf(office: Office, id: unknown): Revision<RuleRecord> {
  const ruleId = idOf(id);
  return {
    async read() {
      const rule = (await office.rules([ruleId])).get(ruleId);
      if (rule === undefined) throw refusal("linked_discount_not_found", "is not the id of a rule", "id");
      return rule;
    },
    async next(record, changes) {
      const context = await office.context();
      const revised = call((engine) => engine.reviseRule({ record, changes }, context));
      requireKnownZones(changes);
      return revisedMetadata(revised, record, changes);
    },
    replace: (record, expected) => office.update("updateRule", record, expected),
  };
}
