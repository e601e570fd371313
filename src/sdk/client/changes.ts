import type { Address } from "../../protocol";

/** Tells whoever waits that something of a token may have changed. */
export class Changes {
  private readonly waiting = new Set<{ readonly token: Address; readonly wake: () => void }>();
  private isOver = false;

  announce(token: Address): void {
    for (const one of this.waiting) if (one.token === token) one.wake();
  }

  /** Nobody waits any longer. */
  end(): void {
    this.isOver = true;
    for (const { wake } of this.waiting) wake();
  }

  /** Yields the token at once, then each time that something may have changed, until `signal` or {@link end} says stop. */
  async *of(token: Address, signal?: AbortSignal): AsyncGenerator<Address> {
    let isDue = true;
    let sleeper: (() => void) | undefined;
    const wake = (): void => {
      isDue = true;
      sleeper?.();
    };
    const waiter = { token, wake };
    this.waiting.add(waiter);
    signal?.addEventListener("abort", wake);
    try {
      while (!this.isOver && signal?.aborted !== true) {
        if (!isDue) await new Promise<void>((resolve) => (sleeper = resolve));
        else {
          isDue = false;
          yield token;
        }
      }
    } finally {
      this.waiting.delete(waiter);
      signal?.removeEventListener("abort", wake);
    }
  }
}
