/**
 * How far a run has come: a bar on a terminal, plain lines where the output is kept (a file, a log of a job).
 */
const WIDTH = 40;

/** A callback for `onProgress`, writing to `stream`. */
export function progressOn(stream) {
  if (!stream.isTTY) return ({ done, total }) => stream.write(`generated ${done} of ${total} codes\n`);
  return ({ done, total }) => {
    const filled = Math.floor((done * WIDTH) / total);
    const end = done === total ? "\n" : "";
    stream.write(`\r[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}] ${done}/${total}${end}`);
  };
}
