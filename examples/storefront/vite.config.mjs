/**
 * How the pages are built. Owns nothing but options; the package needs no plugin.
 */
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    rollupOptions: { input: ["index.html", "order.html", "staff.html", "staff-order.html"].map((page) => fileURLToPath(new URL(page, import.meta.url))) },
    modulePreload: { polyfill: false },
    // The preview's chunk carries the engine; it is loaded after the page stands.
    chunkSizeWarningLimit: 1000,
  },
});
