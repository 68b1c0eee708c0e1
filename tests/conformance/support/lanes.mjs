/**
 * Work done by several at once in one process. Owns nothing but the order of the answers, which is the work's.
 */
export async function inLanes(work, lanes, run) {
  const answers = [];
  let next = 0;
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (let at = next++; at < work.length; at = next++) answers[at] = await run(work[at]);
  }));
  return answers;
}
