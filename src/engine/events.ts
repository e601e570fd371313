import { ZERO_HASH, type Address, type ChannelId, type FeeSchedule, type Hash } from "../protocol";
import type { AccountTerms, Asset, Custody, Limits, PauseCause } from "./records";

/**
 * The system's own side of the books; customers' accounts are named by their address. `locked` is customers' money that
 * waits for a preimage, `fees` what S earned, `restored` what the books were found to be short of after a loss of data.
 */
export type ContraAccount =
  "issued" | "deposited" | "withdrawn" | "redeemed" | "settled" | "locked" | "fees" | "restored";

export type LedgerAccount = Address | ContraAccount;

/** What was signed where: absent in what an older program wrote. */
interface InState {
  readonly channelId?: ChannelId;
  /** The payer's state. */
  readonly version?: bigint;
}

/** Everything that can happen, with what each says besides what all say. */
export interface EventData {
  readonly "account.opened": { readonly custody: Custody; readonly tokens: readonly Address[] };
  /** Its channels of these tokens were opened later. */
  readonly "account.tokensAdded": { readonly tokens: readonly Address[] };
  readonly "account.frozen": Readonly<Record<string, never>>;
  readonly "account.unfrozen": Readonly<Record<string, never>>;
  readonly "account.closed": Readonly<Record<string, never>>;
  readonly "asset.added": Pick<Asset, "decimals" | "settings" | "allotment" | "limit">;
  readonly "asset.limitChanged": { readonly limit: bigint; readonly before: bigint };
  readonly "asset.feesChanged": { readonly fees: FeeSchedule };
  readonly "asset.limitsChanged": { readonly limits: Limits };
  /** Nothing new is promised in it until the operator says so. */
  readonly "asset.paused": { readonly cause: PauseCause };
  readonly "asset.resumed": Readonly<Record<string, never>>;
  readonly "account.termsChanged": Pick<AccountTerms, "feesWaived" | "limits">;
  /** The reference of all that concerns an invoice is its hash. What is promised and paid under it the payment says. */
  readonly "invoice.created": { readonly amount: bigint; readonly expiry: bigint; readonly hold: boolean };
  readonly "invoice.cancelled": Readonly<Record<string, never>>;
  readonly "invoice.expired": Readonly<Record<string, never>>;
  readonly "money.issued": { readonly channelId?: ChannelId; readonly seq?: bigint };
  readonly "money.transferred": InState;
  readonly "money.redeemed": InState;
  /** Back to the payer; the reference names the payment. */
  readonly "money.refunded": InState & {
    /** Of the payer's note, where it was redeemed. */
    readonly seq?: bigint;
    /** The payee's own mark on the refund. */
    readonly mark: Hash;
  };
  /** From the payer to `locked`; the party is the payee. The reference of all that concerns the lock is its hash. */
  readonly "payment.locked": InState & {
    readonly fee?: bigint;
    /** Unix seconds: the payer's lock, and the payee's. */
    readonly expiry?: bigint;
    readonly payeeExpiry?: bigint;
    /** The payer's own mark on the payment. */
    readonly mark?: Hash;
  };
  /** From `locked` to the payee; the party is the payer, whom the preimage is a receipt. */
  readonly "payment.settled": { readonly preimage?: Hash };
  /** The payee's channel is being closed: the hub pays what it was just given. */
  readonly "payment.leftToChain": { readonly channelId?: ChannelId };
  /** The payee, the party, will not be paid: it gave the lock up, or the lock has expired. */
  readonly "payment.failed": { readonly reason: "released" | "expired"; readonly amount: bigint };
  /** From `locked` back to the payer; the party is the payee. */
  readonly "payment.returned": InState;
  /** To `fees`; from `locked` the party is the payer. */
  readonly "fee.charged": Readonly<Record<string, never>>;
  readonly "deposit.credited": { readonly channelId?: ChannelId };
  /** The reference of all that concerns a withdrawal or closing is its struct hash. */
  readonly "withdrawal.signed": {
    readonly channelId: ChannelId;
    readonly amount: bigint;
    /** What the system kept of it, where it did. */
    readonly fee?: bigint;
    /** Totals of the channel afterwards. */
    readonly withdrawn: bigint;
    readonly reclaimed: bigint;
    readonly recipient: Address;
    readonly deadline: bigint;
  };
  readonly "withdrawal.settled": { readonly channelId?: ChannelId };
  readonly "withdrawal.expired": { readonly channelId: ChannelId };
  readonly "closing.signed": { readonly channelId: ChannelId; readonly net: bigint; readonly deadline: bigint };
  readonly "closing.expired": { readonly channelId: ChannelId };
  readonly "channel.frozen": { readonly channelId: ChannelId };
  /** The chain shows that it is being closed; that may still be undone. */
  readonly "channel.closing": {
    readonly channelId: ChannelId;
    readonly transaction: Hash;
    readonly by: "user" | "system";
    readonly humble: boolean;
    readonly version: bigint;
    /** Unix seconds. */
    readonly challengeEnd: bigint;
  };
  /** A newer state stands, for good. */
  readonly "channel.challenged": {
    readonly channelId: ChannelId;
    readonly transaction: Hash;
    readonly version: bigint;
  };
  /** The user was proven to have cheated, and forfeits what the channel held. */
  readonly "channel.penalised": { readonly channelId: ChannelId; readonly transaction: Hash };
  /** S has lost data: nothing is signed for accounts in the token before each is resynchronised (S7). */
  readonly "asset.dataLost": { readonly until: bigint };
  /** From `restored` to the user, or back: what the books did not know. The state and the note that outdate all others. */
  readonly "channel.resynchronised": {
    readonly channelId: ChannelId;
    readonly version: bigint;
    readonly seq: bigint;
  };
  /** The close was undone, or never mined, and can not be any more. */
  readonly "channel.unfrozen": { readonly channelId: ChannelId };
  /** The epoch is over: what the channel still had is the chain's affair. */
  readonly "channel.settled": { readonly channelId?: ChannelId };
  /** Its receiver took nothing after the event `position` for so long that it is told nothing more. */
  readonly "webhook.givenUp": { readonly webhook: string; readonly position: bigint };
}

export type EventType = keyof EventData;

/** What every event says. With an amount it is an entry of the journal: `amount` goes from `account` to `counterparty`. */
interface Facts {
  readonly account: LedgerAccount | null;
  readonly counterparty: LedgerAccount | null;
  /** Whom it concerns besides. */
  readonly party: Address | null;
  readonly token: Address | null;
  /** Base units. */
  readonly amount: bigint | null;
  /** {@link ZERO_HASH} for none. */
  readonly reference: Hash;
}

/** Something that happens in a commit; it is true when the commit is. */
export type NewEvent<Type extends EventType = EventType> = {
  [T in Type]: Facts & { readonly type: T; readonly data: EventData[T] };
}[Type];

/** An event of a system's log. */
export type LedgerEvent<Type extends EventType = EventType> = NewEvent<Type> & {
  readonly system: Address;
  /** From 1 on, without gaps. */
  readonly number: bigint;
  readonly commit: bigint;
  /** Unix milliseconds. */
  readonly time: number;
};

/** Something that happened, and moved no money. */
export function fact<Type extends EventType>(type: Type, data: EventData[Type], facts: Partial<Facts>): NewEvent {
  const { account = null, counterparty = null, party = null, token = null, amount = null } = facts;
  const { reference = ZERO_HASH } = facts;
  return { type, data, account, counterparty, party, token, amount, reference } as NewEvent;
}

/** An entry of the journal: who loses the money, who gets it, and what is known besides. */
export interface Entry {
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  readonly amount: bigint;
  readonly reference?: Hash;
  readonly party?: Address;
}

/** Money that moved. */
export function entry<Type extends EventType>(
  type: Type,
  { token }: Pick<Asset, "token">,
  { from: account, to: counterparty, amount, reference = ZERO_HASH, party }: Entry,
  data: EventData[Type],
): NewEvent {
  return { type, data, account, counterparty, party: party ?? null, token, amount, reference } as NewEvent;
}
