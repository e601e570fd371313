import type { Address, Hash, Signature } from "../../protocol";
import { recoverFrom, SIGNED_BYTES, writeSigned } from "../../protocol/signedBytes";

/** Signatures that wait to be checked at most; a power of two, so that numbers may run over. */
const SLOTS = 16_384;
/** A digest, a signature, then whether there is a signer, and its address. */
const SLOT_BYTES = 128;
const FOUND_AT = 104;
const ADDRESS_BYTES = 20;

/** The words before the slots' own: how many jobs were handed out, and how many were begun. */
const POSTED = 0;
const BEGUN = 1;
const HEADER = 2;

const DONE = 0;
const WAITING = 1;

/**
 * Signatures to check, in memory that several threads share: one thread hands them out, in a ring, and all of them, that one
 * too, take the next that nobody has begun. What is found depends on the job alone, whoever does it.
 */
export class Jobs {
  private readonly words: Int32Array;
  private readonly bytes: Buffer;
  /** The native code takes no memory that is shared. */
  private readonly own = Buffer.alloc(SIGNED_BYTES);

  constructor(readonly memory = new SharedArrayBuffer(4 * (HEADER + SLOTS) + SLOTS * SLOT_BYTES)) {
    this.words = new Int32Array(memory, 0, HEADER + SLOTS);
    this.bytes = Buffer.from(memory, this.words.byteLength);
  }

  /** The place of the next job; undefined while the one that had it is not done. */
  get free(): number | undefined {
    const slot = placeOf(Atomics.load(this.words, POSTED));
    return this.isDone(slot) ? slot : undefined;
  }

  /** How many nobody has begun. */
  get backlog(): number {
    return (Atomics.load(this.words, POSTED) - Atomics.load(this.words, BEGUN)) | 0;
  }

  /**
   * Hands out a job at the free place.
   * @throws invalid_signature unless it is 65 bytes; invalid_hex
   */
  post(digest: Hash, signature: Signature): void {
    const number = Atomics.load(this.words, POSTED);
    const slot = placeOf(number);
    writeSigned(digest, signature, this.bytes, slot * SLOT_BYTES);
    Atomics.store(this.words, HEADER + slot, WAITING);
    Atomics.store(this.words, POSTED, (number + 1) | 0);
    Atomics.notify(this.words, POSTED, 1);
  }

  isDone(slot: number): boolean {
    return Atomics.load(this.words, HEADER + slot) === DONE;
  }

  /** The address of who signed, of a job that is done; null if nobody did. */
  output(slot: number): Address | null {
    const at = slot * SLOT_BYTES + FOUND_AT;
    if (this.bytes[at] === 0) return null;
    return `0x${this.bytes.toString("hex", at + 1, at + 1 + ADDRESS_BYTES)}` as Address;
  }

  /** Does the next job; false if there is none that nobody has begun. */
  work(): boolean {
    const slot = this.claim();
    if (slot !== undefined) this.check(slot);
    return slot !== undefined;
  }

  /** Takes the next job that nobody has begun, for the calling thread to do. */
  claim(): number | undefined {
    for (;;) {
      const begun = Atomics.load(this.words, BEGUN);
      if (begun === Atomics.load(this.words, POSTED)) return undefined;
      if (Atomics.compareExchange(this.words, BEGUN, begun, (begun + 1) | 0) === begun) return placeOf(begun);
    }
  }

  /** Does jobs for ever. */
  serve(): never {
    for (;;) {
      const posted = Atomics.load(this.words, POSTED);
      while (this.work());
      Atomics.wait(this.words, POSTED, posted);
    }
  }

  /** Waits until a job is done that another thread has begun; false after `patience` milliseconds. */
  await(slot: number, patience: number): boolean {
    return Atomics.wait(this.words, HEADER + slot, WAITING, patience) !== "timed-out";
  }

  private check(slot: number): void {
    this.bytes.copy(this.own, 0, slot * SLOT_BYTES, slot * SLOT_BYTES + SIGNED_BYTES);
    const signer = recoverFrom(this.own);
    const at = slot * SLOT_BYTES + FOUND_AT;
    this.bytes[at] = signer === null ? 0 : 1;
    signer?.copy(this.bytes, at + 1);
    Atomics.store(this.words, HEADER + slot, DONE);
    Atomics.notify(this.words, HEADER + slot);
  }
}

function placeOf(number: number): number {
  return number & (SLOTS - 1);
}
