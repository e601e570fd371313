import type { Channel } from "../engine";
import {
  emptyNote,
  emptyState,
  fromHex,
  NO_FUNDS,
  ZERO_HASH,
  type Address,
  type ChannelId,
  type Funds,
  type Hash,
  type Lock,
} from "../protocol";
import { fromJson } from "../protocol/json";
import type { Dialect } from "./dialect";
import type { Query } from "./query";
import { shared } from "./shared";
import { NO_FUNDS_TEXT } from "./tables";

/** Channels that are read at once: what was read of them is garbage before the next are. */
const PAGE = 2_000;

/** A channel of which nothing is pending, of the tables `c` and, if it has any, `s` and `n`. */
const RESTING = `CASE WHEN c.status = 'open' AND c.pending IS NULL AND c.closing IS NULL AND c.frozen IS NULL
  AND c.outgoing IS NULL AND c.incoming IS NULL
  AND (CASE WHEN s.channel IS NULL THEN c.version = 0 ELSE CAST(s.locked AS text) = '0' END)
  AND (CASE WHEN n.channel IS NULL THEN c.seq = 0 ELSE CAST(n.locked AS text) = '0' END) THEN 1 ELSE 0 END = 1`;

/** With the latest state and the latest note. */
export const WITH_LATEST = `FROM channels c
  LEFT JOIN states s ON s.channel = c.id AND s.version = c.version LEFT JOIN notes n ON n.channel = c.id AND n.seq = c.seq`;

const NO_LOCKS: readonly Lock[] = [];
const NOTHING_LOCKED = { locked: 0n, locksExpiry: 0n, locksRoot: ZERO_HASH };

/** Some of a system's channels: those at rest, and what others there are. */
export interface ChannelPage {
  readonly resting: Channel[];
  readonly busy: readonly ChannelId[];
}

/**
 * The channels of a system whose epochs are not settled, a page at a time. All that a start reads of an account at rest is here, so most
 * of it comes as one text: each column by itself takes a database's driver longer than its content takes to be read.
 */
export async function* channelPages(query: Query, { hex }: Dialect, system: Address): AsyncGenerator<ChannelPage> {
  const parts = [
    ...[hex("c.token"), "c.epoch", "c.version", "s.net", "s.note_seq", "s.note_credited", hex("s.memo")],
    ...["c.seq", "n.credited", hex("n.memo"), `CASE WHEN c.funds = '${NO_FUNDS_TEXT}' THEN '' ELSE c.funds END`],
  ];
  const text = parts.map((part) => `coalesce(CAST(${part} AS text), '')`).join(" || '|' || ");
  const sql = `SELECT '0x' || ${hex("c.id")} AS id, '0x' || ${hex('c."user"')} AS user_address, CASE WHEN ${RESTING} THEN ${text} END AS rest
    ${WITH_LATEST} WHERE c.system = $1 AND c.id > $2 AND c.status <> 'settled' ORDER BY c.id LIMIT ${PAGE}`;
  for (let after: Buffer = Buffer.alloc(0); ;) {
    const rows = (await query(sql, fromHex(system), after)) as unknown as ChannelRow[];
    const resting: Channel[] = [];
    const busy: ChannelId[] = [];
    for (const { id, user_address: user, rest } of rows) {
      if (rest === null) busy.push(id);
      else resting.push(channelOf(system, id, user, rest));
    }
    yield { resting, busy };
    if (rows.length < PAGE) return;
    after = fromHex(rows.at(-1)!.id);
  }
}

interface ChannelRow {
  readonly id: ChannelId;
  readonly user_address: Address;
  /** Null unless it is at rest. */
  readonly rest: string | null;
}

function channelOf(system: Address, id: ChannelId, user: Address, rest: string): Channel {
  const [token, epoch, version, net, noteSeq, noteCredited, stateMemo, seq, credited, noteMemo, funds] =
    rest.split("|");
  const number = (text: string | undefined) => BigInt(text!);
  const bytes = (text: string | undefined) => `0x${text!}` as Hash;
  return {
    id,
    key: { system, user, token: shared(bytes(token) as string as Address), epoch: number(epoch) },
    status: "open",
    state:
      version === "0"
        ? emptyState(id)
        : {
            ...{ channelId: id, version: number(version), net: number(net), noteSeq: number(noteSeq) },
            ...{ noteCredited: number(noteCredited), ...NOTHING_LOCKED, memo: bytes(stateMemo) },
          },
    note:
      seq === "0"
        ? emptyNote(id)
        : { channelId: id, seq: number(seq), credited: number(credited), ...NOTHING_LOCKED, memo: bytes(noteMemo) },
    funds: funds === "" ? NO_FUNDS : (fromJson(funds!) as Funds),
    outgoing: NO_LOCKS,
    incoming: NO_LOCKS,
    pending: null,
    closing: null,
    freeze: null,
  };
}
