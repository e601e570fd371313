import { fail } from "../errors";
import {
  keccak,
  keccakText,
  within,
  INT128_MAX,
  INT128_MIN,
  UINT128_MAX,
  UINT64_MAX,
  positiveAmount,
} from "./primitives";
import type { Address, Hash, Note, State } from "./types";
import { Words } from "./words";

/** What a state does, one after the other (section 3, `memo`). */
export type StateOperation =
  | { readonly type: "pay"; readonly to: Address; readonly amount: bigint; readonly reference: Hash }
  | { readonly type: "redeem"; readonly amount: bigint; readonly reference: Hash }
  | { readonly type: "fold"; readonly seq: bigint; readonly credited: bigint };

/** What a note does. */
export type NoteOperation =
  | { readonly type: "issue"; readonly amount: bigint; readonly reference: Hash }
  | { readonly type: "receive"; readonly from: Address; readonly amount: bigint; readonly reference: Hash };

export type Operation = StateOperation | NoteOperation;

const TAGS = {
  pay: keccakText("pay(address to,uint128 amount,bytes32 reference)"),
  redeem: keccakText("redeem(uint128 amount,bytes32 reference)"),
  fold: keccakText("fold(uint64 seq,uint128 credited)"),
  issue: keccakText("issue(uint128 amount,bytes32 reference)"),
  receive: keccakText("receive(address from,uint128 amount,bytes32 reference)"),
};
const operationWords = new Words(4);

/**
 * The receipt that a state or note carries: `keccak256` of its operations' hashes, each under the tag of its kind.
 * Lists that differ in anything have different memos.
 * @throws invalid_hex, out_of_range
 */
export function memoOf(operations: readonly Operation[]): Hash {
  const list = new Words(operations.length).start();
  for (const operation of operations) list.hash(hashOperation(operation));
  return keccak(list.done());
}

/**
 * The state that follows `state` by `operations`: the only way from one version to the next (S2).
 * @throws stale_note, invalid_amount, invalid_hex, out_of_range
 */
export function nextState(state: State, operations: readonly StateOperation[]): State {
  let { net, noteSeq, noteCredited } = state;
  for (const operation of operations) {
    if (operation.type === "fold") {
      if (operation.seq < noteSeq || operation.credited < noteCredited) {
        fail("stale_note", { seq: operation.seq, credited: operation.credited, folded: noteSeq });
      }
      net += operation.credited - noteCredited;
      noteSeq = operation.seq;
      noteCredited = operation.credited;
    } else {
      net -= positiveAmount(operation.amount);
    }
  }
  return {
    ...state,
    version: within(state.version + 1n, 1n, UINT64_MAX, "version"),
    net: within(net, INT128_MIN, INT128_MAX, "net"),
    noteSeq: within(noteSeq, 0n, UINT64_MAX, "noteSeq"),
    noteCredited: within(noteCredited, 0n, UINT128_MAX, "noteCredited"),
    memo: memoOf(operations),
  };
}

/**
 * The note that follows `note` by `operations`.
 * @throws invalid_amount, invalid_hex, out_of_range
 */
export function nextNote(note: Note, operations: readonly NoteOperation[]): Note {
  const credited = operations.reduce((sum, operation) => sum + positiveAmount(operation.amount), note.credited);
  return {
    ...note,
    seq: within(note.seq + 1n, 1n, UINT64_MAX, "seq"),
    credited: within(credited, 0n, UINT128_MAX, "credited"),
    memo: memoOf(operations),
  };
}

function hashOperation(operation: Operation): Hash {
  const words = operationWords.start().hash(TAGS[operation.type]);
  switch (operation.type) {
    case "pay":
      return keccak(words.address(operation.to).uint128(operation.amount).hash(operation.reference).done());
    case "redeem":
    case "issue":
      return keccak(words.uint128(operation.amount).hash(operation.reference).uint64(0n).done());
    case "fold":
      return keccak(words.uint64(operation.seq).uint128(operation.credited).uint64(0n).done());
    case "receive":
      return keccak(words.address(operation.from).uint128(operation.amount).hash(operation.reference).done());
  }
}
