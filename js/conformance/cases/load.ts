/**
 * Load, only where it is asked for: what one hot counter costs. Owns figures to publish; it passes if all commits do.
 */
import type { ConformanceCase } from "../case.js";
import { add, batch, hold } from "../batches.js";
import { connections, contend, countOf, settled } from "../contend.js";
import { expectEqual } from "../expect.js";

export const loadCases: readonly ConformanceCase[] = [
  {
    group: "load",
    name: "claims of one counter",
    must: "CommitOutcome: every claim that finds room is committed",
    cause: "contention is answered as a refusal",
    async run(context) {
      const { load, contenders, report } = context;
      if (load === 0) return;
      const handles = await connections(context);
      const waits: number[] = [];
      const claims = Array.from({ length: load }, (_, place) => batch([hold(`order-${place}`, ["hot"])], [add("hot", 1, load)]));
      const started = performance.now();
      const outcomes = await contend(handles, claims, async (handle, claim) => {
        const began = performance.now();
        const outcome = await settled(handle, claim);
        waits.push(performance.now() - began);
        return outcome;
      });
      const seconds = (performance.now() - started) / 1000;
      waits.sort((left, right) => left - right);
      const at = (share: number): string => (waits[Math.floor((waits.length - 1) * share)] ?? 0).toFixed(1);
      report(`load: ${load} claims of one counter over ${contenders} connections: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${Math.round(load / seconds)} winners per second`);
      expectEqual(countOf(outcomes, "committed"), load, `committed of ${load} claims that all find room`);
    },
  },
];
