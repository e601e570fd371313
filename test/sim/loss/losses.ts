import type { LedgerEvent } from "../../../src/engine";
import type { Address, ChannelId, Hash, Lock } from "../../../src/protocol";
import type { AccountService } from "../../../src/service";
import { Violation } from "../violation";
import { laterOf, type Holding, type Kept } from "./holding";

/** What an account's channel was worth when it began anew, deposits and withdrawals aside. */
export interface Beginning {
  /** The event by which it did: what came before it is in the worth, what comes after is not. */
  readonly event: bigint;
  readonly worth: bigint;
}

/** When a preimage was registered, in Unix seconds; 0 if it was not. */
export type RegisteredAt = (hash: Hash) => Promise<bigint>;

/** What a user's file holds; undefined of one whose key the service keeps. */
export type KeptBy = (user: Address) => Kept | undefined;

/** Versions per second of the time at which somebody begins anew (ADR 15). */
const PACE = 2n ** 30n;
const ALL = Number.MAX_SAFE_INTEGER;

/** The losses of data of a service, and what must follow from them (S7, ADR 15). */
export class Losses {
  /** How many there were. */
  count = 0;
  /** What was begun anew since the last. */
  readonly begun = new Map<Address, Beginning>();
  /** The channels as the books had them when they were restored. */
  private readonly restored = new Map<ChannelId, Holding>();
  private isStarted = true;
  private read = 0n;
  private until = 0n;

  /**
   * Every channel that it had signed for is to begin anew.
   * @param lastEvent what is left of the log ends with it
   * @param until Unix seconds: what was signed before the loss can be sent so long
   */
  lose(lastEvent: bigint, until: bigint): void {
    this.until = until;
    this.count += 1;
    this.begun.clear();
    this.restored.clear();
    this.isStarted = false;
    this.read = lastEvent;
  }

  /** To be called when the service has started: the first time after a loss it shows what it has left. */
  started(service: AccountService): void {
    if (this.isStarted) return;
    this.isStarted = true;
    for (const { id, status, state, outgoing, note, incoming } of service.channels()) {
      if (status !== "settled") this.restored.set(id, { state, outgoing, note, incoming });
    }
  }

  /** Whether some channels have yet to begin anew. */
  get isOpen(): boolean {
    return !this.isStarted || this.begun.size < this.restored.size;
  }

  /**
   * Whoever has begun anew did so with what the later ones of both sides' states and notes were worth: nothing that a user held is lost,
   * and nothing is paid that nobody held.
   * @throws Violation
   */
  async requireBegun(service: AccountService, keptBy: KeptBy, registeredAt: RegisteredAt): Promise<void> {
    if (this.count === 0 || !this.isOpen) return;
    const { read: after } = this;
    for (const event of await service.events({ after, types: ["channel.resynchronised"], limit: ALL })) {
      this.read = event.number;
      if (event.type === "channel.resynchronised") await this.begins(service, event, keptBy, registeredAt);
    }
  }

  private async begins(
    service: AccountService,
    { number, data: { channelId: id, version, seq } }: LedgerEvent<"channel.resynchronised">,
    keptBy: KeptBy,
    registeredAt: RegisteredAt,
  ): Promise<void> {
    const { user } = service.channel(id)!.key;
    const restored = this.restored.get(id);
    if (restored === undefined) throw new Violation(`S7: ${user} begins a channel anew that was not restored`);
    const held = keptBy(user)?.before(version, seq);
    const best = held === undefined ? restored : laterOf(held, restored);
    const time = version / PACE;
    for (const end of [this.until, ...best.outgoing.map(endOf), ...countingOf(best).map(endOf)]) {
      if (time <= end) throw new Violation(`S7: ${user} begins anew at ${time}, not after ${end}`);
    }
    const { net } = (await service.signatures.completeState(id, version))!.state;
    const settled = await service.events({ types: ["payment.settled"], limit: ALL });
    const isPaidBy = async (lock: Lock): Promise<boolean> => {
      const isKnown = restored.outgoing.some(({ index, hash }) => index === lock.index && hash === lock.hash);
      if (!isKnown) return await isInTime(lock, registeredAt);
      return settled.some(({ reference, party }) => reference === lock.hash && party === user);
    };
    const worth = await worthOf(best, { isPaidBy, isPaid: (lock) => isInTime(lock, registeredAt) });
    if (net !== worth) throw new Violation(`S7: ${user} begins anew with ${net}, not ${worth}`);
    this.begun.set(user, { event: number, worth });
  }
}

/** Of what is locked that counts which is paid. */
async function worthOf(
  holding: Holding,
  { isPaidBy, isPaid }: Readonly<Record<"isPaidBy" | "isPaid", (lock: Lock) => Promise<boolean>>>,
): Promise<bigint> {
  const { state, outgoing, note } = holding;
  const { net, noteSeq, noteCredited } = state ?? { net: 0n, noteSeq: 0n, noteCredited: 0n };
  let worth = net;
  for (const lock of outgoing) if (await isPaidBy(lock)) worth -= lock.amount;
  for (const lock of countingOf(holding)) if (await isPaid(lock)) worth += lock.amount;
  return note === undefined || note.seq < noteSeq ? worth : worth + note.credited - noteCredited;
}

/** A state that has folded a newer note leaves nothing of an older one. */
function countingOf({ state, note, incoming }: Holding): readonly Lock[] {
  return (note?.seq ?? 0n) < (state?.noteSeq ?? 0n) ? [] : incoming;
}

function endOf({ expiry }: Lock): bigint {
  return expiry;
}

async function isInTime({ hash, expiry }: Lock, registeredAt: RegisteredAt): Promise<boolean> {
  const time = await registeredAt(hash);
  return time > 0n && time < expiry;
}
