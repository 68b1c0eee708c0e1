/**
 * The demo shop, one command: installs what it needs, builds the package, starts the storefront on it and says where to
 * open it. Ctrl-C stops it. Owns no shop of its own: that is `examples/storefront`.
 *
 * `npm run demo`; `PORT=8080 npm run demo` for another port, `PORT=0` for any free one.
 */
import { installTools, run } from "../pkg-template/setup.mjs";

const port = Number(process.env.PORT ?? 5173);
installTools();
run("npm", ["run", "--silent", "build"]);

const { installExample } = await import("./install.mjs");
const directory = await installExample("storefront");
const { startStorefront } = await import(`${directory}/run.mjs`);
const shop = await startStorefront({ port, dataDirectory: process.env.DEMO_DATA ?? `${directory}/data` });
console.log(`\nThe demo shop is open at ${shop.url}\nCtrl-C stops it.`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    console.log("\nStopping …");
    await shop.close();
    process.exit(0);
  });
}
