import { MUTANTS } from "../mutants/list";

/** A mistake that someone could make in the engine, the service, the store, the wallet, what they do on the chain, or the contracts. */
export interface Mistake {
  readonly id: string;
  readonly mistake: string;
  /** From the root of the project. */
  readonly file: string;
  /** Found exactly once in the file. */
  readonly search: string;
  readonly replace: string;
}

/** Mistakes in the contracts that the search for broken invariants knows, and that show where real parties meet them. */
const CONTRACTS = ["newest-note-counts", "penalty-at-next-version", "penalty-on-humble-close"];

export const MISTAKES: readonly Mistake[] = [
  {
    id: "lease-not-fenced",
    mistake: "commits for a system that another process leads by now",
    file: "src/store/fence.ts",
    search: 'if (term !== lease.term) fail("not_leader", { system: commit.system, term: lease.term, now: term });',
    replace: "",
  },
  {
    id: "key-not-remembered",
    mistake: "forgets what an idempotency key was used for",
    file: "src/service/group.ts",
    search: "this.replies.push(stored);",
    replace: "",
  },
  {
    id: "transfers-not-loaded",
    mistake: "forgets at a restart which conditional transfers are open",
    file: "src/service/loadLedger.ts",
    search: "htlcs: await rows.openHtlcs(system), ",
    replace: "",
  },
  {
    id: "foldable-notes-not-loaded",
    mistake: "forgets at a restart all notes but the last",
    file: "src/service/loadLedger.ts",
    search: "ledger.keepFoldable(note);",
    replace: "void note;",
  },
  {
    id: "fee-not-owed",
    mistake: "does not take the fee of a conditional transfer off what the system owes",
    file: "src/engine/steps/htlc.ts",
    search: "draft.owe(asset, -fee);",
    replace: "",
  },
  {
    id: "sent-before-stored",
    mistake: "sends a state before it is in the wallet's file (U2)",
    file: "src/sdk/wallet/proposals.ts",
    search: 'await memory.record({ type: "proposed", proposal });\n    await send(this.core, proposal);',
    replace:
      'const stored = memory.record({ type: "proposed", proposal });\n    await send(this.core, proposal);\n    await stored;',
  },
  {
    id: "silence-is-refusal",
    mistake: "takes a lost answer for a refusal (U1)",
    file: "src/sdk/wallet/refusals.ts",
    search: "error instanceof StarledgerError && !error.retryable;",
    replace: "error instanceof StarledgerError;",
  },
  {
    id: "proposal-forgotten",
    mistake: "forgets at a restart what it signed and got no answer to (U1)",
    file: "src/sdk/wallet/memory.ts",
    search: "this.propose(record.proposal);",
    replace: "if (record.time === this.now()) this.propose(record.proposal);",
  },
  {
    id: "payments-forgotten",
    mistake: "forgets the marks of payments that are complete, and pays again",
    file: "src/sdk/wallet/memory.ts",
    search: "this.rememberPayments(record.completed);",
    replace: "",
  },
  {
    id: "old-notes-believed",
    mistake: "takes a note that comes late for a new one (U5)",
    file: "src/sdk/wallet/receive.ts",
    search: "held.note.seq > maximum(memory.view.note.seq, memory.state.noteSeq);",
    replace: "held.note.seq > 0n;",
  },
  {
    id: "torn-line-goes-on",
    mistake: "appends to a line that a crash has torn",
    file: "src/sdk/stores/fileStore.ts",
    search: "else if (bytes > 0) await file.truncate((await file.stat()).size - bytes);",
    replace: "void bytes;",
  },
  {
    id: "deposit-not-final",
    mistake: "takes every block for final",
    file: "src/chain/watch/watcher.ts",
    search: "return Math.max(0, head.number - finality.confirmations);",
    replace: "return head.number;",
  },
  {
    id: "close-not-answered",
    mistake: "shows no newer state on a close",
    file: "src/protocol/dispute/answers.ts",
    search: "return version > standing.version || isTie ? completed : undefined;",
    replace: "return isTie ? completed : undefined;",
  },
  {
    id: "note-not-shown",
    mistake: "leaves without showing the note that credits it",
    file: "src/sdk/exit/evidence.ts",
    search: "  const { completed, held, agreeing } = memory;",
    replace: "  const { completed, agreeing } = memory;\n  const held = undefined as typeof memory.held;",
  },
  {
    id: "hidden-note-not-shown",
    mistake: "shows no note on a close",
    file: "src/protocol/dispute/answers.ts",
    search: 'return defence.side === "user" ? noteToShow(close, defence, now) : locksToShow(close, defence);',
    replace: 'return defence.side === "user" ? undefined : locksToShow(close, defence);',
  },
  {
    id: "transaction-forgotten",
    mistake: "does not send again what a node has forgotten",
    file: "src/chain/outbox/outbox.ts",
    search: "    this.dropped += 1;\n    await this.send(attempt);",
    replace: "    this.dropped += 1;",
  },
  {
    id: "withdrawal-not-booked",
    mistake: "takes a withdrawal off what it owes, and not into its books",
    file: "src/engine/steps/updateFunds.ts",
    search: "if (seen.settled || seen.withdrawn > 0n) {",
    replace: "if (seen.withdrawn < 0n) {",
  },
  {
    id: "deposit-not-owed",
    mistake: "credits a deposit without owing it",
    file: "src/engine/steps/updateFunds.ts",
    search: "liabilities: asset.liabilities + deposited - withdrawn",
    replace: "liabilities: asset.liabilities - withdrawn",
  },
  {
    id: "note-not-recomputed",
    mistake: "believes a note without adding up its locks (U5)",
    file: "src/protocol/userRules.ts",
    search: "  checkLocks(note, locks);",
    replace: "",
  },
  {
    id: "signer-not-checked",
    mistake: "believes a note whoever has signed it (U5)",
    file: "src/sdk/wallet/receive.ts",
    search: "await core.requireSystemOn(hashNote(held.note), held.signed);",
    replace: "await Promise.resolve();",
  },
  {
    id: "state-not-recomputed",
    mistake: "completes a state without working out what it must be (S2)",
    file: "src/protocol/systemRules.ts",
    search: "if (!isSameState(state, proposal)) fail(",
    replace: "if (proposal.version === -1n) fail(",
  },
  {
    id: "handover-too-soon",
    mistake: "says that a handover is taken before it is on the watchtower's disk",
    file: "src/watchtower/tower.ts",
    search: "await appointments.take(watch.id, handover, quota, DEFAULT_LOCK_POLICY.margin, now());",
    replace: "void appointments.take(watch.id, handover, quota, DEFAULT_LOCK_POLICY.margin, now());",
  },
  {
    id: "tower-shows-no-note",
    mistake: "shows no note for a user who is away",
    file: "src/watchtower/defence.ts",
    search: "      completed,\n      held,\n      claims:",
    replace: "      completed,\n      held: undefined,\n      claims:",
  },
  {
    id: "final-close-forgotten",
    mistake: "answers no close that became final while the watchtower was gone",
    file: "src/watchtower/hubWatch.ts",
    search: "if (close !== undefined) await closes.add(this.id, close);",
    replace: "if (close !== undefined) void closes;",
  },
  {
    id: "loss-not-waited",
    mistake: "begins anew after a loss of data while what was signed before can still be sent (S7)",
    file: "src/engine/steps/loss.ts",
    search: "return since + settings.challengePeriod;",
    replace: "return since - 0n * settings.challengePeriod;",
  },
  {
    id: "loss-not-outdated",
    mistake: "begins anew right after what is shown, not above all that was ever signed (S7)",
    file: "src/protocol/resynchronisation.ts",
    search: "maximum(within(best, 0n, FARTHEST, field) + JUMP, time * PACE);",
    replace: "maximum(within(best, 0n, FARTHEST, field) + 1n, 0n * time * PACE);",
  },
  {
    id: "shown-state-believed",
    mistake: "takes over what a service shows that has lost data, though its own is newer (S7)",
    file: "src/sdk/wallet/catchUp.ts",
    search: "if (shown === undefined || shown.state.version < memory.state.version) return;",
    replace: "if (shown === undefined) return;",
  },
  {
    id: "unlocked-sent-on",
    mistake: "sends on to another system what the payer has not locked",
    file: "src/service/crossing/routes.ts",
    search: "if (lock === undefined) return await this.requireSent(payer, hash);",
    replace: "void lock;",
  },
  {
    id: "paid-across-again",
    mistake: "pays again at another system what is on its way there",
    file: "src/sdk/client/payments.ts",
    search: "made?.hash === undefined || isBack ? payNow(wallet, order) : arrived(wallet, order, made.hash);",
    replace: "payNow(wallet, order);\n    void isBack;",
  },
  ...MUTANTS.filter(({ id }) => CONTRACTS.includes(id)).map((mutant) => ({
    ...mutant,
    file: `contracts/${mutant.file}`,
  })),
];
