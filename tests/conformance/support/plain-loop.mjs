/**
 * The plainest runner there can be, for tests that want to know how each case ended. Owns no assertion.
 */
/** Runs the kit and answers what became of each case, and the line to publish. */
export async function runPlainly(runLedgerConformance, options, wanted = () => true) {
  const cases = [];
  const lines = [];
  runLedgerConformance({ report: (line) => lines.push(line), ...options, test: (name, run) => cases.push({ name, run }) });
  const results = [];
  for (const { name, run } of cases) {
    if (!wanted(name)) continue;
    const began = Date.now();
    const failure = await run().then(() => null, (error) => error);
    results.push({ name, failure, milliseconds: Date.now() - began });
  }
  return { results, lines, line: lines.at(-1) };
}
