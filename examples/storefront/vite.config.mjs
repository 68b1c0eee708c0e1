/**
 * How the page is built. Owns nothing but options; the package needs no plugin.
 */
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    // The preview's chunk carries the engine; it is loaded after the page stands.
    chunkSizeWarningLimit: 1000,
  },
});
