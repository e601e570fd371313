import type { ChannelId, Hash } from "../protocol";
import type { Htlc } from "./records";

/** Conditional transfers, to be found by the payer's lock and by hash. */
export class HtlcIndex {
  private readonly entries = new Map<string, Htlc>();
  private readonly places = new Map<string, Htlc>();
  private readonly hashes = new Map<Hash, Map<string, Htlc>>();
  /** By payer, those whose payee is paid, or will not be. */
  private readonly ended = new Map<ChannelId, Map<string, Htlc>>();

  get size(): number {
    return this.entries.size;
  }

  has(htlc: Htlc): boolean {
    return this.entries.has(keyOf(htlc));
  }

  all(): Iterable<Htlc> {
    return this.entries.values();
  }

  /** The latest transfer whose lock had this place in the payer's state. */
  at(payer: ChannelId, index: bigint): Htlc | undefined {
    return this.places.get(payer + index);
  }

  under(hash: Hash): Iterable<Htlc> {
    return this.hashes.get(hash)?.values() ?? [];
  }

  /** Those of a payer that are no longer pending. */
  endedOf(payer: ChannelId): Iterable<Htlc> {
    return this.ended.get(payer)?.values() ?? [];
  }

  put(htlc: Htlc): void {
    const { payer, outgoing, status } = htlc;
    const key = keyOf(htlc);
    this.entries.set(key, htlc);
    this.places.set(payer + outgoing.index, htlc);
    add(this.hashes, outgoing.hash, key, htlc);
    if (status === "pending") take(this.ended, payer, key);
    else add(this.ended, payer, key, htlc);
  }

  remove(htlc: Htlc): void {
    const { payer, outgoing } = htlc;
    const key = keyOf(htlc);
    this.entries.delete(key);
    this.places.delete(payer + outgoing.index);
    take(this.hashes, outgoing.hash, key);
    take(this.ended, payer, key);
  }
}

function add<Group>(groups: Map<Group, Map<string, Htlc>>, of: Group, key: string, htlc: Htlc): void {
  let group = groups.get(of);
  if (group === undefined) groups.set(of, (group = new Map<string, Htlc>()));
  group.set(key, htlc);
}

function take<Group>(groups: Map<Group, Map<string, Htlc>>, of: Group, key: string): void {
  const group = groups.get(of);
  group?.delete(key);
  if (group?.size === 0) groups.delete(of);
}

/** A place in the payer's state is free again when its lock has left: the version tells one transfer from the next. */
function keyOf({ payer, version, outgoing }: Htlc): string {
  return `${payer}${version}:${outgoing.index}`;
}
