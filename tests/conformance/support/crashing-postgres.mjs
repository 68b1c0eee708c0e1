/**
 * A PostgreSQL server that can be killed without a warning and started again on the same files. Owns starting, killing
 * and removing; like the other server of the tests it goes with this process, however that ends.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresPrograms } from "../../../pkg-template/setup.mjs";

/** Kills the server when the input of this shell ends, which it does with the process that holds it. */
const GUARD = `
  exec 3<&0
  "$@" 3<&- & server=$!
  (cat <&3 >/dev/null; kill -QUIT $server) 2>/dev/null &
  watch=$!
  wait $server
  kill $watch 2>/dev/null
`;

/** A server does not start while a session of the one before has not noticed yet that it is gone: it is started again. */
const STILL_ATTACHED = /pre-existing shared memory block|lock file "postmaster.pid" already exists/u;

export class CrashingPostgres {
  connectionString;
  #programs = postgresPrograms();
  #user = serverUser();
  #folder = mkdtempSync(join(tmpdir(), "coupon-engine-crash-"));
  #data = join(this.#folder, "data");
  #port;
  #guard;

  static async create() {
    const server = new CrashingPostgres();
    await server.#initialise();
    await server.start();
    return server;
  }

  async #initialise() {
    if (this.#programs === null) throw new Error("PostgreSQL is not installed: run `npm test -- conformance`");
    if (this.#user.uid !== undefined) chownSync(this.#folder, this.#user.uid, this.#user.gid);
    execFileSync(join(this.#programs, "initdb"), ["-D", this.#data, "-U", "coupon", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
      { ...this.#user, cwd: this.#folder, stdio: ["ignore", "ignore", "pipe"] });
    this.#port = await freePort();
    this.connectionString = `postgres://coupon@127.0.0.1:${this.#port}/postgres`;
  }

  /** Answers when the server takes connections, after it has recovered what a crash left. */
  async start() {
    let log = "";
    do log = await this.#started(); while (STILL_ATTACHED.test(log));
    if (log !== "") throw new Error(`PostgreSQL did not start:\n${log}`);
  }

  /** Nothing, or what the server said before it gave up. */
  async #started() {
    const settings = { listen_addresses: "127.0.0.1", port: this.#port, unix_socket_directories: this.#folder, max_connections: 100 };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const guard = spawn("sh", ["-c", GUARD, "sh", join(this.#programs, "postgres"), "-D", this.#data, ...options],
      { ...this.#user, cwd: "/", detached: true, stdio: ["pipe", "ignore", "pipe"] });
    this.#guard = guard;
    let log = "";
    const failure = await new Promise((resolve) => {
      guard.once("close", () => resolve(log));
      guard.stderr.setEncoding("utf8").on("data", (text) => {
        log += text;
        if (log.includes("ready to accept connections")) resolve("");
      });
    });
    guard.stderr.removeAllListeners("data").resume();
    return failure;
  }

  /** kill -9 of the server. Its sessions notice and end; the files are as they were at that moment. */
  async crash() {
    const exited = once(this.#guard, "exit");
    process.kill(Number(readFileSync(join(this.#data, "postmaster.pid"), "utf8").split("\n")[0]), "SIGKILL");
    await exited;
  }

  async stop() {
    this.#guard.stdin.end();
    await once(this.#guard, "exit");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** PostgreSQL refuses to run as root; its Debian package comes with a user for it. */
function serverUser() {
  if (process.getuid() !== 0) return {};
  const id = (which) => Number(execFileSync("id", [which, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
