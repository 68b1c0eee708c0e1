/**
 * The loop around the engine's step machine: while it asks, the host is awaited and the answer is handed back.
 *
 * The engine replays the operation from its start at each step, so nothing has to survive in it while the host works.
 * Owns what a call ends with once a commit may have been written: never `aborted` or a failed read, for those would say
 * that nothing has happened.
 */
import { CouponError } from "./errors.js";
import { pause, type Wait } from "./host.js";
import { Commits } from "./commits.js";
import { Reads } from "./reads.js";
import type { BoundStorage } from "./storage.js";
import { call } from "./wasm/instance.js";
import type { Command, Context, Done, Reply, Step } from "./wasm/exports.js";

const MAX_STEPS = 64;

/** What an operation asked of the host. */
export interface Tally {
  reads: number;
  commits: number;
  waits: number;
  /** Commits without an answer. */
  unknown: number;
  /** Holds of others that had ended and were freed on the way. */
  helped: number;
}

export function newTally(): Tally {
  return { reads: 0, commits: 0, waits: 0, unknown: 0, helped: 0 };
}

export async function drive(command: Command, context: Context, storage: BoundStorage, wait: Wait, tally: Tally = newTally()): Promise<Done> {
  const reads = new Reads(storage, wait, context.now);
  const commits = new Commits(storage, wait, tally);
  const replies: Reply[] = [];
  try {
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const step = reads.explained(() => call((engine) => engine.step(command, context, replies)));
      if (step.type === "done") return step;
      replies.push(await replyTo(step, reads, commits, wait, tally));
    }
    throw new CouponError({ code: "internal", message: `the engine has no answer after ${MAX_STEPS} steps` });
  } catch (error) {
    throw commits.told(error);
  }
}

async function replyTo(step: Exclude<Step, Done>, reads: Reads, commits: Commits, wait: Wait, tally: Tally): Promise<Reply> {
  switch (step.type) {
    case "load":
      tally.reads += 1;
      return step.optional === true ? reads.loadIfPossible(step.request) : reads.load(step.request);
    case "commit":
      return commits.send(step.batch, step.own);
    case "wait":
      tally.waits += 1;
      await pause(step.milliseconds, wait.signal);
      return { type: "waited" };
  }
}

