import type { Hash } from "../types";

/** An event that the chain commits to, and where it must stand. */
export interface Committed {
  readonly hash: Hash;
  readonly number: bigint;
  readonly commit: bigint;
}

/** A row of the log as it stands now. */
export interface Standing {
  readonly hash: Hash;
  readonly number: bigint;
}

/** How the log differs from what its chain commits to. `number` is that of the row; of one that is gone, where it stood. */
export type Tampering =
  | { readonly kind: "event_rewritten"; readonly number: bigint; readonly commit: bigint }
  | { readonly kind: "event_removed"; readonly number: bigint; readonly commit: bigint }
  | { readonly kind: "event_inserted"; readonly number: bigint }
  /** `want` is where it stood. */
  | { readonly kind: "event_reordered"; readonly number: bigint; readonly want: bigint; readonly commit: bigint };

/** Rows between an event and the place where it is looked for. */
export const REACH = 256;

/**
 * Holds a log against its chain, event by event. A row that was taken out or put in is found by the rows around it, whether
 * those after it were numbered anew or not.
 */
export class Alignment {
  private readonly committed: Committed[] = [];
  private readonly standing: Standing[] = [];
  /** What rows are numbered higher by than the chain says, for rows before them that were put in or taken out. */
  private shift = 0n;
  private readonly tolerated = { least: 0n, most: 0n };

  /** What was found since it was asked last. */
  readonly found: Tampering[] = [];

  /** How many of each wait for the other. */
  get waiting(): { readonly committed: number; readonly standing: number } {
    return { committed: this.committed.length, standing: this.standing.length };
  }

  add(committed: readonly Committed[], standing: readonly Standing[]): void {
    this.committed.push(...committed);
    this.standing.push(...standing);
  }

  /** Decides all that can be decided without what comes next; everything, if nothing does. */
  advance(isLast: boolean): void {
    const { committed, standing } = this;
    const keep = isLast ? 0 : REACH;
    while (Math.min(committed.length, standing.length) > keep || (isLast && committed.length + standing.length > 0)) {
      this.decide(committed[0], standing[0]);
    }
  }

  private decide(want: Committed | undefined, got: Standing | undefined): void {
    const { committed, standing } = this;
    if (want !== undefined && got?.hash === want.hash) {
      committed.shift();
      standing.shift();
      this.place(want, got);
      return;
    }
    const wantAt = want === undefined ? -1 : indexOf(standing, want.hash);
    const gotAt = got === undefined ? -1 : indexOf(committed, got.hash);
    if (want !== undefined && got !== undefined && wantAt < 0 === gotAt < 0) {
      committed.shift();
      const [row] = standing.splice(Math.max(wantAt, 0), 1);
      if (wantAt < 0) this.found.push({ kind: "event_rewritten", number: row!.number, commit: want.commit });
      else this.place(want, row!);
    } else if (want !== undefined && wantAt < 0) {
      committed.shift();
      this.tolerated.least -= 1n;
      this.found.push({ kind: "event_removed", number: want.number, commit: want.commit });
    } else {
      standing.shift();
      this.tolerated.most += 1n;
      this.found.push({ kind: "event_inserted", number: got!.number });
    }
  }

  /** The same event on both sides. */
  private place({ number: want, commit }: Committed, { number }: Standing): void {
    const by = number - want - this.shift;
    if (by < this.tolerated.least || by > this.tolerated.most) {
      this.found.push({ kind: "event_reordered", number, want, commit });
    } else if (by !== 0n) {
      this.shift += by;
      this.tolerated.least = this.tolerated.most = 0n;
    }
  }
}

function indexOf(all: readonly { readonly hash: Hash }[], hash: Hash): number {
  for (let i = 0; i < Math.min(all.length, REACH); i++) if (all[i]!.hash === hash) return i;
  return -1;
}
