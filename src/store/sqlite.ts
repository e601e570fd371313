import Database from "libsql";

import type {
  Account,
  Asset,
  Channel,
  ChannelStatus,
  Custody,
  Htlc,
  HtlcStatus,
  JournalLine,
  KnownPreimage,
} from "../engine";
import { fail } from "../errors";
import {
  emptyNote,
  emptyState,
  fromHex,
  lockSummary,
  toHex,
  type Address,
  type AssetSettings,
  type ChannelId,
  type Closing,
  type Funds,
  type Hash,
  type Hex,
  type Lock,
  type Note,
  type Signature,
  type State,
  type Withdrawal,
} from "../protocol";
import { fromJson, toJson } from "../protocol/json";
import { MIGRATIONS } from "./schema";
import type { Commit, CommitProof, Signed, SignedConsent, Store, StoredReply } from "./store";

type Row = Record<string, unknown>;
type Statement = ReturnType<Database.Database["prepare"]>;

/** The embedded store: one SQLite file, write-ahead log, every commit synced to disk before it returns. */
export class SqliteStore implements Store {
  private readonly db: Database.Database;
  private readonly statements = new Map<string, Statement>();
  private last: bigint;

  /**
   * Opens or creates the file, and brings it to the newest schema.
   * @param path a file, or `:memory:` for one that nothing outlives
   */
  constructor(path: string) {
    this.db = new Database(path);
    this.db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    // Every commit syncs the log; the log is copied back into the file less often than by default.
    this.db.exec("PRAGMA wal_autocheckpoint = 10000;");
    this.db.defaultSafeIntegers(true);
    this.migrate();
    this.last = (this.get("SELECT max(id) AS id FROM commits")?.["id"] as bigint | null) ?? 0n;
  }

  get lastCommit(): bigint {
    return this.last;
  }

  commit(commit: Commit): void {
    if (commit.id !== this.last + 1n) fail("store_corrupt", { got: commit.id, want: this.last + 1n });
    this.db.exec("BEGIN IMMEDIATE");
    try {
      this.write(commit);
      this.db.exec("COMMIT");
    } catch (error) {
      if (this.db.inTransaction) this.db.exec("ROLLBACK");
      throw error;
    }
    this.last = commit.id;
  }

  *accounts(): Iterable<Account> {
    for (const row of this.all("SELECT * FROM accounts")) {
      yield {
        address: hex(row["address"]) as Address,
        system: hex(row["system"]) as Address,
        custody: row["custody"] as Custody,
        sealedKey: row["sealed_key"] as string | null,
      };
    }
  }

  *assets(): Iterable<Asset> {
    for (const row of this.all("SELECT * FROM assets")) {
      yield {
        system: hex(row["system"]) as Address,
        token: hex(row["token"]) as Address,
        decimals: Number(row["decimals"]),
        settings: fromJson(row["settings"] as string) as AssetSettings,
        allotment: amount(row["allotment"]),
        limit: amount(row["credit_limit"]),
        liabilities: amount(row["liabilities"]),
      };
    }
  }

  *channels(): Iterable<Channel> {
    for (const row of this.all("SELECT * FROM channels WHERE status <> 'settled'")) {
      const id = hex(row["id"]) as ChannelId;
      const [version, seq] = [row["version"] as bigint, row["seq"] as bigint];
      const state = version === 0n ? emptyState(id) : this.state(id, version)?.message;
      const note = seq === 0n ? emptyNote(id) : this.note(id, seq)?.message;
      if (state === undefined || note === undefined) return fail("store_corrupt", { channel: id, version, seq });
      const [outgoing, incoming] = [locksOf(row["outgoing"]), locksOf(row["incoming"])];
      if (rootOf(outgoing) !== state.locksRoot || rootOf(incoming) !== note.locksRoot) {
        fail("store_corrupt", { channel: id, version, seq, locks: outgoing.length + incoming.length });
      }
      yield {
        id,
        key: {
          system: hex(row["system"]) as Address,
          user: hex(row["user"]) as Address,
          token: hex(row["token"]) as Address,
          epoch: row["epoch"] as bigint,
        },
        status: row["status"] as ChannelStatus,
        funds: fromJson(row["funds"] as string) as Funds,
        state,
        note,
        outgoing,
        incoming,
        pending: row["pending"] === null ? null : (fromJson(row["pending"] as string) as Withdrawal),
        closing: row["closing"] === null ? null : (fromJson(row["closing"] as string) as Closing),
      };
    }
  }

  *unfoldedNotes(limit: number): Iterable<Note> {
    const sql = `SELECT n.* FROM channels c
      LEFT JOIN states s ON s.channel = c.id AND s.version = c.version
      JOIN notes n ON n.channel = c.id AND n.seq > coalesce(s.note_seq, 0) AND n.seq > c.seq - ?
      WHERE c.status <> 'settled' ORDER BY n.channel, n.seq`;
    for (const row of this.all(sql, limit)) yield noteOf(row);
  }

  *openHtlcs(): Iterable<Htlc> {
    for (const row of this.all("SELECT * FROM htlcs WHERE over = 0")) {
      yield {
        payer: hex(row["payer"]) as ChannelId,
        version: row["version"] as bigint,
        outgoing: fromJson(row["outgoing"] as string) as Lock,
        payee: hex(row["payee"]) as ChannelId,
        incoming: fromJson(row["incoming"] as string) as Lock,
        status: row["status"] as HtlcStatus,
        returnedIn: row["returned_in"] as bigint,
        over: false,
      };
    }
  }

  *preimages(): Iterable<KnownPreimage> {
    for (const row of this.all("SELECT * FROM preimages")) {
      yield {
        hash: hex(row["hash"]) as Hash,
        preimage: hex(row["preimage"]) as Hash,
        registeredAt: row["registered_at"] as bigint | null,
      };
    }
  }

  state(id: ChannelId, version: bigint): (Signed<State> & { readonly userSignature: Signature }) | undefined {
    const row = this.get("SELECT * FROM states WHERE channel = ? AND version = ?", fromHex(id), version);
    if (row === undefined) return undefined;
    return { message: stateOf(row), leaf: leafOf(row), userSignature: hex(row["user_signature"]) as Signature };
  }

  note(id: ChannelId, seq: bigint): Signed<Note> | undefined {
    const row = this.get("SELECT * FROM notes WHERE channel = ? AND seq = ?", fromHex(id), seq);
    return row === undefined ? undefined : { message: noteOf(row), leaf: leafOf(row) };
  }

  commitProof(id: bigint): CommitProof | undefined {
    const row = this.get("SELECT signature, leaves FROM commits WHERE id = ?", id);
    if (row === undefined || row["signature"] === null) return undefined;
    const bytes = Buffer.from(row["leaves"] as Uint8Array);
    const leaves = Array.from(
      { length: bytes.length / 32 },
      (_, i) => hex(bytes.subarray(32 * i, 32 * i + 32)) as Hash,
    );
    return { signature: hex(row["signature"]) as Signature, leaves };
  }

  consent(hash: Hash): SignedConsent | undefined {
    const row = this.get("SELECT * FROM consents WHERE hash = ?", fromHex(hash));
    if (row === undefined) return undefined;
    return {
      kind: row["kind"] as SignedConsent["kind"],
      message: fromJson(row["message"] as string) as Withdrawal | Closing,
      hash,
      signature: hex(row["user_signature"]) as Signature,
      systemSignature: hex(row["system_signature"]) as Signature,
    };
  }

  reply(key: string): StoredReply | undefined {
    const row = this.get("SELECT * FROM replies WHERE key = ?", key);
    if (row === undefined) return undefined;
    return { key, fingerprint: hex(row["fingerprint"]) as Hash, reply: row["reply"] as string };
  }

  journalTotals(system: Address, token: Address): Map<JournalLine["account"], bigint> {
    const totals = new Map<JournalLine["account"], bigint>();
    const sql = "SELECT account, amount FROM journal WHERE system = ? AND token = ?";
    for (const row of this.all(sql, fromHex(system), fromHex(token))) {
      const account = accountOf(row["account"]);
      totals.set(account, (totals.get(account) ?? 0n) + amount(row["amount"]));
    }
    return totals;
  }

  journalSize(): bigint {
    return this.get("SELECT count(*) AS lines FROM journal")?.["lines"] as bigint;
  }

  close(): void {
    this.db.close();
  }

  private write(commit: Commit): void {
    const { id, changes } = commit;
    const leaves = Buffer.concat([...changes.states, ...changes.notes].map(({ hash }) => fromHex(hash)));
    const signature = commit.signature && fromHex(commit.signature);
    this.run("INSERT INTO commits VALUES (?, ?, ?, ?)", id, commit.time, signature, leaves);
    for (const a of changes.accounts) {
      this.run(
        "INSERT INTO accounts VALUES (?, ?, ?, ?)",
        fromHex(a.address),
        fromHex(a.system),
        a.custody,
        a.sealedKey,
      );
    }
    for (const a of changes.assets) {
      this.run(
        "INSERT OR REPLACE INTO assets VALUES (?, ?, ?, ?, ?, ?, ?)",
        ...[fromHex(a.system), fromHex(a.token), a.decimals, toJson(a.settings)],
        ...[a.allotment.toString(), a.limit.toString(), a.liabilities.toString()],
      );
    }
    for (const c of changes.channels) this.writeChannel(c);
    let leaf = 0;
    for (const { state: s, signature } of changes.states) {
      this.run(
        "INSERT INTO states VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ...[fromHex(s.channelId), s.version, s.net.toString(), s.noteSeq, s.noteCredited.toString()],
        ...[s.locked.toString(), s.locksExpiry, fromHex(s.locksRoot), fromHex(s.memo)],
        ...[fromHex(signature), id, leaf++],
      );
    }
    for (const { note: n } of changes.notes) {
      this.run(
        "INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ...[fromHex(n.channelId), n.seq, n.credited.toString(), n.locked.toString(), n.locksExpiry],
        ...[fromHex(n.locksRoot), fromHex(n.memo), id, leaf++],
      );
    }
    changes.consents.forEach((c, i) => {
      const signature = commit.consents[i] ?? fail("store_corrupt", { consent: c.hash });
      this.run(
        "INSERT INTO consents VALUES (?, ?, ?, ?, ?, ?)",
        ...[fromHex(c.hash), c.kind, toJson(c.message), fromHex(c.signature), fromHex(signature), id],
      );
    });
    for (const h of changes.htlcs) {
      this.run(
        "INSERT OR REPLACE INTO htlcs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ...[fromHex(h.payer), h.version, h.outgoing.index, toJson(h.outgoing), fromHex(h.payee), toJson(h.incoming)],
        ...[h.status, h.returnedIn, h.over ? 1 : 0],
      );
    }
    for (const { hash, preimage, registeredAt } of changes.preimages) {
      this.run("INSERT OR REPLACE INTO preimages VALUES (?, ?, ?)", fromHex(hash), fromHex(preimage), registeredAt);
    }
    changes.journal.forEach((line, i) => {
      this.run(
        "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)",
        ...[id, i, fromHex(line.system), fromHex(line.token), accountBytes(line.account)],
        ...[line.amount.toString(), fromHex(line.reference)],
      );
    });
    for (const reply of commit.replies) {
      this.run("INSERT INTO replies VALUES (?, ?, ?, ?)", reply.key, fromHex(reply.fingerprint), reply.reply, id);
    }
  }

  private writeChannel(c: Channel): void {
    this.run(
      "INSERT OR REPLACE INTO channels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ...[fromHex(c.id), fromHex(c.key.system), fromHex(c.key.user), fromHex(c.key.token), c.key.epoch, c.status],
      ...[toJson(c.funds), c.pending && toJson(c.pending), c.closing && toJson(c.closing), c.state.version, c.note.seq],
      ...[locksText(c.outgoing), locksText(c.incoming)],
    );
  }

  private migrate(): void {
    const version = Number(this.get("PRAGMA user_version")?.["user_version"] ?? 0n);
    if (version > MIGRATIONS.length) fail("store_corrupt", { schema: version, newest: MIGRATIONS.length });
    MIGRATIONS.slice(version).forEach((migration, i) => {
      this.db.exec(`BEGIN; ${migration} PRAGMA user_version = ${version + i + 1}; COMMIT;`);
    });
  }

  private statement(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) this.statements.set(sql, (statement = this.db.prepare(sql)));
    return statement;
  }

  private run(sql: string, ...values: unknown[]): void {
    this.statement(sql).run(values);
  }

  private get(sql: string, ...values: unknown[]): Row | undefined {
    return this.statement(sql).get(values) as Row | undefined;
  }

  /** A statement of its own, for the caller may run others while it reads. */
  private all(sql: string, ...values: unknown[]): Row[] {
    return this.db.prepare(sql).all(values) as Row[];
  }
}

function hex(value: unknown): Hex {
  return toHex(Buffer.from(value as Uint8Array));
}

function amount(value: unknown): bigint {
  return BigInt(value as string);
}

function stateOf(row: Row): State {
  return {
    channelId: hex(row["channel"]) as ChannelId,
    version: row["version"] as bigint,
    net: amount(row["net"]),
    noteSeq: row["note_seq"] as bigint,
    noteCredited: amount(row["note_credited"]),
    ...summaryOf(row),
  };
}

function noteOf(row: Row): Note {
  return {
    channelId: hex(row["channel"]) as ChannelId,
    seq: row["seq"] as bigint,
    credited: amount(row["credited"]),
    ...summaryOf(row),
  };
}

/** Null for none: most channels have no locks. */
function locksText(locks: readonly Lock[]): string | null {
  return locks.length === 0 ? null : toJson(locks);
}

function rootOf(locks: readonly Lock[]): Hash {
  return lockSummary(locks).locksRoot;
}

function locksOf(value: unknown): readonly Lock[] {
  return value === null ? [] : (fromJson(value as string) as Lock[]);
}

function summaryOf(row: Row) {
  return {
    locked: amount(row["locked"]),
    locksExpiry: row["locks_expiry"] as bigint,
    locksRoot: hex(row["locks_root"]) as Hash,
    memo: hex(row["memo"]) as Hash,
  };
}

function leafOf(row: Row) {
  return { commit: row["commit_id"] as bigint, index: Number(row["leaf"]) };
}

/** An address as its bytes, a contra account as its name. */
function accountBytes(account: JournalLine["account"]): Buffer {
  return account.startsWith("0x") ? fromHex(account as Address) : Buffer.from(account, "utf8");
}

function accountOf(value: unknown): JournalLine["account"] {
  const bytes = Buffer.from(value as Uint8Array);
  return (bytes.length === 20 ? toHex(bytes) : bytes.toString("utf8")) as JournalLine["account"];
}
