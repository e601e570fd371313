import { channelId, type ChannelKey, type CompleteState, type Hash, type Signature } from "../../protocol";
import type { HeldNote, OwnClosing, StoreRecord } from "../store";
import { recall } from "../wallet/memory";

/** What a user holds of its channel: all that it needs to leave. */
export interface Evidence {
  readonly channel: ChannelKey;
  /** The latest complete state; undefined for version 0. */
  readonly completed: CompleteState | undefined;
  /** The best note, with its pending locks, the leaves of its tree in their order; undefined for none. */
  readonly held: HeldNote | undefined;
  /** The preimages of those locks that may be claimed. */
  readonly preimages: readonly Hash[];
  /** The last cooperative closing that U signed, with S's signature if it came: until it lapses nothing else closes (S8). */
  readonly agreement: (OwnClosing & { readonly systemSignature?: Signature }) | undefined;
  /** U may have signed newer states than these: only a humble close cannot be taken for a cheat (U3). */
  readonly mayBeBehind: boolean;
}

/**
 * What a store's records hold of a channel.
 * @param records of all channels: a store that is behind in one may be behind in each
 */
export function evidenceOf(channel: ChannelKey, records: readonly StoreRecord[]): Evidence {
  const memory = recall(channelId(channel), records);
  const { completed, held, agreeing } = memory;
  const { released, revealed, invoices } = memory.locks;
  const preimages = (held?.locks ?? []).flatMap(({ hash, amount }) => {
    const own = invoices.get(hash);
    // Whoever pays less than was asked for gets no receipt; what was given up is the payer's again.
    const isOurs = own !== undefined && !released.has(hash) && (revealed.has(hash) || amount >= own.invoice.amount);
    return isOurs ? [own.preimage] : [];
  });
  return {
    channel,
    completed: completed && {
      state: completed.state,
      userSignature: completed.signature,
      systemSignature: completed.systemSignature,
    },
    held,
    preimages,
    agreement: agreeing,
    mayBeBehind: memory.isLost || memory.mayBeBehind || records.some(isBehind),
  };
}

function isBehind({ type }: StoreRecord): boolean {
  return type === "restored" || type === "adopted";
}
