import type { Batch, Changes, LedgerEvent } from "../engine";
import { fail } from "../errors";
import {
  hashBatch,
  journalHead,
  keccakText,
  type Address,
  type Hash,
  type MerkleTree,
  type Signature,
  type SystemSignature,
} from "../protocol";
import { textWith } from "../protocol/journal/event";
import { toJson } from "../protocol/json";
import { batchTree } from "../protocol/merkle";
import type { SystemSigner } from "../signer";
import type { Commit } from "../store";

/** Where a system's log ends: its last commit, its last event, and the head of the chain over it. */
export interface LogEnd {
  readonly commit: bigint;
  readonly event: bigint;
  /** When its last event came, in Unix milliseconds. */
  readonly time: number;
  readonly head: Hash;
}

const CONSENTS = { withdrawal: "Withdrawal", closing: "Closing" } as const;

/** What S has signed of a commit: one signature over all its states and notes, one on each withdrawal or closing. */
export class Sealed {
  private constructor(
    /** Null where one leaf or none was signed. */
    private readonly tree: MerkleTree | null,
    readonly signature: Signature | null,
    readonly consents: readonly Signature[],
  ) {}

  static readonly nothing = new Sealed(null, null, []);

  /** @throws signer_unavailable, signer_refused */
  static async of(batch: Batch, signer: SystemSigner): Promise<Sealed> {
    const hashes = [...batch.states, ...batch.notes].map(({ hash }) => hash);
    const tree = hashes.length > 1 ? batchTree(hashes) : null;
    const [signature, ...consents] = await Promise.all([
      signLeaves(batch, tree, signer),
      ...batch.consents.map(({ kind, hash, message }) => signer.sign(CONSENTS[kind], hash, message)),
    ]);
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

/** One signature for all states and notes of a commit; none where there are none. */
async function signLeaves(
  { states, notes }: Batch,
  tree: MerkleTree | null,
  signer: SystemSigner,
): Promise<Signature | null> {
  if (tree !== null) return await signer.sign("Batch", hashBatch(tree.root), { root: tree.root });
  const [[completed], [issued]] = [states, notes];
  if (completed !== undefined) return await signer.sign("State", completed.hash, completed.state);
  return issued === undefined ? null : await signer.sign("Note", issued.hash, issued.note);
}

/** The next commit of a system's log, and its events as the log has them. */
export function commitAfter(
  end: LogEnd,
  system: Address,
  changes: Required<Changes>,
  sealed: Sealed,
  rest: Pick<Commit, "origins" | "channelRows" | "replies" | "spent" | "time">,
): { readonly commit: Commit; readonly events: readonly LedgerEvent[]; readonly end: LogEnd } {
  const [id, firstEvent] = [end.commit + 1n, end.event + 1n];
  const events = changes.events.map((event, i): LedgerEvent => {
    return { system, number: firstEvent + BigInt(i), commit: id, time: rest.time, ...event };
  });
  const data = events.map((event) => toJson(event.data));
  const hashes = events.map((event, i) => keccakText(textWith(event, data[i]!)));
  const head = journalHead(end.head, { id, events: hashes });
  const { signature, consents } = sealed;
  const journal = { data, events: hashes, head };
  const commit = { system, id, firstEvent, changes, signature, consents, journal, ...rest };
  return { commit, events, end: { commit: id, event: end.event + BigInt(events.length), time: rest.time, head } };
}
