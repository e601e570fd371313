import { fail } from "../../errors";
import type { Address, Hash } from "../../protocol";
import { sightingsOf, type Sighting } from "./facts";
import type { ChainNode, Header, Log } from "./node";
import { HeaderWindow } from "./window";

/** The last block whose facts were taken in. */
export interface Cursor {
  readonly block: number;
  readonly hash: Hash;
}

/** When a block counts as final: so many blocks deep, or when the chain says so. */
export type Finality = { readonly confirmations: number } | "finalized";

/** Blocks that became final, with all that the contracts said in them. */
export interface FinalBlocks {
  /** The last of them. */
  readonly header: Header;
  /** The last block that is final, which may come later than these. */
  readonly final: number;
  readonly sightings: readonly Sighting[];
}

/** The blocks that may still vanish. */
export interface PendingBlocks {
  readonly head: Header;
  readonly final: Header;
  readonly sightings: readonly Sighting[];
  /** How many blocks of what was told last have vanished. */
  readonly reorganised: number;
}

/** What a watcher is made of. */
export interface WatcherOptions {
  readonly node: ChainNode;
  /** Whose events are followed. */
  readonly contracts: readonly Address[];
  readonly finality: Finality;
  /** From where on; the block before the first event of the contracts will do for a start. */
  readonly cursor: Cursor | { readonly block: number };
  /**
   * Takes in what is final, once more after a crash: the cursor is kept only after it. What it throws stops the watcher for
   * now; the same blocks come again.
   */
  readonly onFinal: (blocks: FinalBlocks) => Promise<void>;
  /** Keeps the cursor. */
  readonly keep: (cursor: Cursor) => Promise<void>;
  /** Hears of what is not final whenever it changes. */
  readonly onPending: (blocks: PendingBlocks) => Promise<void>;
  /** Blocks that are asked for at once at most; halved where the node refuses, down to one. */
  readonly range?: number;
}

/** Blocks with the events in them, and the last of them. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly header: Header;
  readonly logs: Log[];
}

const RANGE = 2_000;
/** A chain that is not final for longer is looked at from its newest part only when it has become so. */
const LONGEST_WINDOW = 4_096;

/**
 * Follows the contracts: what is final exactly in its order and without a gap, what is not yet final as it stands now. It
 * survives reorganisations of blocks that are not final, restarts, and nodes that are away or behind; on one of a final
 * block it stops, for nothing that it told holds any more (section 9).
 */
export class Watcher {
  private window: HeaderWindow | undefined;
  private cursor: WatcherOptions["cursor"];
  private range: number;
  private told: Hash | undefined;

  constructor(private readonly options: WatcherOptions) {
    this.cursor = options.cursor;
    this.range = options.range ?? RANGE;
  }

  /**
   * Looks once: takes in what has become final, and tells what has not.
   * @throws chain_unreachable, nodes_disagree, chain_rewritten, and what the handlers throw
   */
  async look(): Promise<void> {
    const { node } = this.options;
    const head = await node.header("latest");
    if (head === undefined) return fail("chain_unreachable", { reason: "no block" });
    await this.catchUp(await this.finalBlock(head));
    await this.followHead(head);
  }

  private async finalBlock(head: Header): Promise<number> {
    const { finality, node } = this.options;
    if (finality !== "finalized") return Math.max(0, head.number - finality.confirmations);
    return (await node.header("finalized"))?.number ?? 0;
  }

  /** Takes in all blocks up to `final`. */
  private async catchUp(final: number): Promise<void> {
    await this.requireCursor();
    for await (const { from, to, header, logs } of this.read(this.cursor.block + 1, final)) {
      try {
        await this.options.onFinal({ header, final, sightings: sightingsOf(logs) });
      } catch (error) {
        // A part of it may succeed where a node does not answer all that the whole asks of it.
        this.range = Math.max(1, Math.floor((to - from + 1) / 2));
        throw error;
      }
      const cursor = { block: to, hash: header.hash };
      await this.options.keep(cursor);
      this.cursor = cursor;
    }
  }

  /** @throws chain_rewritten if the last block that was taken in is gone */
  private async requireCursor(): Promise<void> {
    const { cursor } = this;
    if (!("hash" in cursor)) return;
    const now = await this.options.node.header(cursor.block);
    // A node that is behind does not have it yet.
    if (now === undefined) fail("chain_unreachable", { reason: "the node is behind", block: cursor.block });
    else if (now.hash !== cursor.hash) fail("chain_rewritten", { block: cursor.block, was: cursor.hash, is: now.hash });
  }

  /** The events of these blocks, in ranges that the node does not refuse, each with its last block. */
  private async *read(from: number, until: number): AsyncGenerator<Part> {
    const { range: widest = RANGE, contracts, node } = this.options;
    for (let first = from; first <= until;) {
      const to = Math.min(until, first + this.range - 1);
      const header = await this.headerAt(to);
      let logs: Log[];
      try {
        logs = await node.logs(contracts, first, to);
      } catch (error) {
        if (to === first) throw error;
        this.range = Math.floor((to - first + 1) / 2);
        continue;
      }
      // A branch that was changed between the two questions shows itself by its hash.
      if ((await this.headerAt(to)).hash !== header.hash) return fail("nodes_disagree", { block: to });
      yield { from: first, to, header, logs };
      first = to + 1;
      this.range = Math.min(widest, this.range * 2);
    }
  }

  /** Brings the window up to `head` and tells what stands in it, if that has changed. */
  private async followHead(head: Header): Promise<void> {
    const base = await this.headerAt(this.cursor.block);
    if (head.number - base.number > LONGEST_WINDOW || head.number < base.number) return;
    if (this.window?.at(base.number)?.hash !== base.hash) this.window = new HeaderWindow(base);
    const { window } = this;
    window.moveBase(base.number);
    const reorganised = window.take(await this.branchTo(head, window), head);
    if (this.told === head.hash) return;
    const logs: Log[] = [];
    for await (const part of this.read(base.number + 1, head.number)) logs.push(...part.logs);
    // Of another branch than the headers: the next look tells.
    if (!logs.every((log) => window.has({ number: log.block, hash: log.blockHash }))) return;
    await this.options.onPending({ head, final: base, sightings: sightingsOf(logs), reorganised });
    this.told = head.hash;
  }

  /** The blocks from the last that the window shares with `head`'s branch, exclusively, to `head`. */
  private async branchTo(head: Header, window: HeaderWindow): Promise<Header[]> {
    const branch: Header[] = [];
    for (let header = head; !window.has(header);) {
      branch.push(header);
      if (header.number <= window.base.number) return fail("nodes_disagree", { block: header.number });
      const parent = await this.headerAt(header.number - 1);
      if (parent.hash !== header.parent) return fail("nodes_disagree", { block: parent.number });
      header = parent;
    }
    return branch.reverse();
  }

  private async headerAt(block: number): Promise<Header> {
    const header = await this.options.node.header(block);
    return header ?? fail("chain_unreachable", { reason: "the node does not have the block", block });
  }
}
