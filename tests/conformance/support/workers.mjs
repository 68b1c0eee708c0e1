/**
 * Processes that do what they are told, to contend for one store and to be killed. Owns starting them and the calls
 * between; what they can do is in tasks.mjs.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("worker.mjs", import.meta.url));

export class WorkerProcess {
  #child;
  #calls = new Map();
  #lastCall = 0;
  /** Called with what a task says while it runs. */
  onNote = () => {};

  constructor() {
    this.#child = fork(PROGRAM, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child.on("message", ({ call, answer, failure, note }) => {
      if (note !== undefined) return this.onNote(note);
      const waiting = this.#calls.get(call);
      this.#calls.delete(call);
      if (failure === undefined) waiting.resolve(answer);
      else waiting.reject(Object.assign(new Error(failure.message), failure));
    });
    this.#child.on("exit", () => {
      for (const { reject } of this.#calls.values()) reject(new Error("the worker process has ended"));
    });
  }

  call(task, ...parameters) {
    const call = (this.#lastCall += 1);
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.#child.send({ call, task, parameters });
    });
  }

  /** Ends it without a warning, in the middle of whatever it does. */
  kill() {
    return this.#end("SIGKILL");
  }

  stop() {
    return this.#end("SIGTERM");
  }

  async #end(signal) {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    await once(this.#child, "exit");
  }
}

/** Several processes over which connections are dealt out. */
export class WorkerPool {
  workers;
  #next = 0;

  constructor(size) {
    this.workers = Array.from({ length: size }, () => new WorkerProcess());
  }

  /** A ledger handle whose connection is in the next process. */
  async connect(store) {
    const worker = this.workers[(this.#next += 1) % this.workers.length];
    const { connection, capabilities } = await worker.call("open", store);
    return {
      ledger: {
        capabilities,
        read: (request) => worker.call("read", connection, request),
        commit: (batch) => worker.call("commit", connection, batch),
      },
      close: () => worker.call("close", connection),
    };
  }

  async stop() {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }
}
