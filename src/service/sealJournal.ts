import { journalHead, journalStart, keccakText, type Address, type Hash } from "../protocol";
import type { Store } from "../store";

/** Commits at once. */
const PAGE = 200;

/**
 * Puts what an older program has committed into the hash chain; nothing, once that is done.
 * @returns the head after the last commit
 * @throws store_failed
 */
export async function sealJournal({ journal }: Store, system: Address, lastCommit: bigint): Promise<Hash> {
  for (;;) {
    const commits = await journal.unsealed(system, PAGE);
    const [first] = commits;
    if (first === undefined) break;
    let head = (await journal.head(system, first.id - 1n)) ?? journalStart(system);
    const sealed = commits.map(({ id, events }) => {
      const hashes = events.map(({ text }) => keccakText(text));
      head = journalHead(head, { id, events: hashes });
      return { id, events: hashes, head };
    });
    await journal.seal(system, sealed);
  }
  return (await journal.head(system, lastCommit)) ?? journalStart(system);
}
