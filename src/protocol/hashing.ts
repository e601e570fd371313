import { keccak, keccakText } from "./primitives";
import type { Appointment, ChannelId, ChannelKey, Close, Closing, Hash, Note, State, Withdrawal } from "./types";
import { Words } from "./words";

// EIP-712 struct hashes (protocol section 3); each type hash stands beside its function.

const channelWords = new Words(4);

/** `keccak256(abi.encode(system, user, token, epoch))` (section 1). */
export function channelId(key: ChannelKey): ChannelId {
  const words = channelWords.start().hex(key.system).hex(key.user).hex(key.token).integer(key.epoch);
  return keccak(words.done()) as string as ChannelId;
}

const STATE_TYPEHASH = keccakText(
  "State(bytes32 channelId,uint64 version,int128 net,uint64 noteSeq,uint128 noteCredited,uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo)",
);
const stateWords = new Words(10);

export function hashState(s: State): Hash {
  const words = stateWords.start().hex(STATE_TYPEHASH).hex(s.channelId).integer(s.version).integer(s.net);
  words.integer(s.noteSeq).integer(s.noteCredited).integer(s.locked).integer(s.locksExpiry);
  return keccak(words.hex(s.locksRoot).hex(s.memo).done());
}

const NOTE_TYPEHASH = keccakText(
  "Note(bytes32 channelId,uint64 seq,uint128 credited,uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo)",
);
const noteWords = new Words(8);

export function hashNote(n: Note): Hash {
  const words = noteWords.start().hex(NOTE_TYPEHASH).hex(n.channelId).integer(n.seq).integer(n.credited);
  words.integer(n.locked).integer(n.locksExpiry).hex(n.locksRoot).hex(n.memo);
  return keccak(words.done());
}

const WITHDRAWAL_TYPEHASH = keccakText(
  "Withdrawal(bytes32 channelId,uint128 withdrawn,uint128 reclaimed,address recipient,uint64 deadline)",
);
const withdrawalWords = new Words(6);

export function hashWithdrawal(w: Withdrawal): Hash {
  const words = withdrawalWords.start().hex(WITHDRAWAL_TYPEHASH).hex(w.channelId);
  return keccak(words.integer(w.withdrawn).integer(w.reclaimed).hex(w.recipient).integer(w.deadline).done());
}

const CLOSING_TYPEHASH = keccakText("Closing(bytes32 channelId,int128 net,uint64 deadline)");
const closingWords = new Words(4);

export function hashClosing(c: Closing): Hash {
  const words = closingWords.start().hex(CLOSING_TYPEHASH).hex(c.channelId).integer(c.net).integer(c.deadline);
  return keccak(words.done());
}

const CLOSE_TYPEHASH = keccakText(
  "Close(bytes32 channelId,address party,bytes32 stateHash,bytes32 noteHash,bool humble,uint64 deadline)",
);
const closeWords = new Words(7);

export function hashClose(c: Close): Hash {
  const words = closeWords.start().hex(CLOSE_TYPEHASH).hex(c.channelId).hex(c.party).hex(c.stateHash);
  return keccak(
    words
      .hex(c.noteHash)
      .integer(c.humble ? 1n : 0n)
      .integer(c.deadline)
      .done(),
  );
}

const APPOINTMENT_TYPEHASH = keccakText(
  "Appointment(bytes32 channelId,address party,address tower,uint16 shareBps,uint64 until)",
);
const appointmentWords = new Words(6);

export function hashAppointment(a: Appointment): Hash {
  const words = appointmentWords.start().hex(APPOINTMENT_TYPEHASH).hex(a.channelId).hex(a.party).hex(a.tower);
  return keccak(words.integer(BigInt(a.shareBps)).integer(a.until).done());
}

const BATCH_TYPEHASH = keccakText("Batch(bytes32 root)");
const batchWords = new Words(2);

export function hashBatch(root: Hash): Hash {
  return keccak(batchWords.start().hex(BATCH_TYPEHASH).hex(root).done());
}
