import { fail } from "../../errors";
import { feesIn, maximum, NO_FEES, withFees, type FeeSchedule, type StateOperation } from "../../protocol";
import type { Core } from "./core";
import { isMispriced, isOutdated, unlessRefused } from "./refusals";
import { send, sendUnanswered } from "./send";
import { signNext } from "./signNext";

interface Waiting {
  readonly operations: readonly StateOperation[];
  /** The most that they may cost. */
  readonly maxFee: bigint;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const OPERATIONS_PER_STATE = 256;

/** The states that U signs, one after the other (U1, U2). */
export class Proposals {
  private readonly waiting: Waiting[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  /** What payments cost as far as is known: S refuses what does not pay it. */
  private fees: FeeSchedule = NO_FEES;

  constructor(private readonly core: Core) {}

  /**
   * Carries out `operations` in the next state, together with whatever else waits for it.
   * @throws fee_too_high if they cost more than `maxFee`
   */
  transact(operations: readonly StateOperation[], maxFee = this.core.options.maxFee ?? 0n): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ operations, maxFee, resolve, reject });
      void this.inTurn(() => this.proposeWaiting());
    });
  }

  /** Sends a state again whose answer was lost: the same bytes (U1). */
  resume(): Promise<void> {
    return this.inTurn(() => sendUnanswered(this.core));
  }

  /** Proposes all that waits in one state; if that is refused, each by itself, so that nobody fails for another. */
  private async proposeWaiting(): Promise<void> {
    const taken = this.waiting.splice(0, OPERATIONS_PER_STATE);
    if (taken.length === 0) return;
    try {
      await this.propose(taken);
      for (const { resolve } of taken) resolve();
    } catch (error) {
      if (taken.length === 1 || this.core.memory.unanswered !== undefined) {
        for (const { reject } of taken) reject(error);
        return;
      }
      for (const one of taken) await this.propose([one]).then(one.resolve, one.reject);
    }
  }

  /**
   * Once more after catching up, if another of U's devices was faster, or the store is older than it thinks (case 26), or
   * payments cost something else than was known.
   */
  private async propose(taken: readonly Waiting[]): Promise<void> {
    const { memory, options, id } = this.core;
    const { version } = memory.state;
    try {
      await this.proposeOnce(this.charged(taken));
    } catch (error) {
      if (isMispriced(error)) this.fees = (await options.api.channel(id)).fees;
      else if (!isOutdated(error) || memory.state.version === version) throw error;
      await this.proposeOnce(this.charged(taken));
    }
  }

  /** What U offers by itself it need not allow. */
  private charged(taken: readonly Waiting[]): StateOperation[] {
    return taken.flatMap(({ operations, maxFee }) => {
      const charged = withFees(this.fees, operations);
      const [fee, allowed] = [feesIn(charged), maximum(maxFee, feesIn(operations))];
      if (fee > allowed) fail("fee_too_high", { fee, maxFee: allowed });
      return charged;
    });
  }

  private async proposeOnce(operations: readonly StateOperation[]): Promise<void> {
    const { memory } = this.core;
    this.core.requireOpen();
    await sendUnanswered(this.core).catch(unlessRefused);
    const proposal = await signNext(this.core, operations, memory.pending);
    if (proposal === undefined) return;
    await memory.record({ type: "proposed", proposal });
    await send(this.core, proposal);
  }

  /** One thing at a time is signed: the next waits for the answer to the last (U1). */
  inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return done;
  }
}
