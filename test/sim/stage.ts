import { keccakText, type Hash } from "../../src/protocol";
import type { Evm } from "./chain/evm";
import type { Network } from "./network";
import type { Orders } from "./orders";
import type { Outside } from "./quiet";
import { trueTime } from "./time";
import { Violation } from "./violation";

/** Seconds between the payer's expiry and the payee's. */
export const MARGIN = 600n;

/** What all parties share: the folder of their disks, the network, the time, and those who watch. */
export class Stage {
  readonly trace: string[] = [];
  /** How often each interesting thing happened. */
  readonly coverage = new Map<string, number>();
  violation: Violation | undefined;
  private hashes = 0;

  constructor(
    readonly folder: string,
    readonly seed: string,
    readonly network: Network,
    readonly orders: Orders,
    readonly outside: Outside,
    readonly evm: Evm,
  ) {}

  /** Unix seconds, by a clock without an error. */
  get time(): bigint {
    return trueTime();
  }

  say(text: string): void {
    this.trace.push(text);
  }

  count(thing: string): void {
    this.coverage.set(thing, (this.coverage.get(thing) ?? 0) + 1);
  }

  /** The first one counts: others may follow from it. */
  blame(text: string): void {
    this.violation ??= new Violation(text);
  }

  /** Runs a check that throws. */
  check(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.violation ??= error;
    }
  }

  /** Never the same twice, in whatever life. */
  randomHash(): Hash {
    this.hashes += 1;
    return keccakText(`${this.seed} secret ${this.hashes}`);
  }
}
