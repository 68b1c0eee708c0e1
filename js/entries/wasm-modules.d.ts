/**
 * What an import of the wasm file gives on the platforms that compile it themselves. The bundler leaves these
 * imports alone; the paths are those of the published package.
 */
declare module "*/engine.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*/engine.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
