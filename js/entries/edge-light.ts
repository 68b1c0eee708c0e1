/**
 * The entry for the edge runtime of Next.js, where `?module` makes a `.wasm` import a compiled module.
 *
 * That module belongs to another realm, so nothing may test it with `instanceof WebAssembly.Module`.
 */
import module from "./engine.wasm?module";
import { provideModule } from "../wasm/instance.js";

provideModule(() => module);

export * from "../index.js";
