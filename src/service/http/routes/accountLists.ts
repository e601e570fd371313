import type { Channel } from "../../../engine";
import { available, balance } from "../../../protocol";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Api } from "../api";
import { ASKED_FOR } from "../concern";
import { readPage, within } from "../pages";
import { customerOf, pageOfLog, serviceFor } from "../records";

/** The accounts of a system, and the channels of an account. */
export function accountListRoutes({ app, services }: Api): void {
  app.get(
    "/v1/accounts",
    {
      config: { access: "accounts:read" },
      schema: {
        summary: "The accounts of a system, newest first",
        querystring: wire.accountQuery,
        response: { 200: wire.page(wire.account) },
      },
    },
    async ({ query }) => {
      const service = serviceFor(services, query);
      const page = await pageOfLog(service, ["account.opened"], query);
      return { ...page, data: page.data.map(({ account }) => service.account(customerOf(account))) };
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
