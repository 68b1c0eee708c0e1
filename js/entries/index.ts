/**
 * The default entry: the wasm travels inside the file as text, so no bundler, server or path can lose it.
 *
 * Registers where the module comes from; nothing is decoded or compiled before the first call that needs it.
 */
import { compressedWasm } from "../generated/inline.js";
import { provideModule } from "../wasm/instance.js";
import { inflate } from "./inlined.js";

provideModule(() => inflate(compressedWasm));

export * from "../index.js";
