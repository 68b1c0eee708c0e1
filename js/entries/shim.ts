/**
 * What the entries of the engine share, whatever gives them their module. No entry by itself: the package does not
 * export it.
 */
export * from "../index.js";
export * from "../wasm/instance.js";
