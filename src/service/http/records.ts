import { isCustomer, type EventType, type LedgerAccount, type LedgerEvent } from "../../engine";
import { fail } from "../../errors";
import type { Address } from "../../protocol";
import type { EventQuery } from "../../store";
import type { LogId } from "../../wire";
import type { AccountService } from "../accountService";
import type { Services } from "../services";
import { readPage, refuseCursor, type Page, type PageQuery, type Range } from "./pages";

/** Which records of a system are asked for. */
export interface RecordQuery extends PageQuery {
  readonly system?: Address | undefined;
  readonly account?: Address | undefined;
  readonly token?: Address | undefined;
}

/**
 * Whose log is asked for: the account's system, the one named, or the only one.
 * @throws unknown_account, unknown_system, invalid_request when it must be named
 */
export function serviceFor(services: Services, { system, account }: Pick<RecordQuery, "system" | "account">) {
  if (account !== undefined) return services.of(account);
  if (system !== undefined) return services.ofSystem(system);
  const [only, ...others] = services.systems;
  const reason = "must name one of the systems";
  return only !== undefined && others.length === 0
    ? services.ofSystem(only)
    : fail("invalid_request", { field: "querystring/system", reason });
}

/** A page of the events of these types, newest first. */
export function pageOfLog<Type extends EventType>(
  service: AccountService,
  types: readonly Type[],
  query: RecordQuery,
): Promise<Page<LedgerEvent<Type>>> {
  return readPage(
    query,
    ({ number }) => number.toString(),
    async (range) => (await service.events({ types, ...filterOf(query), ...edgesOf(range) })) as LedgerEvent<Type>[],
  );
}

/**
 * The event of an id.
 * @throws unknown_system, unknown_record
 */
export async function eventOfId<Type extends EventType>(
  services: Services,
  { system, number }: LogId,
  type: Type,
): Promise<{ service: AccountService; event: LedgerEvent<Type> }> {
  const service = services.ofSystem(system);
  const [event] = await service.events({ after: number - 1n, before: number + 1n, types: [type], limit: 1 });
  return event === undefined ? fail("unknown_record", { number }) : { service, event: event as LedgerEvent<Type> };
}

/** The id of a record by the number of its event; null where the number was not kept. */
export function idOf({ identity }: AccountService, number: bigint | undefined): LogId | null {
  return number === undefined ? null : { system: identity.system, number };
}

/** What all records of money say. */
export function moneyOf(service: AccountService, { system, number, commit, time, token, amount }: LedgerEvent) {
  if (token === null || amount === null) return fail("store_corrupt", { number });
  const { decimals } = service.asset(token);
  return { id: { system, number }, commit, time, token, amount, decimals };
}

/** The customer on a side of an entry. */
export function customerOf(side: LedgerAccount | null): Address {
  return side as Address;
}

/** The customers on both. */
export function customersOf({ account, counterparty }: Pick<LedgerEvent, "account" | "counterparty">): Address[] {
  return [account, counterparty].flatMap((side) => (side !== null && isCustomer(side) ? [side] : []));
}

/** Where a payer's state says so. */
export function stateOf({ channelId, version }: LedgerEvent<"money.transferred">["data"]) {
  return { channelId: channelId ?? null, version: version ?? null };
}

function filterOf({ account, token }: RecordQuery): Pick<EventQuery, "account" | "token"> {
  return { ...(account !== undefined && { account }), ...(token !== undefined && { token }) };
}

function edgesOf({ key, direction, limit }: Range): Pick<EventQuery, "after" | "before" | "order" | "limit"> {
  const order = direction === "on" ? "descending" : "ascending";
  if (key === null) return { order, limit };
  if (!/^[0-9]{1,18}$/.test(key)) refuseCursor();
  return direction === "on" ? { before: BigInt(key), order, limit } : { after: BigInt(key), order, limit };
}
