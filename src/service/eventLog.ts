import type { EventType, LedgerEvent } from "../engine";
import type { Address } from "../protocol";
import type { AccountService } from "./accountService";

/** What happens in a system, in its order. */
export type EventLog = Pick<AccountService, "events" | "onEvents">;

/** What of a log is wanted; everything unless said. */
export interface EventFilter {
  readonly types?: readonly EventType[];
  /** On either side, or the party. */
  readonly account?: Address;
}

/** Whether the filter lets an event through, as the log does when it is read. */
export function isWanted({ types, account }: EventFilter, event: LedgerEvent): boolean {
  if (types !== undefined && !types.includes(event.type)) return false;
  return account === undefined || [event.account, event.counterparty, event.party].includes(account);
}
