import { setTimeout as delay } from "node:timers/promises";

import { StarledgerError } from "../errors";

/** Does something again and again, one after the other, whatever becomes of it, until it is stopped. */
export class Repeating {
  private resting = new AbortController();
  private isWoken = false;
  private isStopped = false;
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

  /** Does it at once or, while it is done, once more after that. */
  wake(): void {
    this.isWoken = true;
    this.resting.abort();
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      this.isWoken = false;
      this.resting = new AbortController();
      try {
        await this.act();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.onTrouble(error instanceof StarledgerError ? error : new StarledgerError("internal", { reason }));
      }
      await this.rest();
    }
  }
  private async rest(): Promise<void> {
    if (!this.isWoken) await delay(this.interval, undefined, { signal: this.resting.signal }).catch(() => undefined);
  }
}
