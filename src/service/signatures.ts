import type { Channel, Leaf } from "../engine";
import { fail } from "../errors";
import type { ChannelId, Hash, SystemSignature } from "../protocol";
import { batchTree } from "../protocol/merkle";
import type { SignedConsent, Store } from "../store";
import type { NoteDelivery, Reply } from "./requests";

/** S's signatures, as the store has them. */
export class Signatures {
  constructor(
    private readonly store: Store,
    private readonly system: Channel["key"]["system"],
  ) {}

  /** On a completed state. */
  async state(id: ChannelId, version: bigint): Promise<SystemSignature | undefined> {
    const signed = await this.store.signed.state(id, version);
    return signed && (await this.at(signed.leaf));
  }

  /** A completed state with both signatures: what proves it on chain. */
  async completeState(id: ChannelId, version: bigint) {
    const signed = await this.store.signed.state(id, version);
    if (signed === undefined) return undefined;
    return { state: signed.message, userSignature: signed.userSignature, systemSignature: await this.at(signed.leaf) };
  }

  /** A completed state with all that shows how it came about, and that both signed it. */
  async receipt(id: ChannelId, version: bigint) {
    const signed = await this.store.signed.state(id, version);
    if (signed === undefined) return undefined;
    const { message: state, operations, userSignature, leaf } = signed;
    return { commit: leaf.commit, state, operations, userSignature, systemSignature: await this.at(leaf) };
  }

  /** The latest note of a channel. */
  async note({ id, note, incoming }: Channel): Promise<NoteDelivery | undefined> {
    if (note.seq === 0n) return undefined;
    const signed = await this.store.signed.note(id, note.seq);
    return signed && { note, locks: incoming, signed: await this.at(signed.leaf) };
  }

  /** A withdrawal or closing with both signatures, by its struct hash. */
  consent(hash: Hash): Promise<SignedConsent | undefined> {
    return this.store.signed.consent(hash);
  }

  /** A reply with the signatures on what it names. */
  async complete(reply: Reply): Promise<Reply> {
    return { ...reply, ...(await this.stateOf(reply)), ...(await this.consentOf(reply)) };
  }

  private async stateOf({ channelId, version }: Reply): Promise<Pick<Reply, "state">> {
    if (channelId === undefined || version === undefined) return {};
    return { state: (await this.state(channelId, version)) ?? fail("store_corrupt", { channelId, version }) };
  }

  private async consentOf({ consentHash }: Reply): Promise<Pick<Reply, "consent">> {
    if (consentHash === undefined) return {};
    const signed = await this.consent(consentHash);
    return { consent: signed?.systemSignature ?? fail("store_corrupt", { consentHash }) };
  }

  private async at(leaf: Leaf): Promise<SystemSignature> {
    const proof = await this.store.signed.commitProof(this.system, leaf.commit);
    const { signature, leaves } = proof ?? fail("store_corrupt", { ...leaf });
    return { signature, proof: leaves.length === 1 ? [] : batchTree(leaves).proof(leaf.index) };
  }
}
