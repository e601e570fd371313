import { keccakText } from "../primitives";
import type { Address, Hash } from "../types";
import { Alignment, REACH, type Committed, type Tampering } from "./align";
import { commitOf, JournalBooks, type Overdraft } from "./books";
import { journalHead, journalStart, type JournalCommit } from "./head";

/** A commit as the journal keeps it. */
export interface KeptCommit extends JournalCommit {
  readonly head: Hash;
}

/** A row of the log, with the text that its hash is of; empty where the row is none. */
export interface KeptEvent {
  readonly number: bigint;
  readonly text: string;
}

/** Where a journal is read; each list in its order, from the one after `after` on, shorter than `limit` only at its end. */
export interface JournalSource {
  readonly system: Address;
  commits(after: bigint, limit: number): Promise<readonly KeptCommit[]>;
  events(after: bigint, limit: number): Promise<readonly KeptEvent[]>;
}

/** What was published of a journal where it cannot be taken back. */
export interface JournalAnchor {
  readonly token: Address;
  readonly period: bigint;
  readonly commit: bigint;
  readonly head: Hash;
  /** What the system said that it owed, in base units. */
  readonly total: bigint;
}

/** What is wrong with a journal. */
export type JournalFinding =
  | Tampering
  | { readonly kind: "commit_missing"; readonly commit: bigint }
  /** Its head is not what the head before and its events lead to. */
  | { readonly kind: "head_mismatch"; readonly commit: bigint; readonly got: Hash; readonly want: Hash }
  | ({ readonly kind: "overdrawn"; readonly commit: bigint } & Overdraft)
  /** The journal has another head, or none, for the commit that was published: it was rewritten up to there. */
  | { readonly kind: "anchor_mismatch"; readonly anchor: JournalAnchor; readonly got: Hash | null }
  /** Customers had more than the system said that it owed. */
  | { readonly kind: "liabilities_understated"; readonly anchor: JournalAnchor; readonly owed: bigint };

/** What a whole journal comes to. */
export interface JournalReport {
  readonly commits: bigint;
  readonly events: bigint;
  /** Of the last commit. */
  readonly head: Hash;
  readonly findings: readonly JournalFinding[];
}

const PAGE = 1_000;

/**
 * Reads a journal from its first commit to `last`: whether each head follows from what is before it, whether the log has the events
 * that the heads commit to, all of them, in their order and no others, whether anybody ever had less than nothing, and
 * whether its heads are those that were published. Memory grows with accounts and commits under way alone.
 */
export async function verifyJournal(
  source: JournalSource,
  last: bigint,
  anchors: readonly JournalAnchor[] = [],
): Promise<JournalReport> {
  return await new Verification(source, last, anchors).run();
}

class Verification {
  private readonly findings: JournalFinding[] = [];
  private readonly alignment = new Alignment();
  private readonly books = new JournalBooks();
  private readonly heads = new Map<bigint, Hash>();
  private readonly awaited: Map<bigint, JournalAnchor[]>;
  private head: Hash;
  private commit = 0n;
  private number = 0n;
  private booked = 0n;
  private events = 0n;
  private lastRow = 0n;

  constructor(
    private readonly source: JournalSource,
    private readonly last: bigint,
    anchors: readonly JournalAnchor[],
  ) {
    this.head = journalStart(source.system);
    this.awaited = new Map();
    for (const anchor of anchors) this.awaited.set(anchor.commit, [...(this.awaited.get(anchor.commit) ?? []), anchor]);
  }

  async run(): Promise<JournalReport> {
    let [hasCommits, hasRows] = [true, true];
    while (hasCommits || hasRows) {
      const { committed, standing } = this.alignment.waiting;
      if (hasCommits && committed <= REACH) hasCommits = await this.readCommits();
      if (hasRows && standing <= REACH) hasRows = await this.readRows();
      this.alignment.advance(!hasCommits && !hasRows);
      this.findings.push(...this.alignment.found.splice(0));
    }
    this.endCommit();
    this.requireAnchors();
    return { commits: this.commit, events: this.events, head: this.head, findings: this.findings };
  }

  private async readCommits(): Promise<boolean> {
    const page = (await this.source.commits(this.commit, PAGE)).filter(({ id }) => id <= this.last);
    for (const kept of page) {
      while ((this.commit += 1n) < kept.id) this.findings.push({ kind: "commit_missing", commit: this.commit });
      const want = journalHead(this.head, kept);
      if (kept.head !== want) this.findings.push({ kind: "head_mismatch", commit: kept.id, got: kept.head, want });
      // From here on as it is kept: one that is wrong is named once.
      this.head = kept.head;
      if (this.awaited.has(kept.id)) this.heads.set(kept.id, kept.head);
      this.alignment.add(
        kept.events.map((hash): Committed => ({ hash, number: (this.number += 1n), commit: kept.id })),
        [],
      );
    }
    return page.length === PAGE;
  }

  private async readRows(): Promise<boolean> {
    const page = await this.source.events(this.lastRow, PAGE);
    for (const { number, text } of page) {
      this.lastRow = number;
      const commit = commitOf(text);
      // Whoever reads a journal that goes on has rows of commits to come.
      if (commit !== undefined && commit > this.last) return false;
      this.events += 1n;
      if (commit !== undefined && commit !== this.booked) this.endCommit(commit);
      this.books.book(text);
      this.alignment.add([], [{ hash: keccakText(text), number }]);
    }
    return page.length === PAGE;
  }

  /** Holds the books as they stand after a commit to what was published of them. */
  private endCommit(next = this.last + 1n): void {
    const commit = this.booked;
    for (const overdraft of this.books.overdrafts()) this.findings.push({ kind: "overdrawn", commit, ...overdraft });
    for (const [id, anchors] of this.awaited) {
      if (id < commit || id >= next) continue;
      for (const anchor of anchors) {
        const owed = this.books.owedIn(anchor.token);
        if (owed > anchor.total) this.findings.push({ kind: "liabilities_understated", anchor, owed });
      }
    }
    this.booked = next;
  }

  private requireAnchors(): void {
    for (const [id, anchors] of this.awaited) {
      const got = this.heads.get(id) ?? null;
      for (const anchor of anchors) {
        if (got !== anchor.head) this.findings.push({ kind: "anchor_mismatch", anchor, got });
      }
    }
  }
}
