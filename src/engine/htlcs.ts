import type { ChannelId, Hash } from "../protocol";
import type { Htlc } from "./records";

/** Conditional transfers, to be found by the payer's lock and by hash. */
export class HtlcIndex {
  private readonly entries = new Map<string, Htlc>();
  private readonly places = new Map<string, Htlc>();
  private readonly hashes = new Map<Hash, Map<string, Htlc>>();

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

  put(htlc: Htlc): void {
    const { payer, outgoing } = htlc;
    this.entries.set(keyOf(htlc), htlc);
    this.places.set(payer + outgoing.index, htlc);
    let same = this.hashes.get(outgoing.hash);
    if (same === undefined) this.hashes.set(outgoing.hash, (same = new Map<string, Htlc>()));
    same.set(keyOf(htlc), htlc);
  }

  remove(htlc: Htlc): void {
    const { payer, outgoing } = htlc;
    this.entries.delete(keyOf(htlc));
    this.places.delete(payer + outgoing.index);
    const same = this.hashes.get(outgoing.hash);
    same?.delete(keyOf(htlc));
    if (same?.size === 0) this.hashes.delete(outgoing.hash);
  }
}

/** A place in the payer's state is free again when its lock has left: the version tells one transfer from the next. */
function keyOf({ payer, version, outgoing }: Htlc): string {
  return `${payer}${version}:${outgoing.index}`;
}
