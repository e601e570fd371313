/** Does `work` every `interval` milliseconds, never twice at once, until it is stopped. */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly work: () => Promise<void>,
    private readonly interval: number,
  ) {
    this.next();
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(): void {
    if (this.isStopped || this.interval === 0) return;
    this.timer = setTimeout(() => {
      this.running = this.work().finally(() => this.next());
    }, this.interval);
    // A program that has nothing else to do may end; a browser's timers are numbers.
    if (typeof this.timer === "object") this.timer.unref();
  }
}
