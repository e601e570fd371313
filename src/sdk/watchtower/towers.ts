import type { ChannelId } from "../../protocol";
import type { Handovers, TowerStatus } from "./handovers";
import type { ChannelPapers } from "./papers";

/** A watchtower to hand over to. */
export interface WatchtowerOptions {
  /** Where it is reached: `https://host:port`. */
  readonly url: string;
  /** What it may have of a forfeit at most, in hundredths of a per cent; nothing unless given. */
  readonly maxShareBps?: number;
}

/** Milliseconds that a client waits at its end for what is not handed over yet. */
const PATIENCE = 3_000;

/** All watchtowers of one account: none waits for another. */
export class Towers {
  constructor(private readonly all: readonly Handovers[]) {}

  get isNone(): boolean {
    return this.all.length === 0;
  }

  offer(papers: ChannelPapers): void {
    for (const tower of this.all) tower.offer(papers);
  }

  status(id: ChannelId): TowerStatus[] {
    return this.all.map((tower) => tower.status(id));
  }

  async end(): Promise<void> {
    await Promise.all(this.all.map((tower) => tower.end(PATIENCE)));
  }
}
