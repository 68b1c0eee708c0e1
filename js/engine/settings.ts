/**
 * `engine.settings`: the shop's policy, kept in the store so that two engines on one store never disagree.
 */
import { snapshotObject } from "../boundary/snapshot.js";
import { call } from "../wasm/instance.js";
import type { SettingsCalls } from "./api.js";
import type { Office } from "./office.js";

export function settingsCalls(office: Office): SettingsCalls {
  return {
    async get() {
      const settings = (await office.settings()) ?? call((engine) => engine.defineSettings(office.enginePolicy ?? {}));
      return settings.policy;
    },
    async update(policy) {
      const { data } = snapshotObject(policy, "policy");
      const settings = call((engine) => engine.defineSettings(data));
      await office.putSettings(settings);
      return settings.policy;
    },
  };
}
