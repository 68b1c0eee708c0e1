/**
 * The program of a worker process: runs the tasks it is sent and answers. It must not decide anything.
 */
import { tasks } from "./tasks.mjs";

process.on("disconnect", () => process.exit());
process.on("message", async ({ call, task, parameters }) => {
  try {
    process.send({ call, answer: await tasks[task](...parameters) });
  } catch (error) {
    process.send({ call, failure: { message: `${task}: ${String(error)}`, code: error.code, stack: error.stack } });
  }
});
