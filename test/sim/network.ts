import type { Random } from "../../scripts/torture/random";
import { StarledgerError } from "../../src/errors";
import type { Life } from "./life";

/** Something on its way; it may arrive in any order, more than once, or not at all. */
export interface Message {
  readonly label: string;
  deliver(): void;
}

/** Somebody waits for an answer. */
interface Call {
  readonly label: string;
  readonly from: Life;
  /** @returns whether anybody still waited */
  settle(act: () => void): void;
  readonly giveUp: () => void;
}

/** Everything that the parties say to each other: nothing arrives but when the driver says so. */
export class Network {
  private readonly messages: Message[] = [];
  private readonly calls = new Set<Call>();

  get size(): number {
    return this.messages.length;
  }

  send(message: Message): void {
    this.messages.push(message);
  }

  /**
   * A question of `from`, answered by what `ask` resolves or rejects with whenever the message arrives.
   * @param ask undefined where nobody is there to answer
   */
  call<T>(from: Life, label: string, ask: () => Promise<T> | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (from.isOver) return;
      const settle = (act: () => void): void => {
        if (this.calls.delete(call) && !from.isOver) act();
      };
      const giveUp = () => reject(new StarledgerError("unreachable", { call: label }));
      const call: Call = { label, from, settle, giveUp };
      this.calls.add(call);
      const answer = (act: () => void) => this.send({ label: `answer to ${label}`, deliver: () => settle(act) });
      const deliver = (): void => {
        void ask()?.then(
          (value) => answer(() => resolve(value)),
          (error: unknown) => answer(() => reject(asError(error))),
        );
      };
      this.send({ label, deliver });
    });
  }

  /** Takes a message out, whichever it is. */
  take(random: Random): Message | undefined {
    const place = random.between(0, this.messages.length - 1);
    // The oldest more often than others, so that most come in their order.
    const [message] = this.messages.splice(random.chance(0.5) ? 0 : place, 1);
    return message;
  }

  any(random: Random): Message | undefined {
    return this.messages[random.between(0, this.messages.length - 1)];
  }

  /** Somebody does not wait any longer. */
  timeOut(random: Random): string | undefined {
    const waiting = this.waiting();
    const call = waiting[random.between(0, waiting.length - 1)];
    call?.settle(call.giveUp);
    return call?.label;
  }

  /** Nobody waits any longer for what is lost. */
  timeOutAll(): void {
    for (const call of this.waiting()) call.settle(call.giveUp);
  }

  get isAwaited(): boolean {
    return this.waiting().length > 0;
  }

  private waiting(): Call[] {
    for (const call of this.calls) if (call.from.isOver) this.calls.delete(call);
    return [...this.calls];
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
