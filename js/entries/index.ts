/**
 * The default entry: the wasm travels inside the file as text, so no bundler, server or path can lose it.
 *
 * Registers where the module comes from; nothing is decoded or compiled before the first call that needs it.
 */
import { wasmBase64 } from "../generated/inline.js";
import { provideModule } from "../wasm/instance.js";
import { bytesFromBase64 } from "./base64.js";

provideModule(() => bytesFromBase64(wasmBase64));

export * from "../index.js";
