import { step, type Batch, type Command, type Context, type EventType } from "../engine";
import { fail } from "../errors";
import type { Address } from "../protocol";
import { toJson } from "../protocol/json";
import type { StoredReply } from "../store";
import type { SpendingBook } from "./budgets";
import { compose, type Composer } from "./compose";
import { movedBy } from "./movement";
import type { Waiting } from "./requestQueue";
import type { Reply } from "./requests";
import { fingerprintOf, isConsent, leafIndex, subjectOf } from "./subjects";

/** What a reply names the event of. */
const MONEY = new Set<EventType>([
  "payment.locked",
  "money.issued",
  "money.transferred",
  "money.redeemed",
  "money.refunded",
]);

/** A request that its step accepted, waiting for the commit to be durable. */
export interface Accepted {
  readonly waiting: Waiting;
  readonly reply: Omit<Reply, "commit">;
  readonly stateLeaf: number | null;
  readonly consentIndex: number | null;
}

/** What a group's requests are carried out with. */
export interface GroupParts {
  readonly system: Address;
  readonly batch: Batch;
  readonly composer: Composer;
  readonly context: Context;
  /** The numbers of the commit and of its first event. */
  readonly commit: bigint;
  readonly firstEvent: bigint;
  /** What was answered before, by idempotency key; what this group answers comes to it. */
  readonly known: Map<string, StoredReply>;
  readonly spending: SpendingBook;
}

/** The requests of one commit. */
export class Group {
  /** What goes into the commit. */
  readonly accepted: Accepted[] = [];
  /** What was answered before. */
  readonly again: { readonly waiting: Waiting; readonly reply: StoredReply }[] = [];
  readonly replies: StoredReply[] = [];
  /** What was refused, perhaps for what others of the group do: nobody hears of that before it is durable. */
  readonly refused: { readonly waiting: Waiting; readonly error: unknown }[] = [];

  constructor(private readonly parts: GroupParts) {}

  /** Carries out a request in the batch, or refuses it. */
  add(waiting: Waiting): void {
    try {
      const { key } = waiting;
      if (key === undefined) this.accepted.push(this.carryOut(waiting));
      else this.addKeyed(waiting, key);
    } catch (error) {
      this.refused.push({ waiting, error });
    }
  }

  private addKeyed(waiting: Waiting, key: string): void {
    const { system, known, commit } = this.parts;
    const fingerprint = fingerprintOf(waiting.request);
    const before = known.get(key);
    if (before !== undefined) {
      // What another system was asked is never the same: it is of another account.
      if (before.system !== system || before.fingerprint !== fingerprint) fail("idempotency_conflict");
      this.again.push({ waiting, reply: before });
      return;
    }
    const done = this.carryOut(waiting);
    const stored = { system, key, fingerprint, reply: toJson({ ...done.reply, commit }) };
    known.set(key, stored);
    this.accepted.push(done);
    this.replies.push(stored);
  }

  private carryOut(waiting: Waiting): Accepted {
    const { batch, composer, context, spending } = this.parts;
    const { request, budgets } = waiting;
    const command = compose(batch, request, composer, waiting.signer);
    const charged = spending.charge(movedBy(request, command, batch), budgets, context.now);
    const done = { waiting, ...this.apply(command) };
    spending.add(charged);
    return done;
  }

  private apply(command: Command): Omit<Accepted, "waiting"> {
    const { batch, context, firstEvent } = this.parts;
    const changes = step(batch, command, context);
    const stateLeaf = leafIndex(command, changes, batch.states.length);
    const consentIndex = isConsent(command) ? (changes.consents ? batch.consents.length : -1) : null;
    const told = changes.events?.findIndex(({ type }) => MONEY.has(type)) ?? -1;
    const subject = subjectOf(command);
    const reply = told < 0 ? subject : { event: firstEvent + BigInt(batch.events.length + told), ...subject };
    batch.apply(changes);
    return { reply, stateLeaf, consentIndex };
  }
}
