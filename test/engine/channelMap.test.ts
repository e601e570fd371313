import { expect } from "chai";
import fc from "fast-check";

import { ChannelMap, type Channel } from "../../src/engine";
import { channelId, emptyNote, emptyState, NO_FUNDS, ZERO_HASH, type Funds, type Lock } from "../../src/protocol";
import { address, hash, int128, uint } from "../protocol/arbitrary";

/** More than a map keeps as they are used. */
const MANY = 1500;

const funds: fc.Arbitrary<Funds> = fc.record({
  deposited: uint(128n),
  withdrawn: uint(128n),
  reclaimed: uint(128n),
  collateral: uint(128n),
});
const NO_LOCKS = { locked: 0n, locksExpiry: 0n, locksRoot: ZERO_HASH };

/** Channels that nothing is pending of, with or without states, notes and funds. */
const resting: fc.Arbitrary<Channel> = fc
  .record({
    key: fc.record({ system: address, user: address, token: address, epoch: uint(64n) }),
    version: uint(64n),
    state: fc.record({ net: int128, noteSeq: uint(64n), noteCredited: uint(128n), memo: hash }),
    seq: uint(64n),
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

const lock: Lock = { index: 0n, hash: ZERO_HASH, amount: 1n, expiry: 9n };
const closing = (id: Channel["id"]) => ({ channelId: id, net: -5n, deadline: 7n });

/** Any at all. */
const any = fc
  .tuple(resting, fc.constantFrom("resting", "settled", "frozen", "locked", "owed", "closing"))
  .map(([channel, kind]): Channel => {
    if (kind === "settled") return { ...channel, status: "settled" };
    if (kind === "frozen") {
      return {
        ...channel,
        status: "frozen",
        freeze: { isOwn: true, until: 5n, transaction: null, shown: null, lost: null },
      };
    }
    if (kind === "locked") return { ...channel, outgoing: [lock] };
    if (kind === "owed") return { ...channel, incoming: [lock] };
    return kind === "closing" ? { ...channel, closing: closing(channel.id) } : channel;
  });

describe("ChannelMap", () => {
  it("gives back every channel as it was set, however many were set since", () => {
    const wanted = new Map<string, Channel>();
    const map = new ChannelMap();
    for (const channel of fc.sample(any, MANY)) {
      wanted.set(channel.id, channel);
      map.set(channel);
    }
    expect(map.size).to.equal(wanted.size);
    expect([...map.keys()]).to.have.members([...wanted.keys()]);
    expect([...map.values()]).to.have.deep.members([...wanted.values()]);
    for (const channel of wanted.values()) expect(map.get(channel.id)).to.deep.equal(channel);
    expect(map.get(channelId({ ...[...wanted.values()][0]!.key, epoch: 77n }))).to.equal(undefined);
  });

  it("has the channel that was set last", () => {
    fc.assert(
      fc.property(resting, uint(128n), (channel, credited) => {
        const map = new ChannelMap();
        map.set(channel);
        const later = { ...channel, note: { ...channel.note, seq: 5n, credited } };
        map.set(later);
        expect([map.size, map.get(channel.id), [...map.values()]]).to.deep.equal([1, later, [later]]);
      }),
    );
  });

  it("is apart from the one that it was made as, and tells which channels are the same in both", () => {
    fc.assert(
      fc.property(any, any, (one, other) => {
        fc.pre(one.id !== other.id);
        const map = new ChannelMap();
        map.set(one);
        const copy = new ChannelMap(map);
        map.set(other);
        expect([copy.get(one.id), copy.get(other.id)]).to.deep.equal([one, undefined]);
        expect([map.isSame(one.id, copy), map.isSame(other.id, copy)]).to.deep.equal([true, false]);
        map.set({ ...one, key: { ...one.key, epoch: one.key.epoch ^ 1n } });
        expect(map.isSame(one.id, copy)).to.equal(false);
      }),
    );
  });
});
