import { fail } from "../errors";
import type { Lease } from "./lease";
import { integer, type Row } from "./query";
import type { Commit } from "./commit";

/** What the database said of the lease, the commits and the events as the commit came in: `term`, `id`, `event`. */
export function requireNext(commit: Commit, lease: Lease, seen: Row | undefined): void {
  const term = seen?.["term"] == null ? "none" : integer(seen["term"]);
  if (term !== lease.term) fail("not_leader", { system: commit.system, term: lease.term, now: term });
  const [id, event] = [integer(seen?.["id"] ?? 0n) + 1n, integer(seen?.["event"] ?? 0n) + 1n];
  if (commit.id !== id) fail("store_corrupt", { got: commit.id, want: id });
  if (commit.firstEvent !== event) fail("store_corrupt", { got: commit.firstEvent, want: event });
}
