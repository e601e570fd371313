/** Lets one thing at a time act on the store, in the order in which they ask. */
export class Turns {
  /** The end of what is under way. */
  private last: Promise<unknown> = Promise.resolve();

  /** Acts once whatever asked before is over, also where that failed. */
  take<T>(act: () => Promise<T>): Promise<T> {
    const result = this.last.then(act);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when nothing is under way. */
  async over(): Promise<void> {
    await this.last;
  }
}
