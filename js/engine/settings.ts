/**
 * `engine.settings`: the shop's policy, kept in the store so that two engines on one store never disagree.
 */
import { snapshotObject } from "../boundary/snapshot.js";
import { call } from "../wasm/instance.js";
import type { SettingsCalls } from "./api.js";
import { SCHEMA_VERSION, type Office } from "./office.js";

export function settingsCalls(office: Office): SettingsCalls {
  return {
    async get() {
      const stored = await office.settings();
      return stored === null ? call((engine) => engine.resolvePolicy(office.enginePolicy ?? {})) : stored.policy;
    },
    async update(policy) {
      const { data } = snapshotObject(policy, "policy");
      const resolved = call((engine) => engine.resolvePolicy(data));
      await office.putSettings({ schemaVersion: SCHEMA_VERSION, policy: resolved });
      return resolved;
    },
  };
}
