import { expect } from "chai";
import fc from "fast-check";

import { Batch, Ledger, type Channel, type CompletedState, type IssuedNote } from "../../src/engine";
import {
  addLock,
  hashNote,
  hashState,
  keccakText,
  lockSummary,
  toHex,
  withoutLock,
  type Lock,
  type Signature,
} from "../../src/protocol";
import { loadLedger } from "../../src/service/loadLedger";
import { channelRows } from "../../src/store";
import { anyChannel, restingChannel } from "../engine/helpers/arbitraryChannel";
import { emptyCommit } from "../helpers/commits";
import { openTestStore, type TestDatabase } from "../helpers/databases";
import { SYSTEM } from "../helpers/service";

/** More than are read at once. */
const MANY = 2_500;
const SIGNATURE = toHex(Buffer.alloc(65, 1)) as Signature;

/** What a start reads of channels, on every store. */
export function channelSuite(database: TestDatabase): void {
  it("are in the ledger of a start as they were committed: at rest, with locks, frozen, closing, without those settled", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    const channels = fc.sample(anyChannel(fc.constant(SYSTEM), 63n), MANY);
    const batch = new Batch(new Ledger());
    batch.apply({ channels, states: channels.flatMap(stateOf), notes: channels.flatMap(noteOf) });
    const lease = await store.leases.lead(SYSTEM);
    const rows = channelRows(() => undefined, channels);
    await store.prepare({
      ...emptyCommit(SYSTEM, 1n),
      changes: batch.changes(),
      origins: batch.origins,
      channelRows: rows,
    })(lease);
    await lease.release();

    const ledger = await loadLedger(store, SYSTEM);
    const kept = channels.filter(({ status }) => status !== "settled");
    expect([...ledger.channels.values()]).to.have.deep.members(kept);
    const waiting = kept.filter(({ status, closing }) => status === "frozen" || closing !== null);
    expect([...ledger.waiting]).to.have.members(waiting.map(({ id }) => id));
    for (const channel of kept.slice(0, 100)) {
      const { system, user, token } = channel.key;
      expect(ledger.channelOf(system, user, token)).to.deep.equal(channel);
    }
  });

  it("with many locks are stored by pages, of which a commit writes those that it changes", async function () {
    const url = await database.fresh(this);
    const store = await openTestStore(this, url);
    const [empty] = fc.sample(restingChannel(fc.constant(SYSTEM), 60n), 1) as [Channel];
    const lease = await store.leases.lead(SYSTEM);
    let [ledger, id] = [new Ledger(), 0n];
    /** Carries on from what a start has, and returns which pages that wrote. */
    const commit = async (outgoing: readonly Lock[], incoming: readonly Lock[]): Promise<string[]> => {
      id += 1n;
      const channel: Channel = {
        ...empty,
        state: { ...empty.state, version: id, ...lockSummary(outgoing) },
        note: { ...empty.note, seq: id, ...lockSummary(incoming) },
        ...{ outgoing, incoming },
      };
      const batch = new Batch(ledger);
      batch.apply({ channels: [channel], states: stateOf(channel), notes: noteOf(channel) });
      const changes = batch.changes();
      const rows = channelRows((one) => ledger.channel(one), changes.channels);
      await store.prepare({ ...emptyCommit(SYSTEM, id), changes, origins: batch.origins, channelRows: rows })(lease);
      ledger = await loadLedger(store, SYSTEM);
      expect(ledger.channel(channel.id)).to.deep.equal(channel);
      return rows.lockPages.map(({ side, page }) => `${side} ${page}`).sort();
    };
    const lockAt = (index: number, amount = 1n): Lock => {
      return { index: BigInt(index), hash: keccakText(`lock ${index}`), amount, expiry: 2n ** 62n };
    };
    const many = Array.from({ length: 200 }, (_, i) => lockAt(i));
    expect(await commit(many.slice(0, 64), [])).to.deep.equal([]);
    expect(await commit(many, many.slice(60, 70))).to.deep.equal([
      "incoming 1",
      "outgoing 1",
      "outgoing 2",
      "outgoing 3",
    ]);
    const now = () => ledger.channel(empty.id)!;
    // Of places that are free, the lowest is taken first.
    expect(await commit(addLock(withoutLock(now().outgoing, 5n), lockAt(5, 7n)), now().incoming)).to.deep.equal([]);
    expect(await commit(withoutLock(now().outgoing, 64n), addLock(now().incoming, lockAt(0)))).to.deep.equal([
      "outgoing 1",
    ]);
    expect(await commit(addLock(now().outgoing, lockAt(64, 9n)), now().incoming)).to.deep.equal(["outgoing 1"]);
    expect(await commit(now().outgoing.slice(0, 130), [])).to.deep.equal(["incoming 1", "outgoing 2", "outgoing 3"]);
    expect(await commit(many.slice(100), [])).to.deep.equal(["outgoing 1", "outgoing 2", "outgoing 3"]);
    // A state and a note alone write nothing of the channel's own.
    const rest = { ...now(), state: { ...now().state, version: id + 1n }, note: { ...now().note, seq: id + 1n } };
    expect(channelRows(now, [rest])).to.deep.equal({ channels: [], lockPages: [] });
    expect(await commit(now().outgoing, now().incoming)).to.deep.equal([]);
    const last = ["incoming 2", "incoming 3"];
    expect(await commit([], many.slice(190))).to.deep.equal([...last, "outgoing 1", "outgoing 2", "outgoing 3"]);
    expect(await commit([], [])).to.deep.equal(last);
    await lease.release();
  });
}

function stateOf({ state }: Channel): CompletedState[] {
  return state.version === 0n ? [] : [{ state, operations: [], hash: hashState(state), signature: SIGNATURE }];
}

function noteOf({ note, incoming, key }: Channel): IssuedNote[] {
  if (note.seq === 0n) return [];
  return [{ note, operations: [], locks: incoming, hash: hashNote(note), user: key.user }];
}
