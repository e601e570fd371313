/** A mistake that someone could make in the service, the store or the wallet. */
export interface Mistake {
  readonly id: string;
  readonly mistake: string;
  /** Under `src/`. */
  readonly file: string;
  /** Found exactly once in the file. */
  readonly search: string;
  readonly replace: string;
}

export const MISTAKES: readonly Mistake[] = [
  {
    id: "lease-not-fenced",
    mistake: "commits for a system that another process leads by now",
    file: "store/fence.ts",
    search: 'if (term !== lease.term) fail("not_leader", { system: commit.system, term: lease.term, now: term });',
    replace: "",
  },
  {
    id: "key-not-remembered",
    mistake: "forgets what an idempotency key was used for",
    file: "service/group.ts",
    search: "this.replies.push(stored);",
    replace: "",
  },
  {
    id: "transfers-not-loaded",
    mistake: "forgets at a restart which conditional transfers are open",
    file: "service/loadLedger.ts",
    search: "htlcs: await rows.openHtlcs(system), ",
    replace: "",
  },
  {
    id: "foldable-notes-not-loaded",
    mistake: "forgets at a restart all notes but the last",
    file: "service/loadLedger.ts",
    search: "ledger.keepFoldable(note);",
    replace: "void note;",
  },
  {
    id: "fee-not-owed",
    mistake: "does not take the fee of a conditional transfer off what the system owes",
    file: "engine/steps/htlc.ts",
    search: "draft.owe(asset, -fee);",
    replace: "",
  },
  {
    id: "sent-before-stored",
    mistake: "sends a state before it is in the wallet's file (U2)",
    file: "sdk/wallet/proposals.ts",
    search: 'await memory.record({ type: "proposed", proposal });\n    await send(this.core, proposal);',
    replace:
      'const stored = memory.record({ type: "proposed", proposal });\n    await send(this.core, proposal);\n    await stored;',
  },
  {
    id: "silence-is-refusal",
    mistake: "takes a lost answer for a refusal (U1)",
    file: "sdk/wallet/refusals.ts",
    search: "error instanceof StarledgerError && !error.retryable;",
    replace: "error instanceof StarledgerError;",
  },
  {
    id: "proposal-forgotten",
    mistake: "forgets at a restart what it signed and got no answer to (U1)",
    file: "sdk/wallet/memory.ts",
    search: "this.propose(record.proposal);",
    replace: "if (record.time === this.now()) this.propose(record.proposal);",
  },
  {
    id: "payments-forgotten",
    mistake: "forgets the marks of payments that are complete, and pays again",
    file: "sdk/wallet/memory.ts",
    search: "this.rememberPayments(record.completed);",
    replace: "",
  },
  {
    id: "old-notes-believed",
    mistake: "takes a note that comes late for a new one (U5)",
    file: "sdk/wallet/receive.ts",
    search: "held.note.seq > maximum(memory.view.note.seq, memory.state.noteSeq);",
    replace: "held.note.seq > 0n;",
  },
  {
    id: "torn-line-goes-on",
    mistake: "appends to a line that a crash has torn",
    file: "sdk/stores/fileStore.ts",
    search: "else if (bytes > 0) await file.truncate((await file.stat()).size - bytes);",
    replace: "void bytes;",
  },
];
