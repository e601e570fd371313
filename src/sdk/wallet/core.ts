import { Buffer } from "buffer";

import { fail } from "../../errors";
import {
  channelId,
  DEFAULT_LOCK_POLICY,
  digest,
  domainSeparator,
  recover,
  SystemVerifier,
  toHash,
  toHex,
  type Address,
  type ChannelId,
  type Hash,
  type Signature,
  type SystemSignature,
} from "../../protocol";
import { hashMessage, type SignedMessage } from "../signing";
import { Memory } from "./memory";
import type { WalletOptions } from "./options";

/** What the parts of one wallet share. */
export class Core {
  readonly id: ChannelId;
  readonly separator: Hash;
  readonly memory: Memory;
  readonly margin: bigint;
  /** Unix seconds. */
  readonly now: () => bigint;
  /** Makes what nobody can guess. */
  readonly randomHash: () => Hash;
  private readonly verifier: SystemVerifier;

  constructor(readonly options: WalletOptions) {
    this.id = channelId(options.channel);
    this.separator = domainSeparator(options.domain);
    this.margin = options.margin ?? DEFAULT_LOCK_POLICY.margin;
    this.now = options.now ?? wallClock;
    this.randomHash = options.randomHash ?? randomHash;
    this.memory = new Memory(this.id, options.store, this.now);
    this.verifier = options.verifier ?? new SystemVerifier(this.separator);
  }

  /** The user's signature. */
  async sign(message: SignedMessage): Promise<Signature> {
    return await this.options.sign(this.digestOf(message), message);
  }

  digestOf(message: SignedMessage): Hash {
    return digest(this.separator, hashMessage(message));
  }

  /** @throws invalid_signature, wrong_signer */
  requireSystemOn(structHash: Hash, signed: SystemSignature): Promise<void> {
    return this.requireSystem(this.verifier.recover(structHash, signed));
  }

  /**
   * Checks a signature that is to be U's own.
   * @throws invalid_signature, wrong_signer
   */
  requireOwn(message: SignedMessage, signature: Signature): void {
    const { user } = this.options.channel;
    const signer = recover(this.digestOf(message), signature);
    if (signer !== user) fail("wrong_signer", { got: signer, want: user });
  }

  /** @throws channel_frozen, resynchronising */
  requireOpen(): void {
    if (this.memory.isFrozen) fail("channel_frozen", { channel: this.id });
    this.requireNothingLost();
  }

  /** @throws resynchronising */
  requireNothingLost(): void {
    if (this.memory.isLost) fail("resynchronising", { channel: this.id, until: this.lostUntil });
  }

  /**
   * Until when, in Unix seconds, what U signed before it lost its records may still be sent: a challenge period at most (S7).
   * Undefined where S alone has lost something.
   */
  get lostUntil(): bigint | undefined {
    const { lostBy, lostSince } = this.memory;
    return lostBy === "user" ? lostSince + this.options.asset.challengePeriod : undefined;
  }

  /** @throws wrong_signer */
  async requireSystem(signer: Address): Promise<void> {
    if (await this.options.signers.has(signer)) return;
    fail("wrong_signer", { got: signer, want: this.options.channel.system });
  }
}

function wallClock(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}

function randomHash(): Hash {
  return toHash(toHex(Buffer.from(crypto.getRandomValues(new Uint8Array(32)))));
}
