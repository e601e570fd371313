import type { Random } from "../../../scripts/torture/random";
import { StarledgerError } from "../../../src/errors";
import {
  channelId,
  digest,
  domainSeparator,
  hashInvoice,
  hashNote,
  hashState,
  sign,
  type AssetSettings,
  type ChannelId,
  type ChannelKey,
  type Hash,
  type Hex,
  type Invoice,
  type Note,
  type Route,
} from "../../../src/protocol";
import type { Completed, HeldNote, SignedState } from "../../../src/sdk";
import { pick } from "../pick";
import type { System } from "../system";

const MANNERS = ["honest", "honest", "honest", "silent", "deaf", "denies", "refuses"] as const;
/** What a system may say though it is not so. */
const EXCUSES = ["insufficient_balance", "unknown_account", "stale_version", "equivocation", "overloaded"] as const;

/** A state that a user has signed; one that outdates all others comes without its operations. */
type Countersigned = Pick<SignedState, "proposal" | "signature"> & Partial<SignedState>;

/** A system that has turned against one of its users: what it tells that user is whatever it likes. */
export class Treason {
  /** What it was given to sign and has signed, whatever it said of it: of one version there may be many. */
  readonly completed: Completed[] = [];
  private readonly forgeries = new Set<Hash>();
  private readonly forgedRoutes = new Set<Hex>();
  private readonly nextEpoch: ChannelId;

  constructor(
    private readonly system: System,
    channel: ChannelKey,
    private readonly random: Random,
  ) {
    this.nextEpoch = channelId({ ...channel, epoch: channel.epoch + 1n });
  }

  /** What the user hears of a question; `ask` puts it to the service as it is. */
  answer(name: string, request: unknown, ask: () => Promise<unknown> | undefined): Promise<unknown> | undefined {
    if (name === "submitState" || name === "complete") this.countersign(request as Countersigned);
    const manner = pick(MANNERS, this.random);
    if (manner === "honest") return name === "findRoute" ? this.misled(ask()) : ask();
    if (manner === "deaf") return undefined;
    const done = manner === "refuses" ? Promise.resolve() : ask();
    if (manner === "silent") return done?.then(() => new Promise(() => undefined));
    const refuse = (): never => {
      throw new StarledgerError(pick(EXCUSES, this.random));
    };
    return done?.then(refuse, refuse);
  }

  /** Whether it withholds a note. */
  withholds(): boolean {
    return this.random.chance(0.3);
  }

  /** A note on top of the one that the user holds, that no user may believe (U5, U6). */
  forge({ note, locks }: HeldNote, asset: AssetSettings, now: bigint): HeldNote {
    const amount = BigInt(this.random.between(1, 50));
    const next: Note = { ...note, seq: note.seq + BigInt(this.random.between(1, 5)) };
    const far = now + 2n * asset.lockLimit;
    const lies = [
      ...(note.credited < amount ? [] : [() => this.signed({ ...next, credited: note.credited - amount }, locks)]),
      () => this.signed({ ...next, credited: note.credited + amount, locksRoot: note.memo }, locks),
      () => this.signed({ ...next, credited: note.credited + amount, locked: note.locked + amount }, locks),
      () => this.signed({ ...next, credited: note.credited + amount, locksExpiry: far }, locks),
      () => this.signed({ ...next, channelId: this.nextEpoch, credited: note.credited + amount }, locks),
      () => this.signed({ ...next, credited: note.credited + amount }, locks, this.system.terms.key),
    ];
    const forged = pick(lies, this.random)();
    this.forgeries.add(hashNote(forged.note));
    return forged;
  }

  /** A way to another system that leads elsewhere, as often as not. */
  private misled(found: Promise<unknown> | undefined): Promise<unknown> | undefined {
    return found?.then((route) => (this.random.chance(0.5) ? route : this.forgeRoute(route as Route)));
  }

  private forgeRoute({ invoice }: Route): Route {
    const lies: Partial<Invoice>[] = [
      { amount: invoice.amount + 1n },
      { memo: invoice.hash },
      { token: invoice.account },
      { account: invoice.token },
    ];
    const forged = { ...invoice, ...pick(lies, this.random) };
    // Of whom the wallet is to lock for the memo says nothing: that is signed by nobody whom the wallet believes.
    const { signerKey, key: another } = this.system.terms;
    const key = forged.account === invoice.account ? signerKey : another;
    const signature = sign(digest(domainSeparator(this.system.domain), hashInvoice(forged)), key);
    this.forgedRoutes.add(signature);
    return { invoice: forged, signature };
  }

  isForgedRoute({ signature }: Route): boolean {
    return this.forgedRoutes.has(signature);
  }

  isForged({ note }: HeldNote): boolean {
    return this.forgeries.has(hashNote(note));
  }

  private signed(note: Note, locks: HeldNote["locks"], key = this.system.terms.signerKey): HeldNote {
    const signature = sign(digest(domainSeparator(this.system.domain), hashNote(note)), key);
    return { note, locks, signed: { signature, proof: [] } };
  }

  private countersign({ proposal: state, operations = [], signature }: Countersigned): void {
    const signed = sign(digest(domainSeparator(this.system.domain), hashState(state)), this.system.terms.signerKey);
    this.completed.push({ state, operations, locks: [], signature, systemSignature: { signature: signed, proof: [] } });
  }
}
