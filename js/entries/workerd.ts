/**
 * The entry for Cloudflare Workers, where compiling bytes is forbidden and a `.wasm` import is a compiled module.
 *
 * The module is instantiated by the shim, asynchronously: never here, and never at import.
 */
import module from "./engine.wasm";
import { provideModule } from "../wasm/instance.js";

provideModule(() => module);

export * from "../index.js";
