import { isCustomer, type EventType, type LedgerAccount, type LedgerEvent, type Refundable } from "../../engine";
import { fail } from "../../errors";
import type { Address, ChannelId, Hash } from "../../protocol";
import type { EventQuery, Store } from "../../store";
import type { LogId } from "../../wire";
import type { AccountService } from "../accountService";
import type { Services } from "../services";
import { Signatures } from "../signatures";
import { readPage, refuseCursor, type Page, type PageQuery, type Range } from "./pages";

/** Which records are asked for. */
export interface RecordQuery extends PageQuery {
  readonly system?: Address | undefined;
  readonly account?: Address | undefined;
  readonly token?: Address | undefined;
}

/**
 * The logs of all systems, whoever leads them and whether anybody does: what is in the store is durable, and true of every
 * process.
 */
export class Records {
  private readonly decimals = new Map<string, number>();

  constructor(
    private readonly services: Services,
    private readonly store: Store,
  ) {}

  /**
   * A page of the events of these types: of the account's system, the one named, or each, one after the other; the newest of
   * a system first.
   * @throws unknown_account, unknown_system, invalid_request for a cursor that no page gave
   */
  async page<Type extends EventType>(
    types: readonly Type[],
    query: RecordQuery,
    more: Pick<EventQuery, "references"> = {},
  ): Promise<Page<LedgerEvent<Type>>> {
    const systems = await this.systemsOf(query);
    return await readPage(query, keyOf, async (range) => {
      return (await this.read(systems, { types, ...filterOf(query), ...more }, range)) as LedgerEvent<Type>[];
    });
  }

  /**
   * The event of an id.
   * @throws unknown_system, unknown_record
   */
  async find<Type extends EventType>({ system, number }: LogId, type: Type): Promise<LedgerEvent<Type>> {
    const only = { after: number - 1n, before: number + 1n, types: [type], limit: 1 };
    const [event] = await this.store.log.events(this.services.known(system), only);
    return event === undefined ? fail("unknown_record", { number }) : (event as LedgerEvent<Type>);
  }

  /** What the query asks for of one system's log. */
  events(system: Address, query: EventQuery): Promise<LedgerEvent[]> {
    return this.store.log.events(system, query);
  }

  /**
   * The account's system, the one named, or the only one.
   * @throws unknown_account, unknown_system, invalid_request when it must be named
   */
  async systemOf(query: Pick<RecordQuery, "system" | "account">): Promise<Address> {
    const [only, ...others] = await this.systemsOf(query);
    return others.length === 0 && only !== undefined ? only : mustBeNamed();
  }

  /** @throws unknown_asset */
  async decimalsOf(system: Address, token: Address): Promise<number> {
    // They never change.
    const known = this.decimals.get(system + token);
    if (known !== undefined) return known;
    for (const asset of await this.store.ledger.assets(system)) this.decimals.set(system + asset.token, asset.decimals);
    return this.decimals.get(system + token) ?? fail("unknown_asset", { system, token });
  }

  /** What all records of money say. */
  async moneyOf({ system, number, commit, time, token, amount }: LedgerEvent) {
    if (token === null || amount === null) return fail("store_corrupt", { number });
    const decimals = await this.decimalsOf(system, token);
    return { id: { system, number }, commit, time, token, amount, decimals };
  }

  /** How much of a payment its payer has back. */
  async refunded(system: Address, payment: Hash, payee: Refundable["payee"]): Promise<bigint> {
    return (await this.store.refunds.sums(system, [payment])).get(payment + payee) ?? 0n;
  }

  /** S's signature on a completed state. */
  stateSignature(system: Address, id: ChannelId, version: bigint) {
    return new Signatures(this.store, system).state(id, version);
  }

  private async systemsOf({ system, account }: Pick<RecordQuery, "system" | "account">): Promise<readonly Address[]> {
    if (account === undefined) return system === undefined ? this.services.systems : [this.services.known(system)];
    return [(await this.store.whereabouts.ofAccount(account)) ?? fail("unknown_account", { account })];
  }

  private async read(
    systems: readonly Address[],
    filter: Pick<EventQuery, "types" | "account" | "token" | "references">,
    { key, direction, limit }: Range,
  ): Promise<LedgerEvent[]> {
    const isOn = direction === "on";
    const edge = key === null ? null : placeOf(key, systems);
    const inOrder = isOn ? systems : [...systems].reverse();
    const found: LedgerEvent[] = [];
    for (const system of edge === null ? inOrder : inOrder.slice(inOrder.indexOf(edge.system))) {
      const left = limit - found.length;
      if (left === 0) break;
      const bound = system === edge?.system ? { [isOn ? "before" : "after"]: edge.number } : {};
      const order = isOn ? "descending" : "ascending";
      found.push(...(await this.store.log.events(system, { ...filter, ...bound, order, limit: left })));
    }
    return found;
  }
}

/**
 * Whose books are asked for: the account's system, the one named, or the only one.
 * @throws unknown_account, unknown_system, invalid_request when it must be named
 */
export function serviceFor(services: Services, { system, account }: Pick<RecordQuery, "system" | "account">) {
  if (account !== undefined) return services.of(account);
  if (system !== undefined) return services.ofSystem(system);
  const [only, ...others] = services.systems;
  return only !== undefined && others.length === 0 ? services.ofSystem(only) : mustBeNamed();
}

/** The id of a record by the number of its event; null where the number was not kept. */
export function idOf({ identity }: AccountService, number: bigint | undefined): LogId | null {
  return number === undefined ? null : { system: identity.system, number };
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

function mustBeNamed(): never {
  return fail("invalid_request", { field: "querystring/system", reason: "must name one of the systems" });
}

function filterOf({ account, token }: RecordQuery): Pick<EventQuery, "account" | "token"> {
  return { ...(account !== undefined && { account }), ...(token !== undefined && { token }) };
}

/** In a cursor: the system's digits, then those of the number. */
function keyOf({ system, number }: LogId): string {
  return system.slice(2) + number.toString();
}

function placeOf(key: string, systems: readonly Address[]): LogId {
  const [, digits = "", number = ""] = /^([0-9a-f]{40})([0-9]{1,20})$/.exec(key) ?? [];
  const system = systems.find((one) => one === `0x${digits}`);
  return system === undefined ? refuseCursor() : { system, number: BigInt(number) };
}
