import fc from "fast-check";

import type { Channel } from "../../../src/engine";
import {
  channelId,
  emptyNote,
  emptyState,
  lockSummary,
  NO_FUNDS,
  ZERO_HASH,
  type Address,
  type Funds,
  type Lock,
} from "../../../src/protocol";
import { address, hash, int128, uint } from "../../protocol/arbitrary";

const funds: fc.Arbitrary<Funds> = fc.record({
  deposited: uint(128n),
  withdrawn: uint(128n),
  reclaimed: uint(128n),
  collateral: uint(128n),
});
const NO_LOCKS = { locked: 0n, locksExpiry: 0n, locksRoot: ZERO_HASH };

/**
 * Channels that nothing is pending of, with or without states, notes and funds.
 * @param bits of versions and numbers: a database's whole numbers have a bit less than the protocol's
 */
export function restingChannel(system: fc.Arbitrary<Address> = address, bits = 64n): fc.Arbitrary<Channel> {
  return fc
    .record({
      key: fc.record({ system, user: address, token: address, epoch: uint(bits) }),
      version: uint(bits),
      state: fc.record({ net: int128, noteSeq: uint(bits), noteCredited: uint(128n), memo: hash }),
      seq: uint(bits),
      note: fc.record({ credited: uint(128n), memo: hash }),
      funds: fc.oneof(fc.constant(NO_FUNDS), funds),
    })
    .map(({ key, version, state, seq, note, funds }) => {
      const id = channelId(key);
      return {
        id,
        key,
        status: "open",
        funds,
        state: version === 0n ? emptyState(id) : { channelId: id, version, ...state, ...NO_LOCKS },
        note: seq === 0n ? emptyNote(id) : { channelId: id, seq, ...note, ...NO_LOCKS },
        outgoing: [],
        incoming: [],
        pending: null,
        closing: null,
        freeze: null,
      };
    });
}

const lock: Lock = { index: 0n, hash: ZERO_HASH, amount: 1n, expiry: 9n };
const closing = (id: Channel["id"]) => ({ channelId: id, net: -5n, deadline: 7n });

/** Any at all; those with locks have them in a state and a note. */
export function anyChannel(system?: fc.Arbitrary<Address>, bits?: bigint): fc.Arbitrary<Channel> {
  return fc
    .tuple(restingChannel(system, bits), fc.constantFrom("resting", "settled", "frozen", "locked", "owed", "closing"))
    .map(([channel, kind]): Channel => {
      const { state, note } = channel;
      if (kind === "settled") return { ...channel, status: "settled" };
      if (kind === "frozen") {
        return {
          ...channel,
          status: "frozen",
          freeze: { isOwn: true, until: 5n, transaction: null, shown: null, forGood: false, unread: false, lost: null },
        };
      }
      if (kind === "locked") {
        return { ...channel, state: { ...state, version: 1n, ...lockSummary([lock]) }, outgoing: [lock] };
      }
      if (kind === "owed") return { ...channel, note: { ...note, seq: 1n, ...lockSummary([lock]) }, incoming: [lock] };
      return kind === "closing" ? { ...channel, closing: closing(channel.id) } : channel;
    });
}
