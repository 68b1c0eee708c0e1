/**
 * The wasm instance: started once, replaced after a trap or when it has grown too large.
 *
 * Owns: start, the one way to run an export, and the mapping of what an export throws. Must not know what an export
 * does. Nothing lives in an instance between calls but prepared sets, which watch `generation()`.
 */
import init, * as glue from "../generated/glue.js";
import { CouponError, type ErrorShape } from "../errors.js";
import type { EngineExports } from "./exports.js";

export type ModuleSource = WebAssembly.Module | BufferSource;
/** Everything `initialize` starts from: compiled, bytes, or where to fetch them. */
export type WebAssemblySource = ModuleSource | Response | URL;
export type ModuleLoader = () => WebAssemblySource | Promise<WebAssemblySource>;

const MAX_MEMORY_BYTES = 64 * 1024 * 1024;
const NOT_INITIALIZED = "the engine is not loaded: await preload() or createCouponEngine() first";

let loader: ModuleLoader | undefined;
let starting: Promise<void> | undefined;
let memory: WebAssembly.Memory | undefined;
/** The glue is about to put an instance in the place of any other. */
let isStarting = false;
let broken = false;
let replacements = 0;

/** Called once by an entry, which alone knows how its runtime gets a module. */
export function provideModule(load: ModuleLoader): void {
  loader = load;
}

/** Starts the engine, once; after a failure the next call tries again. */
export function ready(): Promise<void> {
  starting ??= start().catch((cause: unknown) => {
    starting = undefined;
    throw notStarted(cause);
  });
  return starting;
}

/** For the entry without a module: starts the engine from what the host fetched. Does nothing once it has started. */
export function initialize(source: WebAssemblySource | Promise<WebAssemblySource>): Promise<void> {
  if (starting === undefined) provideModule(() => source);
  return ready();
}

/** The same at once, where the runtime allows a synchronous compilation of this size. */
export function initializeSync(source: ModuleSource): void {
  if (memory !== undefined) return;
  if (isStarting) throw new CouponError({ code: "not_initialized", message: "the engine is being started already: await initialize()" });
  try {
    memory = glue.initSync({ module: source }).memory;
  } catch (cause) {
    throw notStarted(cause);
  }
  starting = Promise.resolve();
}

export function isInitialized(): boolean {
  return memory !== undefined;
}

/** Changes when the instance is replaced: a handle of an earlier generation means nothing. */
export function generation(): number {
  return replacements;
}

/** Runs one export. What it throws comes out as a `CouponError`; a trap costs the instance, not the next call. */
export function call<T>(run: (engine: EngineExports) => T): T {
  if (memory === undefined) throw new CouponError({ code: "not_initialized", message: NOT_INITIALIZED });
  if (broken) replace();
  let answer: T;
  try {
    answer = run(glue as unknown as EngineExports);
  } catch (thrown) {
    if (isRefusal(thrown)) {
      recycleIfLarge();
      throw new CouponError(thrown.path ? thrown : { ...thrown, message: `the input ${thrown.message}` });
    }
    // Everything else, whatever its class or realm, leaves the instance in an unknown state.
    broken = true;
    replaceIfPossible();
    throw new CouponError({ code: "internal", message: "the engine failed and was restarted; this is a defect", cause: thrown });
  }
  recycleIfLarge();
  return answer;
}

/** An instance that `initializeSync` has started meanwhile stays: another one would not know its prepared sets. */
async function start(): Promise<void> {
  if (memory !== undefined) return;
  if (loader === undefined) throw new CouponError({ code: "not_initialized", message: "await initialize(source) first: this entry brings no module" });
  const module = await compiled(await loader());
  if (memory !== undefined) return;
  memory = (startedAtOnce(module) ?? (await startedLater(module))).memory;
}

async function compiled(source: WebAssemblySource): Promise<WebAssembly.Module> {
  if (isBytes(source)) return WebAssembly.compile(source);
  if (source instanceof WebAssembly.Module) return source;
  // Asked for last: on Node, naming `Response` loads the whole of `fetch`, which takes longer than all the rest.
  const response = source instanceof URL ? await fetch(source) : source;
  if (!(response instanceof Response)) return response; // a module of another realm
  if (!response.ok) throw new CouponError({ code: "not_initialized", message: `the WebAssembly module could not be fetched: status ${response.status}` });
  const isStreamable = "compileStreaming" in WebAssembly && response.headers.get("content-type") === "application/wasm";
  return isStreamable ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** `undefined` for a module of another realm, and on the main thread of an old browser that refuses this way. */
function startedAtOnce(module: WebAssembly.Module): glue.InitOutput | undefined {
  if (!(module instanceof WebAssembly.Module)) return undefined;
  try {
    return glue.initSync({ module });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

async function startedLater(module: WebAssembly.Module): Promise<glue.InitOutput> {
  isStarting = true;
  try {
    return await init({ module_or_path: module });
  } finally {
    isStarting = false;
  }
}

function isBytes(source: WebAssemblySource): source is BufferSource {
  return source instanceof ArrayBuffer || ArrayBuffer.isView(source);
}

function notStarted(cause: unknown): CouponError {
  if (cause instanceof CouponError) return cause;
  return new CouponError({ code: "not_initialized", message: "the WebAssembly module could not be started", cause });
}

function isRefusal(thrown: unknown): thrown is ErrorShape {
  return typeof thrown === "object" && thrown !== null && !(thrown instanceof Error) && typeof (thrown as ErrorShape).code === "string";
}

function recycleIfLarge(): void {
  if (memory !== undefined && memory.buffer.byteLength > MAX_MEMORY_BYTES) {
    broken = true;
    replaceIfPossible();
  }
}

/** Where it fails, the next call tries again and reports it. */
function replaceIfPossible(): void {
  try {
    replace();
  } catch {
    return;
  }
}

function replace(): void {
  try {
    glue.__wbg_reset_state();
    // Of a started instance `initSync` only answers the exports; the module is not looked at.
    memory = glue.initSync({ module: new Uint8Array() }).memory;
  } catch (cause) {
    throw new CouponError({ code: "internal", message: "the engine could not be restarted", cause });
  }
  replacements += 1;
  broken = false;
}

declare const __INJECT_TRAP__: boolean;

/** Test builds only: makes the next thing the instance does a trap. */
export const injectTrap: (() => void) | undefined = __INJECT_TRAP__
  ? () => call((engine) => engine.injectTrap?.())
  : undefined;
