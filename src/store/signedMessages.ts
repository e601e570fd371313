import { fromHex, type Address, type ChannelId, type ChannelKey, type Hash } from "../protocol";
import type { Dialect } from "./dialect";
import type { Query } from "./query";
import { channelOf, consentOf, proofOf, signedNoteOf, signedStateOf } from "./rows";
import type { CommitProof, SignedConsent, SignedNote, SignedState } from "./signed";

/** What was signed, and what proves it. */
export class SignedMessages {
  constructor(
    private readonly query: Query,
    private readonly dialect: Dialect,
  ) {}

  /** What a channel is of, whether its epoch is settled or not. */
  async channelKey(id: ChannelId): Promise<ChannelKey | undefined> {
    const [row] = await this.query("SELECT * FROM channels WHERE id = $1", fromHex(id));
    return row && channelOf(row).key;
  }

  async state(id: ChannelId, version: bigint): Promise<SignedState | undefined> {
    const sql = `SELECT * FROM ${this.dialect.ofChannel.states} WHERE channel = $1 AND version = $2`;
    const [row] = await this.query(sql, fromHex(id), version);
    return row && signedStateOf(row);
  }

  async note(id: ChannelId, seq: bigint): Promise<SignedNote | undefined> {
    const sql = `SELECT * FROM ${this.dialect.ofChannel.notes} WHERE channel = $1 AND seq = $2`;
    const [row] = await this.query(sql, fromHex(id), seq);
    return row && signedNoteOf(row);
  }

  async commitProof(system: Address, id: bigint): Promise<CommitProof | undefined> {
    const sql = "SELECT * FROM commits WHERE system = $1 AND id = $2 AND signature IS NOT NULL";
    const [row] = await this.query(sql, fromHex(system), id);
    return row && proofOf(row);
  }

  async consent(hash: Hash): Promise<SignedConsent | undefined> {
    const [row] = await this.query("SELECT * FROM consents WHERE hash = $1", fromHex(hash));
    return row && consentOf(row);
  }
}
