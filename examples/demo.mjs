/**
 * The demo shop, one command: installs what it needs, builds the package, starts the storefront on it and says where to
 * open it. Ctrl-C stops it. Owns no shop of its own: that is `examples/storefront`.
 *
 * `npm run demo`; `PORT=8080 npm run demo` for another port, `PORT=0` for any free one. The shop is kept in files; with
 * `DATABASE_URL=postgres://user:password@host:5432/shop npm run demo` on that server.
 */
import { installTools, run } from "../pkg-template/setup.mjs";

const port = Number(process.env.PORT ?? 5173);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error("PORT must be a port number, or 0 for any free one");
  process.exit(2);
}
installTools();
run("npm", ["run", "--silent", "build"]);

const { installExample } = await import("./install.mjs");
const directory = await installExample("storefront");
const { startStorefront } = await import(`${directory}/run.mjs`);
const shop = await startStorefront({
  port,
  dataDirectory: process.env.DEMO_DATA || `${directory}/data`,
  databaseUrl: process.env.DATABASE_URL || null,
}).catch((error) => {
  if (error?.code !== "EADDRINUSE") throw error;
  console.error(`Port ${port} is taken. Take another: PORT=0 npm run demo`);
  process.exit(1);
});
console.log(`
The demo shop is open at ${shop.url}
Orders and the use of each code, for its staff: ${shop.url}/staff
Kept in ${shop.keptIn}
A code of the newsletter's pool: ${shop.poolCode}
A friend's link: ${shop.url}/?coupon=${shop.linkToken}
Store credit: MONA-500, for mona@example.com
Ctrl-C stops it.`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    console.log("\nStopping …");
    await shop.close();
    process.exit(0);
  });
}
