import type { Batch, Changes, LedgerEvent } from "../engine";
import { fail } from "../errors";
import {
  batchLeaf,
  digest,
  eventHash,
  hashBatch,
  journalHead,
  merkleTree,
  sign,
  type Address,
  type Hash,
  type Hex,
  type MerkleTree,
  type Signature,
  type SystemSignature,
} from "../protocol";
import type { Commit } from "../store";

/** Where a system's log ends: its last commit, its last event, and the head of the chain over it. */
export interface LogEnd {
  readonly commit: bigint;
  readonly event: bigint;
  readonly head: Hash;
}

/** S's signatures on what a commit holds. */
export interface Signatory {
  readonly system: Address;
  readonly separator: Hash;
  readonly key: Hex;
}

/** What S has signed of a commit: one signature over all its states and notes, one on each withdrawal or closing. */
export class Sealed {
  private constructor(
    /** Null where one leaf or none was signed. */
    private readonly tree: MerkleTree | null,
    readonly signature: Signature | null,
    readonly consents: readonly Signature[],
  ) {}

  static readonly nothing = new Sealed(null, null, []);

  static of(batch: Batch, { separator, key }: Signatory): Sealed {
    const hashes = [...batch.states, ...batch.notes].map(({ hash }) => hash);
    const tree = hashes.length > 1 ? merkleTree(hashes.map(batchLeaf)) : null;
    const structHash = tree === null ? hashes[0] : hashBatch(tree.root);
    const signature = structHash === undefined ? null : sign(digest(separator, structHash), key);
    const consents = batch.consents.map(({ hash }) => sign(digest(separator, hash), key));
    return new Sealed(tree, signature, consents);
  }

  get signaturesMade(): number {
    return this.consents.length + (this.signature === null ? 0 : 1);
  }

  /** S's signature on one leaf. */
  at(leaf: number): SystemSignature {
    return { signature: this.signature ?? fail("store_corrupt", { leaf }), proof: this.tree?.proof(leaf) ?? [] };
  }
}

/** The next commit of a system's log, and its events as the log has them. */
export function commitAfter(
  end: LogEnd,
  system: Address,
  changes: Required<Changes>,
  sealed: Sealed,
  rest: Pick<Commit, "replies" | "spent" | "time">,
): { readonly commit: Commit; readonly events: readonly LedgerEvent[]; readonly end: LogEnd } {
  const [id, firstEvent] = [end.commit + 1n, end.event + 1n];
  const events = changes.events.map((event, i): LedgerEvent => {
    return { ...event, system, number: firstEvent + BigInt(i), commit: id, time: rest.time };
  });
  const hashes = events.map(eventHash);
  const head = journalHead(end.head, { id, events: hashes });
  const { signature, consents } = sealed;
  const commit = { system, id, firstEvent, changes, signature, consents, journal: { events: hashes, head }, ...rest };
  return { commit, events, end: { commit: id, event: end.event + BigInt(events.length), head } };
}
