import { fail, StarledgerError } from "../../errors";
import {
  advanceState,
  available,
  checkExpiry,
  feesIn,
  hashState,
  maximum,
  NO_FEES,
  withFees,
  type FeeSchedule,
  type StateOperation,
} from "../../protocol";
import type { Proposal } from "../store";
import { catchUp } from "./catchUp";
import type { Core } from "./core";

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
    return this.inTurn(() => this.sendUnanswered());
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
    const { memory, options } = this.core;
    this.requireOpen();
    await this.sendUnanswered();
    const { state, note, funds, pending, locks } = memory;
    const fold = { type: "fold", seq: note.seq, credited: note.credited } as const;
    const all = [...(note.seq > state.noteSeq ? [fold] : []), ...locks.outcomes, ...operations];
    if (all.length === 0) return;
    const next = advanceState(state, locks.outgoing, all);
    for (const lock of next.locks) {
      if (!locks.outgoing.includes(lock)) checkExpiry(lock.expiry, options.asset, this.core.now());
    }
    const left = available(funds, next.state, note, pending);
    if (left < 0n) fail("insufficient_balance", { short: -left });
    const signature = await this.core.sign({ type: "State", value: next.state });
    // A close that was begun meanwhile is of the state before: a second one on top would make it a cheat (S6).
    this.requireOpen();
    const proposal = { ...next, operations: all, signature };
    await memory.record({ type: "proposed", proposal });
    await this.send(proposal);
  }

  /** @throws channel_frozen */
  private requireOpen(): void {
    const { memory, id } = this.core;
    if (memory.isFrozen) fail("channel_frozen", { channel: id });
  }

  private async sendUnanswered(): Promise<void> {
    const { unanswered } = this.core.memory;
    if (unanswered !== undefined) await this.send(unanswered);
  }

  /** Sends a proposal and believes the payment only when S's signature verifies (U2). */
  private async send(proposal: Proposal): Promise<void> {
    const { memory, options } = this.core;
    const { state, operations, signature } = proposal;
    const answer = await options.api.submitState({ proposal: state, operations, signature }).catch(asError);
    if (answer instanceof Error) {
      if (isOutdated(answer)) await catchUp(this.core);
      if (memory.completed?.signature === signature) return;
      // A refusal is an answer: the proposal is not sent again, not after a restart either.
      if (memory.unanswered === proposal && isRefusal(answer)) await memory.record({ type: "refused" });
      throw answer;
    }
    await this.core.requireSystemOn(hashState(state), answer);
    await memory.record({ type: "completed", completed: { ...proposal, systemSignature: answer } });
  }

  /** One thing at a time is signed: the next waits for the answer to the last (U1). */
  inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function isRefusal(error: unknown): boolean {
  return error instanceof StarledgerError && !error.retryable;
}

function isMispriced(error: unknown): boolean {
  return error instanceof StarledgerError && error.code === "wrong_fee";
}

function isOutdated(error: unknown): boolean {
  return error instanceof StarledgerError && ["stale_version", "equivocation"].includes(error.code);
}
