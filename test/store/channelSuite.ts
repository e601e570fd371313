import { expect } from "chai";
import fc from "fast-check";

import { Batch, Ledger, type Channel, type CompletedState, type IssuedNote } from "../../src/engine";
import { hashNote, hashState, toHex, type Signature } from "../../src/protocol";
import { loadLedger } from "../../src/service/loadLedger";
import { anyChannel } from "../engine/helpers/arbitraryChannel";
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
    await store.commit({ ...emptyCommit(SYSTEM, 1n), changes: batch.changes() }, lease);
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
}

function stateOf({ state }: Channel): CompletedState[] {
  return state.version === 0n ? [] : [{ state, operations: [], hash: hashState(state), signature: SIGNATURE }];
}

function noteOf({ note, incoming, key }: Channel): IssuedNote[] {
  if (note.seq === 0n) return [];
  return [{ note, operations: [], locks: incoming, hash: hashNote(note), user: key.user }];
}
