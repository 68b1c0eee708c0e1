/**
 * The default entry of the trap test's package: the same engine, and one function that makes it panic.
 *
 * Never part of the published package.
 */
export * from "./index.js";
export { injectTrap } from "../wasm/instance.js";
