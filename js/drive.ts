/**
 * The loop around the engine's step machine: while it asks, the host is awaited and the answer is handed back.
 *
 * The engine replays the operation from its start at each step, so nothing has to survive in it while the host works.
 */
import { CouponError } from "./errors.js";
import { askAll, invalidAnswer, type HostCall, type Wait } from "./host.js";
import type { BoundStorage } from "./storage.js";
import { call } from "./wasm/instance.js";
import type { Command, Context, Loaded, LoadRequest, Step } from "./wasm/exports.js";

const MAX_STEPS = 8;

export async function drive(command: Command, context: Context, storage: BoundStorage, wait: Wait): Promise<Extract<Step, { type: "done" }>> {
  const replies: Loaded[] = [];
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const step = call((engine) => engine.step(command, context, replies));
    if (step.type === "done") return step;
    replies.push({ type: "loaded", view: await load(step.request, storage, wait) });
  }
  throw new CouponError({ code: "internal", message: `the engine has no answer after ${MAX_STEPS} steps` });
}

async function load(request: LoadRequest, storage: BoundStorage, wait: Wait): Promise<Loaded["view"]> {
  const { catalog, ledger, priorOrders } = request;
  const calls: (HostCall & { readonly part: keyof LoadRequest })[] = [];
  if (catalog) calls.push({ part: "catalog", path: "storage.catalog.find", run: () => storage.find(catalog) });
  if (ledger) calls.push({ part: "ledger", path: "storage.ledger.read", run: () => storage.read(ledger) });
  const count = storage.priorOrders;
  if (priorOrders && count) calls.push({ part: "priorOrders", path: "storage.priorOrders", run: () => count(priorOrders) });
  const answers = await askAll(calls, wait);
  const view: { -readonly [K in keyof Loaded["view"]]: Loaded["view"][K] } = { catalog: null, ledger: null, priorOrders: null };
  calls.forEach(({ part, path }, index) => {
    const answer = answers[index] ?? null;
    if (answer === null) throw invalidAnswer(path, "answered nothing");
    view[part] = answer;
  });
  return view;
}
