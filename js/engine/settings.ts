/**
 * `engine.settings`: the shop's policy, kept in the store so that two engines on one store never disagree.
 */
import { refusal } from "../boundary/fields.js";
import { snapshotObject, type Plain } from "../boundary/snapshot.js";
import type { Settings } from "../contract/storage.js";
import type { ResolvedPolicy } from "../types/policy.js";
import { call } from "../wasm/instance.js";
import { requireZone } from "../zones.js";
import type { SettingsCalls } from "./api.js";
import type { Office } from "./office.js";

export function settingsCalls(office: Office): SettingsCalls {
  return {
    get: () => shopPolicy(office),
    async update(policy) {
      const { data } = snapshotObject(policy, "policy");
      const settings = call((engine) => engine.defineSettings(data));
      requireZone(settings.policy.zone, "policy.zone");
      // Read for its refusal alone: records of a newer schema are not this engine's to replace.
      await office.settings();
      refuseConflict(office.enginePolicy, settings);
      await office.putSettings(settings);
      return settings.policy;
    },
  };
}

/** The stored policy, else the engine's, else the default. */
export async function shopPolicy(office: Office): Promise<ResolvedPolicy> {
  const settings = (await office.settings()) ?? call((engine) => engine.defineSettings(office.enginePolicy ?? {}));
  return settings.policy;
}

/** An engine that stored another policy than its own would refuse every checkout from then on. */
function refuseConflict(enginePolicy: Plain, { policy }: Settings): void {
  if (enginePolicy === null) return;
  const own = call((engine) => engine.defineSettings(enginePolicy));
  if (JSON.stringify(own.policy) === JSON.stringify(policy)) return;
  throw refusal("policy_conflict", "differs from the policy this engine was created with; update with an engine without one", "policy");
}
