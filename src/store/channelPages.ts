import type { Channel } from "../engine";
import {
  emptyNote,
  emptyState,
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
import { hexText, rowPages, type Texts } from "./rowPages";
import { shared } from "./shared";

/** A channel of which nothing is pending, of the tables `c` and, if it has any, `s` and `n`. */
const RESTING = `CASE WHEN c.status = 'open' AND c.pending IS NULL AND c.closing IS NULL AND c.frozen IS NULL
  AND c.outgoing IS NULL AND c.incoming IS NULL
  AND coalesce(CAST(s.locked AS text), '0') = '0' AND coalesce(CAST(n.locked AS text), '0') = '0' THEN 1 ELSE 0 END = 1`;

/** With the latest state and the latest note. */
export function withLatest({ isLatest }: Dialect): string {
  return `channels c
    LEFT JOIN states s ON ${isLatest("states", "s", "c.id")}
    LEFT JOIN notes n ON ${isLatest("notes", "n", "c.id")}`;
}

const NO_LOCKS: readonly Lock[] = [];
const NOTHING_LOCKED = { locked: 0n, locksExpiry: 0n, locksRoot: ZERO_HASH };

/** Some of a system's channels: those at rest, and what others there are. */
export interface ChannelPage {
  readonly resting: Channel[];
  readonly busy: readonly ChannelId[];
}

/**
 * The channels of a system whose epochs are not settled, a page at a time. All that a start reads of an account at rest is here.
 * @param query does not hold up who asks
 */
export async function* channelPages(query: Query, dialect: Dialect, system: Address): AsyncGenerator<ChannelPage> {
  const texts = [
    ...[hexText(dialect, 'c."user"'), `CASE WHEN ${RESTING} THEN 'resting' END`, hexText(dialect, "c.token")],
    ...["c.epoch", "s.version", "s.net", "s.note_seq", "s.note_credited"].map(text),
    ...[hexText(dialect, "s.memo"), text("n.seq"), text("n.credited"), hexText(dialect, "n.memo")],
    "c.funds",
  ];
  const from = `${withLatest(dialect)} WHERE c.system = $1 AND c.status <> 'settled'`;
  for await (const rows of rowPages(query, dialect, { key: "c.id", texts, from }, system)) {
    const isResting = (row: Texts) => row[2] !== null;
    yield {
      resting: rows.filter(isResting).map((row) => channelOf(system, row)),
      busy: rows.filter((row) => !isResting(row)).map(([id]) => id as ChannelId),
    };
  }
}

function text(column: string): string {
  return `CAST(${column} AS text)`;
}

function channelOf(system: Address, row: Texts): Channel {
  const [key, user, , token, epoch, version, net, noteSeq, noteCredited, stateMemo, seq, credited, noteMemo, funds] =
    row;
  const id = key as ChannelId;
  const number = (digits: string | null | undefined) => BigInt(digits!);
  return {
    id,
    key: { system, user: user as Address, token: shared(token as Address), epoch: number(epoch) },
    status: "open",
    state:
      version === null
        ? emptyState(id)
        : {
            ...{ channelId: id, version: number(version), net: number(net), noteSeq: number(noteSeq) },
            ...{ noteCredited: number(noteCredited), ...NOTHING_LOCKED, memo: stateMemo as Hash },
          },
    note:
      seq === null
        ? emptyNote(id)
        : {
            channelId: id,
            seq: number(seq),
            credited: number(credited),
            ...NOTHING_LOCKED,
            memo: noteMemo as Hash,
          },
    funds: funds === null ? NO_FUNDS : (fromJson(funds!) as Funds),
    outgoing: NO_LOCKS,
    incoming: NO_LOCKS,
    pending: null,
    closing: null,
    freeze: null,
  };
}
