import { replay, type Choice, type Run } from "./simulation";

/** The kind of a violation: what is said of it without its numbers. */
export function kindOf(message: string): string {
  return message.replace(/0x[0-9a-f]+|\d+/g, "…");
}

/**
 * Leaves out what a failure does not need: halves, then quarters, and so on, as long as the same kind of violation is left
 * (delta debugging). Every choice carries its own seed, so the others stay what they were.
 * @param patience replays at most
 */
export async function shrink(failed: Run, patience: number): Promise<Run> {
  const { seed, violation } = failed;
  if (violation === undefined) return failed;
  const wanted = kindOf(violation.message);
  let best = failed;
  let size = Math.ceil(failed.choices.length / 2);
  for (let tries = 0; tries < patience;) {
    let isSmaller = false;
    for (let at = 0; at < best.choices.length && tries < patience; tries++) {
      const rest: Choice[] = [...best.choices.slice(0, at), ...best.choices.slice(at + size)];
      const run = await replay(seed, rest);
      if (run.violation !== undefined && kindOf(run.violation.message) === wanted) {
        best = run;
        isSmaller = true;
      } else at += size;
    }
    if (size === 1 && !isSmaller) break;
    size = Math.max(1, Math.floor(size / 2));
  }
  return best;
}
