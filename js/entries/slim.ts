/**
 * The entry without the wasm: the caller gets `coupon-engine/engine.wasm` its own way and hands it over.
 *
 * For storefronts that count bytes, or that want the wasm cached as a file of its own.
 */
export * from "../index.js";
export { initialize, initializeSync, isInitialized, type ModuleSource, type WebAssemblySource } from "../wasm/instance.js";
