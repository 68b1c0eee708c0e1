/**
 * A PostgreSQL server for tests and demos: new, empty, only for this process, gone with it. Owns starting and stopping;
 * it must not know what is stored.
 *
 * A shell stands between this process and the server and waits for the end of its input. However this process ends, that
 * input ends with it: then the shell stops the server and removes its files.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresPrograms } from "../../pkg-template/setup.mjs";

// A shell gives what it runs in the background no input, unless it is told to.
const GUARD = `
  folder=$1; shift; exec 3<&0
  "$@" 3<&- & server=$!
  (cat <&3 >/dev/null; kill -QUIT $server) 2>/dev/null &
  watch=$!
  wait $server
  kill $watch 2>/dev/null
  rm -rf "$folder"
`;
const START_TIMEOUT_MS = 60_000;

/**
 * Starts a server; `settings` are those of its configuration. Answers the address of its one user's database, and `stop`.
 */
export async function startPostgres(settings = {}) {
  const programs = postgresPrograms();
  if (programs === null) throw new Error("PostgreSQL is not installed: run `npm test -- stores`");
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), "coupon-engine-postgres-"));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "coupon", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });

  const port = await freePort();
  const parameters = { listen_addresses: "127.0.0.1", port, unix_socket_directories: folder, ...settings };
  const options = Object.entries(parameters).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const guard = spawn("sh", ["-c", GUARD, "sh", folder, join(programs, "postgres"), "-D", data, ...options],
    { ...user, cwd: "/", detached: true, stdio: ["pipe", "ignore", "pipe"] });
  await untilReady(guard);
  for (const held of [guard, guard.stdin, guard.stderr]) held.unref();
  return {
    connectionString: `postgres://coupon@127.0.0.1:${port}/postgres`,
    async stop() {
      if (guard.exitCode !== null) return;
      guard.ref();
      guard.stdin.end();
      await once(guard, "exit");
    },
  };
}

/** PostgreSQL refuses to run as root; its Debian package comes with a user for it. */
function serverUser() {
  if (process.getuid() !== 0) return {};
  const id = (which) => Number(execFileSync("id", [which, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function untilReady(guard) {
  let log = "";
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`PostgreSQL did not start in time:\n${log}`)), START_TIMEOUT_MS);
    guard.once("exit", () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
    guard.once("error", reject);
    guard.stderr.setEncoding("utf8").on("data", function read(text) {
      log += text;
      if (!log.includes("ready to accept connections")) return;
      clearTimeout(timer);
      guard.removeAllListeners("exit");
      guard.stderr.removeListener("data", read).resume();
      resolve();
    });
  });
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
