import type { Address, JournalSource } from "../protocol";
import type { Store } from "../store";

/** A system's journal as its store has it. */
export function journalOf({ journal }: Store, system: Address): JournalSource {
  return {
    system,
    commits: (after, limit) => journal.commits(system, after, limit),
    events: (after, limit) => journal.events(system, after, limit),
  };
}
