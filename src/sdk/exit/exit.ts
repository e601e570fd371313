import { fail, StarledgerError } from "../../errors";
import { hashNote, hashState, type Hash } from "../../protocol";
import type { DisputeHub } from "../chain/disputes";
import type { Signer } from "../signers";
import { act, type ExitTransaction } from "./act";
import { checkSignatures } from "./checks";
import type { Evidence } from "./evidence";
import { nextStep, stepOf, type ExitCommand, type ExitStep } from "./plan";
import { look, type Situation } from "./situation";

/** What a user leaves with, and what else signs for it. */
export interface Papers {
  readonly evidence: Evidence;
  /** From here on the user's wallet signs and believes nothing (S6); resolves with all that it has signed and was given. */
  freeze(): Promise<Evidence>;
}

/** How somebody leaves. */
export interface ExitOptions {
  readonly hub: DisputeHub;
  readonly papers: Papers;
  /** Who sends; without it the chain is only looked at. */
  readonly account?: Signer;
  /** The key was made here and never left, and the store was never rolled back (U3). */
  readonly isOriginal: boolean;
}

/** What happens on the way out: the next step, before it is done, and each of its transactions. */
export type ExitEvent =
  | { readonly type: "next"; readonly step: ExitStep; readonly situation: Situation }
  | { readonly type: "sent"; readonly sent: ExitTransaction };

/**
 * A user's way out of a channel, alone (section 6): closes, answers, proves, settles and collects with what the user holds, a
 * node and the user's key. It keeps nothing: the chain says each time where it is, so that it can be left and taken up again.
 */
export class Exit {
  private evidence: Evidence;

  private constructor(private readonly options: ExitOptions) {
    this.evidence = options.papers.evidence;
  }

  /**
   * Checks what the user holds against the keys that the hub knows, before anything is sent.
   * @throws invalid_signature, wrong_signer, chain_unreachable
   */
  static async open(options: ExitOptions): Promise<Exit> {
    const exit = new Exit(options);
    await checkSignatures(options.hub, exit.evidence);
    return exit;
  }

  /**
   * Looks at the chain. A close that is seen there freezes the user's wallet, whoever started it (S6).
   * @throws unknown_asset, unknown_channel, unknown_state, chain_unreachable
   */
  async look(): Promise<Situation> {
    const { hub, account } = this.options;
    const situation = await look(hub, this.evidence);
    if (situation.dispute === undefined || account === undefined || !(await this.freeze())) return situation;
    return look(hub, this.evidence);
  }

  /** What to do next. */
  next(situation: Situation): ExitStep {
    return nextStep(situation, this.options.isOriginal);
  }

  /**
   * The step that is asked for.
   * @throws channel_frozen, closing_pending, no_close_pending, not_yet, too_late, stale_version, stale_note, unknown_note
   */
  step(command: ExitCommand, situation: Situation): ExitStep {
    return stepOf(command, situation, this.options.isOriginal);
  }

  /**
   * Carries out a step. What the wallet signed meanwhile changes what to do: then nothing is sent.
   * @throws transaction_failed, chain_unreachable, signature_refused
   */
  async *carryOut(step: ExitStep, situation: Situation): AsyncGenerator<ExitTransaction> {
    const { hub, account } = this.options;
    if (account === undefined) return fail("missing_secret", { secret: "the account's key" });
    // Sign, store, send: the wallet must not sign on top of what is being closed.
    if (step.do === "close" && (await this.freeze())) return;
    yield* act(hub, account, step, situation);
  }

  /**
   * The whole way, as far as it is followed: each step comes before it is done, and is done when the next event is asked for.
   * A step that waits is over when its time has come; the last one is `done`.
   * @param pause between two looks at the chain while there is nothing but waiting; resolves with whether to go on
   * @throws what {@link look} and {@link carryOut} throw; while it waits, it outlives a node that is away
   */
  async *run(pause: () => Promise<boolean>): AsyncGenerator<ExitEvent> {
    let waitingUntil: bigint | undefined;
    for (;;) {
      const situation = await this.lookPatiently(waitingUntil !== undefined);
      if (situation !== undefined) {
        const step = this.next(situation);
        const isWaiting = step.do === "wait";
        if (!isWaiting || step.until !== waitingUntil) yield { type: "next", step, situation };
        if (step.do === "done") return;
        for await (const sent of this.carryOut(step, situation)) yield { type: "sent", sent };
        waitingUntil = isWaiting ? step.until : undefined;
      }
      if (waitingUntil !== undefined && !(await pause())) return;
    }
  }

  private async lookPatiently(isWaiting: boolean): Promise<Situation | undefined> {
    try {
      return await this.look();
    } catch (error) {
      if (isWaiting && error instanceof StarledgerError && error.code === "chain_unreachable") return undefined;
      throw error;
    }
  }

  /** Whether the wallet has signed or been given anything since it was looked at. */
  private async freeze(): Promise<boolean> {
    const before = markOf(this.evidence);
    this.evidence = await this.options.papers.freeze();
    if (markOf(this.evidence) === before) return false;
    await checkSignatures(this.options.hub, this.evidence);
    return true;
  }
}

function markOf({ completed, held, agreement }: Evidence): string {
  const hashes: (Hash | undefined)[] = [completed && hashState(completed.state), held && hashNote(held.note)];
  return [...hashes, agreement?.closing.deadline, agreement?.systemSignature].join(" ");
}
