import { setTimeout as delay } from "node:timers/promises";

import { StarledgerError } from "../errors";

/** Does something again and again, one after the other, whatever becomes of it, until it is stopped. */
export class Repeating {
  private readonly waking = new AbortController();
  private readonly running: Promise<void>;

  /**
   * @param interval milliseconds from the end of one to the next
   * @param onTrouble hears why one failed
   */
  constructor(
    private readonly act: () => Promise<void>,
    private readonly interval: number,
    private readonly onTrouble: (error: StarledgerError) => void,
  ) {
    this.running = this.run();
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.waking.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.waking.signal.aborted) {
      try {
        await this.act();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.onTrouble(error instanceof StarledgerError ? error : new StarledgerError("internal", { reason }));
      }
      await delay(this.interval, undefined, { signal: this.waking.signal }).catch(() => undefined);
    }
  }
}
