/**
 * Instructions of one evaluation, per cell of the workload, by Callgrind. Owns the cells and how they are counted; what
 * the counts may be is the test's.
 *
 * `node tests/performance/count.mjs` prints the counts of the tree it is in. `part-a.json` is what it printed in the tree
 * of part A's last commit, b551202, with this folder and the example of Cargo.toml put into it. Only another compiler is
 * a reason to count that tree again.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const CELLS = [[1, 1], [10, 1], [100, 1], [1, 5], [10, 5], [100, 5]];
/** The difference between a short and a long run leaves out what both do once: start, reading the request, the answer. */
const [SHORT, LONG] = [20, 120];

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(countInstructions(), null, 2));

/** What the counts depend on, and of each cell the instructions of one evaluation and the discount of each coupon. */
export function countInstructions() {
  const version = outputOf("rustc", ["--version", "--verbose"]).stdout;
  const workload = buildWorkload();
  const cells = CELLS.map(([lines, coupons]) => countCell(workload, lines, coupons));
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  return { compiler: lineOf(version, /^rustc .*/m), host: lineOf(version, /^host: (.*)/m), glibc, cells };
}

function countCell(workload, lines, coupons) {
  const [short, long] = [SHORT, LONG].map((times) => runCounted(workload, [lines, coupons, times].map(String)));
  const instructions = Math.round((long.instructions - short.instructions) / (LONG - SHORT));
  return { cell: `${lines}×${coupons}`, instructions, discounts: long.discounts };
}

function runCounted(workload, args) {
  const { stdout, stderr } = outputOf("valgrind", ["--tool=callgrind", "--callgrind-out-file=/dev/null", workload, ...args]);
  return { instructions: Number(lineOf(stderr, /Collected : (\d+)$/m)), discounts: JSON.parse(stdout) };
}

/** Builds the workload as the engine is released; answers where it is. */
function buildWorkload() {
  const args = ["build", "--quiet", "--release", "--example", "workload", "--message-format=json-render-diagnostics"];
  const messages = outputOf("cargo", args).stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  return messages.find(({ executable, target }) => executable && target.name === "workload").executable;
}

function outputOf(command, args) {
  const run = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  if (run.error) throw new Error(`${command} could not be started: ${run.error.message}`);
  if (run.status !== 0) throw new Error(`${[command, ...args].join(" ")} failed (${run.status ?? run.signal}): ${run.stderr}`);
  return run;
}

function lineOf(text, pattern) {
  const found = pattern.exec(text);
  if (!found) throw new Error(`no ${pattern} in: ${text}`);
  return found[1] ?? found[0];
}
