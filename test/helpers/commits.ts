import { Batch, Ledger, Origins } from "../../src/engine";
import { ZERO_HASH, type Address } from "../../src/protocol";
import type { Commit } from "../../src/store";

/** A commit that changes nothing. */
export function emptyCommit(system: Address, id: bigint, firstEvent = 1n): Commit {
  return {
    system,
    id,
    time: 0,
    firstEvent,
    changes: new Batch(new Ledger()).changes(),
    origins: new Origins(),
    channelRows: { channels: [], lockPages: [] },
    signature: null,
    consents: [],
    replies: [],
    spent: [],
    journal: { data: [], events: [], head: ZERO_HASH },
  };
}
