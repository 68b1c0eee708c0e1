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

async function start(): Promise<void> {
  if (loader === undefined) throw new CouponError({ code: "not_initialized", message: "await initialize(source) first: this entry brings no module" });
  memory = (await instantiate(await loader())).memory;
}

/**
 * The glue's asynchronous path takes everything, modules of another realm included. On Node it also loads the whole of
 * `fetch`, which takes longer than all the rest, so a module that the synchronous path accepts goes there; an old
 * browser that refuses it on the main thread gets the asynchronous one too.
 */
async function instantiate(source: WebAssemblySource): Promise<glue.InitOutput> {
  const compiled = isBytes(source) ? await WebAssembly.compile(source) : source;
  if (compiled instanceof WebAssembly.Module) {
    try {
      return glue.initSync({ module: compiled });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return init({ module_or_path: compiled });
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
