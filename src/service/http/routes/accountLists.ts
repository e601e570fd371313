import type { Account, Channel, LedgerEvent } from "../../../engine";
import { available, balance, type Address } from "../../../protocol";
import type { Store } from "../../../store";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Api } from "../api";
import { ASKED_FOR } from "../concern";
import { readPage, within } from "../pages";
import { customerOf } from "../records";

/** The accounts of a system, and the channels of an account. */
export function accountListRoutes({ app, services, store, records }: Api): void {
  app.get(
    "/v1/accounts",
    {
      config: { access: "accounts:read" },
      schema: {
        summary: "The accounts of a system, or of one after the other, newest first",
        querystring: wire.accountQuery,
        response: { 200: wire.page(wire.account) },
      },
    },
    async ({ query }) => {
      const page = await records.page(["account.opened"], query);
      const accounts = await accountsOf(store, page.data);
      return { ...page, data: page.data.map(({ account }) => accounts.get(customerOf(account))!) };
    },
  );

  app.get(
    "/v1/channels",
    {
      config: { access: "channels:read", concerns: ASKED_FOR },
      schema: {
        summary: "The channels of an account in their current epochs",
        querystring: wire.channelQuery,
        response: { 200: wire.page(wire.channelSummary) },
      },
    },
    async ({ query }) => {
      const service = services.of(query.account);
      const channels = [...service.assets()].flatMap(({ token }) => {
        const isAskedFor = query.token === undefined || query.token === token;
        return (isAskedFor ? service.channelOf(query.account, token) : undefined) ?? [];
      });
      const page = await readPage<Channel>(query, idOf, within(channels, idOf));
      return { ...page, data: page.data.map((channel) => summaryOf(service, channel)) };
    },
  );
}

/** The accounts that were opened. */
async function accountsOf(store: Store, opened: readonly LedgerEvent[]): Promise<Map<Address, Account>> {
  const found = await Promise.all(
    [...new Set(opened.map(({ system }) => system))].map((system) => {
      const own = opened.filter((one) => one.system === system);
      return store.ledger.accountsAmong(
        system,
        own.map(({ account }) => customerOf(account)),
      );
    }),
  );
  return new Map(found.flat().map((account) => [account.address, account]));
}

const idOf = ({ id }: Channel): string => id;

function summaryOf(service: AccountService, { id, key, status, funds, state, note, pending }: Channel) {
  return {
    ...{ id, key, status, funds, decimals: service.asset(key.token).decimals },
    balance: balance(funds, state, note),
    available: available(funds, state, note, pending),
    version: state.version,
    seq: note.seq,
  };
}
