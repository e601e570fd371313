import { encodeSystemClose } from "../../../src/chain/dispute";
import {
  channelId,
  digest,
  domainSeparator,
  emptyNote,
  emptyState,
  hashClose,
  hashNote,
  hashState,
  maximum,
  sign,
  ZERO_HASH,
  type ChannelKey,
  type Domain,
  type Hash,
  type Hex,
} from "../../../src/protocol";
import { closeCall } from "../../../src/sdk/chain/disputeCalls";
import type { Transaction } from "../../../src/sdk/signers";
import type { Completed, HeldNote, StoreRecord } from "../../../src/sdk";
import type { Random } from "../../../scripts/torture/random";
import { pick } from "../pick";

/** A number that no note comes to by itself. */
const FAR = 1n << 40n;

/** All that a user ever held complete: what it can close with, however old. */
export class Past {
  private readonly states: Completed[] = [];
  private readonly notes: HeldNote[] = [];
  private readonly secrets: Hash[] = [];

  remember(record: StoreRecord): void {
    if (record.type === "completed" || record.type === "resynchronised") this.states.push(record.completed);
    if (record.type === "received") this.notes.push(record.held);
    if (record.type === "invoiced") this.secrets.push(record.own.preimage);
  }

  /** Its last complete state. */
  get version(): bigint {
    return this.states.at(-1)?.state.version ?? 0n;
  }

  /** A close by the user with what pays it the most or, as often, with anything. */
  closeByUser(hub: Domain["hub"], channel: ChannelKey, deadline: bigint, random: Random): Transaction {
    const states = [undefined, ...this.states];
    const pairs = states.flatMap((completed) => [undefined, ...this.notes].map((held) => ({ completed, held })));
    const best = pairs.reduce((one, other) => (worthOf(one) < worthOf(other) ? other : one));
    const shown = random.chance(0.5) ? best : pairs[random.between(0, pairs.length - 1)]!;
    return closeCall(hub, { channel, ...shown, humble: random.chance(0.3), fee: 0n, deadline });
  }

  /** The most that it can get for any of that, whatever is promised in it included. */
  get most(): bigint {
    const states = [undefined, ...this.states];
    const pairs = states.flatMap((completed) => [undefined, ...this.notes].map((held) => ({ completed, held })));
    return pairs.map((pair) => worthOf(pair) + (pair.held?.note.locked ?? 0n)).reduce(maximum);
  }

  /** The secrets of its invoices, the newest last. */
  get preimages(): readonly Hash[] {
    return this.secrets;
  }

  /**
   * A close by the system with a state of the user's that may be old, and a note that may be old, or made for this; anybody may
   * send it.
   * @param hidden states of the user's that the system has, and the user may not know to be complete
   */
  closeBySystem({ domain, key, signerKey, deadline, hidden }: Accusation, random: Random): Transaction {
    const id = channelId(key);
    const states = [...this.states, ...hidden];
    const place = random.between(0, states.length);
    const { state, signature: userSignature } = states[place] ?? { state: emptyState(id), signature: undefined };
    const [none, held] = [emptyNote(id), this.notes[random.between(0, this.notes.length - 1)]];
    const made = { ...none, seq: FAR + BigInt(random.between(0, 10)), credited: BigInt(random.between(0, 500)) };
    const note = pick([none, made, held?.note ?? none], random);
    const noteHash = note.seq === 0n ? ZERO_HASH : hashNote(note);
    const order = { channelId: id, party: key.system, stateHash: hashState(state), noteHash, humble: false, deadline };
    const signature = sign(digest(domainSeparator(domain), hashClose(order)), signerKey);
    return {
      to: domain.hub,
      data: encodeSystemClose({ key, state, userSignature, note, deadline, signature }),
      value: 0n,
    };
  }
}

/** What a system closes by. */
interface Accusation {
  readonly domain: Domain;
  readonly key: ChannelKey;
  readonly signerKey: Hex;
  readonly deadline: bigint;
  readonly hidden: readonly Completed[];
}

interface Shown {
  readonly completed: Completed | undefined;
  readonly held: HeldNote | undefined;
}

function worthOf({ completed, held }: Shown): bigint {
  const { net, noteSeq, noteCredited } = completed?.state ?? { net: 0n, noteSeq: 0n, noteCredited: 0n };
  const { seq, credited } = held?.note ?? { seq: 0n, credited: 0n };
  return net + (seq > noteSeq ? credited - noteCredited : 0n);
}
