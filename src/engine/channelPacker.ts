import { Buffer } from "buffer";

import { emptyNote, emptyState, NO_FUNDS, UINT64_MAX, ZERO_HASH } from "../protocol";
import type { Address, ChannelId, Funds, Hash, Hex, Lock, Note, State } from "../protocol";
import { writeHex } from "../protocol/writeHex";
import { PairMap } from "./keys";
import type { Channel } from "./records";

/** A channel in the bytes of one text; as it is where it has more than its key, a state, a note and funds. */
export type PackedChannel = string | Channel;

type Owner = Pick<Channel["key"], "system" | "token">;

const [HAS_STATE, HAS_NOTE, HAS_FUNDS] = [1, 2, 4];
/** Of all parts together. */
const LONGEST = 256;
const NO_LOCKS: readonly Lock[] = [];
const [locked, locksExpiry, locksRoot] = [0n, 0n, ZERO_HASH];

/** Puts channels into few bytes and makes them whole again. Channels that are equal are put into equal texts. */
export class ChannelPacker {
  private readonly bytes = Buffer.alloc(LONGEST);
  private readonly words = new DataView(this.bytes.buffer, this.bytes.byteOffset);
  private position = 0;
  private readonly owners: Owner[] = [];
  private readonly places = new PairMap<number>();

  isPackable({ status, outgoing, incoming, pending, closing, freeze }: Channel): boolean {
    const isAtRest = status === "open" && pending === null && closing === null && freeze === null;
    return isAtRest && outgoing.length === 0 && incoming.length === 0;
  }

  pack(channel: Channel): PackedChannel {
    if (!this.isPackable(channel)) return channel;
    const { key, state, note, funds } = channel;
    const [hasState, hasNote, hasFunds] = [state.version > 0n, note.seq > 0n, isAny(funds)];
    const parts = (hasState ? HAS_STATE : 0) | (hasNote ? HAS_NOTE : 0) | (hasFunds ? HAS_FUNDS : 0);
    this.position = this.bytes.writeUInt32BE(this.placeOf(key), this.bytes.writeUInt8(parts));
    this.writeBytes(20, key.user);
    this.writeWord(key.epoch);
    if (hasState) this.writeState(state);
    if (hasNote) this.writeNote(note);
    if (hasFunds) this.writeFunds(funds);
    return this.bytes.toString("latin1", 0, this.position);
  }

  unpack(id: ChannelId, packed: PackedChannel): Channel {
    if (typeof packed !== "string") return packed;
    this.bytes.write(packed, "latin1");
    const parts = this.bytes.readUInt8();
    const { system, token } = this.owners[this.bytes.readUInt32BE(1)]!;
    this.position = 5;
    return {
      id,
      key: { system, user: this.readBytes(20) as Address, token, epoch: this.readWord() },
      status: "open",
      state: (parts & HAS_STATE) === 0 ? emptyState(id) : this.readState(id),
      note: (parts & HAS_NOTE) === 0 ? emptyNote(id) : this.readNote(id),
      funds: (parts & HAS_FUNDS) === 0 ? NO_FUNDS : this.readFunds(),
      outgoing: NO_LOCKS,
      incoming: NO_LOCKS,
      pending: null,
      closing: null,
      freeze: null,
    };
  }

  private placeOf({ system, token }: Owner): number {
    const known = this.places.get(system, token);
    if (known !== undefined) return known;
    const place = this.owners.push({ system, token }) - 1;
    this.places.set(system, token, place);
    return place;
  }

  private writeState({ version, net, noteSeq, noteCredited, memo }: State): void {
    this.writeWord(version);
    this.writeAmount(BigInt.asUintN(128, net));
    this.writeWord(noteSeq);
    this.writeAmount(noteCredited);
    this.writeBytes(32, memo);
  }

  private readState(channelId: ChannelId): State {
    const version = this.readWord();
    const net = BigInt.asIntN(128, this.readAmount());
    const [noteSeq, noteCredited] = [this.readWord(), this.readAmount()];
    const memo = this.readBytes(32) as Hash;
    return { channelId, version, net, noteSeq, noteCredited, locked, locksExpiry, locksRoot, memo };
  }

  private writeNote({ seq, credited, memo }: Note): void {
    this.writeWord(seq);
    this.writeAmount(credited);
    this.writeBytes(32, memo);
  }

  private readNote(channelId: ChannelId): Note {
    const [seq, credited] = [this.readWord(), this.readAmount()];
    return { channelId, seq, credited, locked, locksExpiry, locksRoot, memo: this.readBytes(32) as Hash };
  }

  private writeFunds({ deposited, withdrawn, reclaimed, collateral }: Funds): void {
    this.writeAmount(deposited);
    this.writeAmount(withdrawn);
    this.writeAmount(reclaimed);
    this.writeAmount(collateral);
  }

  private readFunds(): Funds {
    const [deposited, withdrawn] = [this.readAmount(), this.readAmount()];
    return { deposited, withdrawn, reclaimed: this.readAmount(), collateral: this.readAmount() };
  }

  private writeWord(value: bigint): void {
    this.words.setBigUint64(this.position, value);
    this.position += 8;
  }

  private readWord(): bigint {
    return this.words.getBigUint64((this.position += 8) - 8);
  }

  private writeAmount(value: bigint): void {
    const isShort = value <= UINT64_MAX;
    this.writeWord(isShort ? 0n : value >> 64n);
    this.writeWord(isShort ? value : BigInt.asUintN(64, value));
  }

  private readAmount(): bigint {
    const high = this.readWord();
    const low = this.readWord();
    return high === 0n ? low : (high << 64n) | low;
  }

  private writeBytes(length: number, hex: Hex): void {
    writeHex(hex, length, this.bytes, this.position);
    this.position += length;
  }

  private readBytes(length: number): Hex {
    return `0x${this.bytes.toString("hex", this.position, (this.position += length))}`;
  }
}

function isAny({ deposited, withdrawn, reclaimed, collateral }: Funds): boolean {
  return deposited > 0n || withdrawn > 0n || reclaimed > 0n || collateral > 0n;
}
