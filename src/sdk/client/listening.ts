import { StarledgerError } from "../../errors";
import type { Address } from "../../protocol";

/** What a token's listening does. */
export interface ListeningParts {
  /** Yields whenever the service says that something is new; undefined where it cannot be heard. */
  readonly news: ((token: Address, signal: AbortSignal) => AsyncIterable<unknown>) | undefined;
  readonly look: (token: Address) => Promise<void>;
  readonly onError: (error: unknown, token: Address) => void;
}

/** Has a token looked at as soon as the service has news of it, for as long as somebody waits for some. */
export class Listening {
  private readonly tokens = new Map<Address, { waiting: number; readonly over: AbortController }>();

  constructor(private readonly parts: ListeningParts) {}

  /** Listens until what is returned is called. */
  to(token: Address): () => void {
    const known = this.tokens.get(token);
    const entry = known ?? { waiting: 0, over: new AbortController() };
    entry.waiting += 1;
    if (known === undefined) {
      this.tokens.set(token, entry);
      void this.listen(token, entry.over.signal);
    }
    return () => {
      entry.waiting -= 1;
      if (entry.waiting > 0) return;
      entry.over.abort();
      if (this.tokens.get(token) === entry) this.tokens.delete(token);
    };
  }

  /** Listens to nothing any more. */
  end(): void {
    for (const { over } of this.tokens.values()) over.abort();
    this.tokens.clear();
  }

  private async listen(token: Address, signal: AbortSignal): Promise<void> {
    const { news, look, onError } = this.parts;
    if (news === undefined) return;
    try {
      const heard = news(token, signal)[Symbol.asyncIterator]();
      while ((await heard.next()).done !== true) await look(token).catch((error: unknown) => onError(error, token));
    } catch (error) {
      // What is not heard is seen when it is looked for.
      if (error instanceof StarledgerError) onError(error, token);
      else throw error;
    }
  }
}
