import { keccak, keccakText } from "./primitives";
import type { Appointment, ChannelId, ChannelKey, Close, Closing, Hash, Note, State, Withdrawal } from "./types";
import { Words } from "./words";

// EIP-712 struct hashes (protocol section 3); each type hash stands beside its function. All of them throw invalid_hex or
// out_of_range for a field that is not of its type.

const channelWords = new Words(4);

/** `keccak256(abi.encode(system, user, token, epoch))` (section 1). */
export function channelId(key: ChannelKey): ChannelId {
  const words = channelWords.start().address(key.system).address(key.user).address(key.token).uint256(key.epoch);
  return keccak(words.done()) as string as ChannelId;
}

const STATE_TYPEHASH = keccakText(
  "State(bytes32 channelId,uint64 version,int128 net,uint64 noteSeq,uint128 noteCredited,uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo)",
);
const stateWords = new Words(10, STATE_TYPEHASH);

export function hashState(s: State): Hash {
  const words = stateWords.start().hash(s.channelId).uint64(s.version).int128(s.net).uint64(s.noteSeq);
  words.uint128(s.noteCredited).uint128(s.locked).uint64(s.locksExpiry).hash(s.locksRoot).hash(s.memo);
  return keccak(words.done());
}

const NOTE_TYPEHASH = keccakText(
  "Note(bytes32 channelId,uint64 seq,uint128 credited,uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo)",
);
const noteWords = new Words(8, NOTE_TYPEHASH);

export function hashNote(n: Note): Hash {
  const words = noteWords.start().hash(n.channelId).uint64(n.seq).uint128(n.credited);
  words.uint128(n.locked).uint64(n.locksExpiry).hash(n.locksRoot).hash(n.memo);
  return keccak(words.done());
}

const WITHDRAWAL_TYPEHASH = keccakText(
  "Withdrawal(bytes32 channelId,uint128 withdrawn,uint128 reclaimed,address recipient,uint64 deadline)",
);
const withdrawalWords = new Words(6, WITHDRAWAL_TYPEHASH);

export function hashWithdrawal(w: Withdrawal): Hash {
  const words = withdrawalWords.start().hash(w.channelId).uint128(w.withdrawn).uint128(w.reclaimed);
  return keccak(words.address(w.recipient).uint64(w.deadline).done());
}

const CLOSING_TYPEHASH = keccakText("Closing(bytes32 channelId,int128 net,uint64 deadline)");
const closingWords = new Words(4, CLOSING_TYPEHASH);

export function hashClosing(c: Closing): Hash {
  return keccak(closingWords.start().hash(c.channelId).int128(c.net).uint64(c.deadline).done());
}

const CLOSE_TYPEHASH = keccakText(
  "Close(bytes32 channelId,address party,bytes32 stateHash,bytes32 noteHash,bool humble,uint64 deadline)",
);
const closeWords = new Words(7, CLOSE_TYPEHASH);

export function hashClose(c: Close): Hash {
  const words = closeWords.start().hash(c.channelId).address(c.party).hash(c.stateHash).hash(c.noteHash);
  return keccak(words.bool(c.humble).uint64(c.deadline).done());
}

const APPOINTMENT_TYPEHASH = keccakText(
  "Appointment(bytes32 channelId,address party,address tower,uint16 shareBps,uint64 until)",
);
const appointmentWords = new Words(6, APPOINTMENT_TYPEHASH);

export function hashAppointment(a: Appointment): Hash {
  const words = appointmentWords.start().hash(a.channelId).address(a.party).address(a.tower);
  return keccak(words.uint16(a.shareBps).uint64(a.until).done());
}

const BATCH_TYPEHASH = keccakText("Batch(bytes32 root)");
const batchWords = new Words(2, BATCH_TYPEHASH);

export function hashBatch(root: Hash): Hash {
  return keccak(batchWords.start().hash(root).done());
}
