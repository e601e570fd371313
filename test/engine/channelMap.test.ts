import { expect } from "chai";
import fc from "fast-check";

import { ChannelMap, type Channel } from "../../src/engine";
import { channelId } from "../../src/protocol";
import { uint } from "../protocol/arbitrary";
import { anyChannel, restingChannel } from "./helpers/arbitraryChannel";

/** More than a map keeps as they are used. */
const MANY = 5000;

const [resting, any] = [restingChannel(), anyChannel()];

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
