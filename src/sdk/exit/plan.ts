import { fail } from "../../errors";
import {
  answersTo,
  minimum,
  type Answer,
  type CompleteState,
  type Hash,
  type SignedNote,
  type State,
} from "../../protocol";
import type { SignedClosing } from "../store";
import type { Collectable } from "./collectable";
import type { DisputeOnChain, Situation } from "./situation";

/** What to do next; amounts in base units, times in Unix seconds. */
export type ExitStep =
  | { readonly do: "register"; readonly preimages: readonly Hash[] }
  | { readonly do: "agree"; readonly signed: SignedClosing; readonly due: bigint }
  | {
      readonly do: "close";
      readonly humble: boolean;
      readonly fee: bigint;
      readonly due: bigint;
      readonly mayBeBehind: boolean;
    }
  | { readonly do: "challenge"; readonly evidence: CompleteState }
  | { readonly do: "prove"; readonly held: SignedNote; readonly standing: State }
  | { readonly do: "settle"; readonly standing: State; readonly due: bigint }
  | { readonly do: "collect"; readonly items: readonly Collectable[] }
  | { readonly do: "wait"; readonly until: bigint; readonly for: string }
  | { readonly do: "done"; readonly because: string };

/** The steps that can be asked for by name. */
export type ExitCommand = "close" | "challenge" | "prove" | "settle" | "collect";

/** The next step of the way out; a pure function of what there is. */
export function nextStep(situation: Situation, isOriginalKey: boolean): ExitStep {
  const { now, isOver, dispute, locks, due } = situation;
  if (isOver) return collectStep(situation);
  if (dispute === undefined) {
    if (due === 0n) return collectStep(situation);
    const agreed = agreedStep(situation);
    if (agreed !== undefined) return agreed;
    // Public preimages are in time for good, however long the close takes to be mined.
    if (locks.unregistered.length > 0) return { do: "register", preimages: locks.unregistered };
    return closeStep(situation, isOriginalKey);
  }
  const [answer] = answersOf(situation, dispute);
  if (answer !== undefined) return answer.show === "state" ? challengeStep(situation) : proveStep(situation);
  if (now < dispute.settleableFrom) return { do: "wait", until: dispute.settleableFrom, for: "settlement" };
  return settleStep(situation);
}

/**
 * The step that a subcommand names.
 * @throws channel_frozen, closing_pending, no_close_pending, not_yet, too_late, stale_version, stale_note, unknown_note
 */
export function stepOf(command: ExitCommand, situation: Situation, isOriginalKey: boolean): ExitStep {
  switch (command) {
    case "close":
      return closeStep(situation, isOriginalKey);
    case "challenge":
      return challengeStep(situation);
    case "prove":
      return proveStep(situation);
    case "settle":
      return settleStep(situation);
    case "collect":
      return collectStep(situation);
  }
}

function closeStep(situation: Situation, isOriginalKey: boolean): ExitStep {
  const { asset, channel, evidence, isOver, due } = situation;
  if (isOver) fail("stale_version", { reason: "these papers are of an epoch that is settled" });
  if (channel.closing) fail("channel_frozen", { channel: channel.id });
  const agreed = agreedStep(situation);
  if (agreed?.do === "wait") fail("closing_pending", { until: agreed.until });
  if (agreed !== undefined) return agreed;
  const { mayBeBehind } = evidence;
  const humble = !isOriginalKey || mayBeBehind;
  return { do: "close", humble, fee: humble ? asset.settings.staleFee : 0n, due, mayBeBehind };
}

/** While a closing that U signed may yet be mined, it is the only way out (S8). */
function agreedStep({ now, finalTime, evidence, due }: Situation): ExitStep | undefined {
  const { agreement } = evidence;
  if (agreement === undefined || agreement.closing.deadline < finalTime) return undefined;
  const { systemSignature, closing } = agreement;
  // The next block is later than the latest.
  const isInTime = now < closing.deadline;
  if (systemSignature !== undefined && isInTime) return { do: "agree", signed: { ...agreement, systemSignature }, due };
  return { do: "wait", until: closing.deadline + 1n, for: "the closing that you signed to lapse" };
}

function challengeStep(situation: Situation): ExitStep {
  const dispute = requireDispute(situation);
  const { completed } = situation.evidence;
  const { now, channel } = situation;
  if (now >= dispute.close.judged.challengeEnd) fail("too_late", { now, until: dispute.close.judged.challengeEnd });
  if (completed === undefined || !canChallenge(situation, dispute)) {
    return fail("stale_version", {
      got: completed?.state.version ?? 0n,
      stands: dispute.standing.version,
      channel: channel.id,
    });
  }
  return { do: "challenge", evidence: completed };
}

function proveStep(situation: Situation): ExitStep {
  const { standing } = requireDispute(situation);
  const { held } = situation.evidence;
  if (held === undefined) return fail("unknown_note", { reason: "there is no note to prove" });
  if (held.note.seq < standing.noteSeq) fail("stale_note", { seq: held.note.seq, folded: standing.noteSeq });
  return { do: "prove", held, standing };
}

function settleStep(situation: Situation): ExitStep {
  const { standing, settleableFrom } = requireDispute(situation);
  const { now, due } = situation;
  if (now < settleableFrom) fail("not_yet", { now, from: settleableFrom });
  return { do: "settle", standing, due };
}

function collectStep({ now, collectable, evidence, isOver }: Situation): ExitStep {
  const ready = collectable.filter(({ readyAt }) => readyAt !== undefined && readyAt <= now);
  if (ready.length > 0) return { do: "collect", items: ready };
  const ripe = collectable.flatMap(({ readyAt }) => (readyAt === undefined ? [] : [readyAt]));
  if (ripe.length > 0) return { do: "wait", until: ripe.reduce(minimum), for: "an award" };
  const open = collectable.reduce((sum, { amount }) => sum + amount, 0n);
  if (open > 0n) return { do: "done", because: `${open} is claimed, and paid once the system's reserve has it` };
  const isSure = isOver || !evidence.mayBeBehind;
  return {
    do: "done",
    because: isSure ? "nothing is left here" : "your file can prove nothing more; there may be newer",
  };
}

/** What the user shows; its own ordinary close is judged, and might be convicted, by what it shows itself. */
function answersOf({ now, evidence, locks }: Situation, { close, ...shown }: DisputeOnChain): Answer[] {
  const { completed, held } = evidence;
  const defence = { side: "user", completed, held, claims: locks, proven: shown.proven, mayTie: true } as const;
  return answersTo({ judged: close.judged, ...shown }, defence, now);
}

function canChallenge(situation: Situation, dispute: DisputeOnChain): boolean {
  return answersOf(situation, dispute).some(({ show }) => show === "state");
}

/** @throws no_close_pending */
function requireDispute({ dispute, channel }: Situation): DisputeOnChain {
  return dispute ?? fail("no_close_pending", { channel: channel.id });
}
