import type { Address, Hash } from "../types";

/** What the chain says of an event; its number follows from its place. */
export interface JournalEvent {
  readonly commit: bigint;
  /** Unix milliseconds. */
  readonly time: number;
  readonly type: string;
  readonly account: string | null;
  readonly counterparty: string | null;
  readonly party: Address | null;
  readonly token: Address | null;
  /** Base units. */
  readonly amount: bigint | null;
  readonly reference: Hash;
  readonly data: unknown;
}

/** The text of an event whose `data` is JSON already. By hand, for it is on the way of every payment. */
export function textWith(event: Omit<JournalEvent, "data">, data: string): string {
  const { commit, time, type, account, counterparty, party, token, amount, reference } = event;
  const sides = `${JSON.stringify(account)},${JSON.stringify(counterparty)},${quoted(party)}`;
  const moved = `${quoted(token)},${amount === null ? "null" : `"${amount}n"`},"${reference}"`;
  return `["${commit}n",${time},${JSON.stringify(type)},${sides},${moved},${data}]`;
}

function quoted(hex: string | null): string {
  return hex === null ? "null" : `"${hex}"`;
}
