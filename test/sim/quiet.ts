import { Violation } from "./violation";

/** Turns of the event loop in which nothing happens before all is taken to be quiet: a commit gathers for as many as two. */
const TURNS = 12;

/** Nanoseconds of the machine's own time after which nothing more is to be expected of whoever is waited for. */
const PATIENCE = 60_000_000_000n;

interface Pending {
  readonly done: Promise<unknown>;
  readonly release: () => void;
}

/**
 * What takes its own time, however long that is: disk and chain. What it comes to is heard of in the order in which it was begun,
 * one by one, and only when everything else waits: so the machine's speed decides nothing.
 */
export class Outside {
  private readonly pending: Pending[] = [];

  /** Begins at once. */
  async wait<T>(act: () => Promise<T>): Promise<T> {
    const done = act();
    const released = new Promise<void>((resolve) => this.pending.push({ done, release: resolve }));
    done.catch(() => undefined);
    await released;
    return await done;
  }

  /**
   * Resolves with what `task` comes to when nothing waits but for the driver, and it is over.
   * @throws Violation if nothing goes on any more, and it is not
   */
  async quiet<T>(task: Promise<T>): Promise<T> {
    const tasks = new Set([task]);
    const end = (): void => void tasks.delete(task);
    task.then(end, end);
    for (let last = process.hrtime.bigint(); ;) {
      for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
      const next = this.pending.shift();
      if (next === undefined && tasks.size === 0) break;
      if (next !== undefined) last = process.hrtime.bigint();
      else if (process.hrtime.bigint() - last > PATIENCE) throw new Violation("somebody waits for what never comes");
      await next?.done.catch(() => undefined);
      next?.release();
    }
    return await task;
  }
}
