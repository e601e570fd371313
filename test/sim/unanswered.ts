import type { Proposal, SignedState, StoreRecord } from "../../src/sdk";

/** The state that a wallet has signed and was not answered on, by its file (U1). */
export class Unanswered {
  private proposal: Proposal | undefined;

  /** To be told of each record once it is on disk, in their order. */
  remember(record: StoreRecord): void {
    if (record.type === "proposed") this.proposal = record.proposal;
    else if (record.type === "withdrawal") this.proposal = record.payment ?? this.proposal;
    else if (["refused", "completed", "adopted", "resynchronised"].includes(record.type)) this.proposal = undefined;
  }

  /** Whether the wallet may send it: until there is an answer the same bytes again. */
  allows({ signature }: SignedState): boolean {
    return this.proposal === undefined || this.proposal.signature === signature;
  }
}
