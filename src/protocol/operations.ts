import { keccak, keccakText } from "./primitives";
import type { Address, Hash } from "./types";
import { Words } from "./words";

/** What a state does, one after the other (section 3, `memo`). */
export type StateOperation =
  | { readonly type: "pay"; readonly to: Address; readonly amount: bigint; readonly reference: Hash }
  | { readonly type: "redeem"; readonly amount: bigint; readonly reference: Hash }
  /** Gives `to` back of what it paid: a payment's hash, or what {@link paymentReference} makes of a transfer's number. */
  | {
      readonly type: "refund";
      readonly to: Address;
      readonly amount: bigint;
      readonly payment: Hash;
      readonly reference: Hash;
    }
  /** What S takes for the operation right before it, which has the same reference. */
  | { readonly type: "fee"; readonly amount: bigint; readonly reference: Hash }
  | { readonly type: "fold"; readonly seq: bigint; readonly credited: bigint }
  /** Pays `to` if the preimage of `hash` becomes known in time: locks amount and fee until `expiry` (section 7, step 2). */
  | {
      readonly type: "lock";
      readonly to: Address;
      readonly amount: bigint;
      readonly fee: bigint;
      readonly hash: Hash;
      readonly expiry: bigint;
      readonly reference: Hash;
    }
  /** An outgoing lock whose preimage is known is paid. */
  | { readonly type: "foldLock"; readonly index: bigint; readonly preimage: Hash }
  /** An outgoing lock whose transfer failed comes back. */
  | { readonly type: "dropLock"; readonly index: bigint }
  /** U gives up the incoming lock of `hash`, and will not claim it. */
  | { readonly type: "releaseLock"; readonly hash: Hash };

/** What a note does. */
export type NoteOperation =
  | { readonly type: "issue"; readonly amount: bigint; readonly reference: Hash }
  | { readonly type: "receive"; readonly from: Address; readonly amount: bigint; readonly reference: Hash }
  /** Money that U gets if the preimage of `hash` becomes known before `expiry` (section 7, step 3). */
  | {
      readonly type: "receiveLock";
      readonly from: Address;
      readonly amount: bigint;
      readonly hash: Hash;
      readonly expiry: bigint;
      readonly reference: Hash;
    }
  /** The preimage of an incoming lock is known: the lock becomes credit. */
  | { readonly type: "settleLock"; readonly index: bigint; readonly preimage: Hash }
  /** An incoming lock leaves since its expiry is final and shows no registration in time. */
  | { readonly type: "lapseLock"; readonly index: bigint }
  /** An incoming lock leaves since U released it. */
  | { readonly type: "returnLock"; readonly index: bigint };

/** The operation of one type. */
export type StateOperationOf<Type extends StateOperation["type"]> = Extract<StateOperation, { type: Type }>;

/** How a payer's lock ends, as the payer may sign it now. */
export type LockOutcome = StateOperationOf<"foldLock"> | StateOperationOf<"dropLock">;

export type Operation = StateOperation | NoteOperation;

const TAGS = {
  pay: keccakText("pay(address to,uint128 amount,bytes32 reference)"),
  redeem: keccakText("redeem(uint128 amount,bytes32 reference)"),
  refund: keccakText("refund(address to,uint128 amount,bytes32 payment,bytes32 reference)"),
  fee: keccakText("fee(uint128 amount,bytes32 reference)"),
  fold: keccakText("fold(uint64 seq,uint128 credited)"),
  issue: keccakText("issue(uint128 amount,bytes32 reference)"),
  receive: keccakText("receive(address from,uint128 amount,bytes32 reference)"),
  lock: keccakText("lock(address to,uint128 amount,uint128 fee,bytes32 hash,uint64 expiry,bytes32 reference)"),
  foldLock: keccakText("foldLock(uint64 index,bytes32 preimage)"),
  dropLock: keccakText("dropLock(uint64 index)"),
  releaseLock: keccakText("releaseLock(bytes32 hash)"),
  receiveLock: keccakText("receiveLock(address from,uint128 amount,bytes32 hash,uint64 expiry,bytes32 reference)"),
  settleLock: keccakText("settleLock(uint64 index,bytes32 preimage)"),
  lapseLock: keccakText("lapseLock(uint64 index)"),
  returnLock: keccakText("returnLock(uint64 index)"),
};
const operationWords = new Words(4);
const refundWords = new Words(5);
const lockWords = { lock: new Words(7), receiveLock: new Words(6), outcome: new Words(3), index: new Words(2) };
/** For as many operations as almost all have. */
const lists = Array.from({ length: 5 }, (_, count) => new Words(count));

/**
 * The receipt that a state or note carries: `keccak256` of its operations' hashes, each under the tag of its kind.
 * Lists that differ in anything have different memos.
 * @throws invalid_hex, out_of_range
 */
export function memoOf(operations: readonly Operation[]): Hash {
  const list = (lists[operations.length] ?? new Words(operations.length)).start();
  for (const operation of operations) list.hash(hashOperation(operation));
  return keccak(list.done());
}

function hashOperation(operation: Operation): Hash {
  const tag = TAGS[operation.type];
  const words = operationWords.start().hash(tag);
  switch (operation.type) {
    case "pay":
      return keccak(words.address(operation.to).uint128(operation.amount).hash(operation.reference).done());
    case "refund": {
      const { to, amount, payment, reference } = operation;
      const refund = refundWords.start().hash(tag).address(to).uint128(amount);
      return keccak(refund.hash(payment).hash(reference).done());
    }
    case "redeem":
    case "fee":
    case "issue":
      return keccak(words.uint128(operation.amount).hash(operation.reference).uint64(0n).done());
    case "fold":
      return keccak(words.uint64(operation.seq).uint128(operation.credited).uint64(0n).done());
    case "receive":
      return keccak(words.address(operation.from).uint128(operation.amount).hash(operation.reference).done());
    case "lock": {
      const { to, amount, fee, hash, expiry, reference } = operation;
      const lock = lockWords.lock.start().hash(tag).address(to).uint128(amount).uint128(fee);
      return keccak(lock.hash(hash).uint64(expiry).hash(reference).done());
    }
    case "receiveLock": {
      const { from, amount, hash, expiry, reference } = operation;
      const lock = lockWords.receiveLock.start().hash(tag).address(from).uint128(amount);
      return keccak(lock.hash(hash).uint64(expiry).hash(reference).done());
    }
    case "foldLock":
    case "settleLock":
      return keccak(lockWords.outcome.start().hash(tag).uint64(operation.index).hash(operation.preimage).done());
    case "dropLock":
    case "lapseLock":
    case "returnLock":
      return keccak(lockWords.index.start().hash(tag).uint64(operation.index).done());
    case "releaseLock":
      return keccak(lockWords.index.start().hash(tag).hash(operation.hash).done());
  }
}
