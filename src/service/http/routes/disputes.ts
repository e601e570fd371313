import { z } from "zod";

import { fail } from "../../../errors";
import { toHash } from "../../../protocol";
import * as wire from "../../../wire";
import type { AccountService } from "../../accountService";
import { closeBySystem, type DisputeView } from "../../disputes";
import type { Api } from "../api";
import { concerning, NOTHING } from "../auth";
import { ofChannel } from "../concern";
import { readPage, within } from "../pages";
import { serviceFor } from "../records";
import { channelView } from "./channels";

const params = z.strictObject({ id: wire.channelId });

/** The closes that are pending, with what the service does about them, and those that the operator asks for. */
export function disputeRoutes({ app, services, sides }: Api): void {
  app.get(
    "/v1/disputes",
    {
      config: { access: "service:read", concerns: NOTHING },
      schema: {
        summary: "Closes that are pending, the first to end first",
        description: "What has ended is told by the events `channel.frozen` and `channel.settled`.",
        querystring: wire.disputeQuery,
        response: { 200: wire.page(wire.dispute) },
      },
    },
    async ({ query }) => {
      const service = serviceFor(services, query);
      const disputes = sides.get(service)?.pendingDisputes() ?? [];
      const page = await readPage(query, keyOf, within(disputes, keyOf));
      return { ...page, data: page.data.map((one) => viewOf(service, one)) };
    },
  );

  app.put(
    "/v1/channels/:id/close",
    {
      config: {
        access: "channels:write",
        concerns: concerning("params", params, ({ id }) => ofChannel(services, id)),
      },
      schema: {
        summary: "Close a channel on the chain, whatever its user does",
        description:
          "For users who are gone, and systems that end; together with the user `closings` is cheaper. The channel is frozen, the user is paid what it is due, and the rest of the collateral comes back when the claim window is over.",
        params,
        response: { 200: wire.channel },
      },
    },
    async ({ params: { id } }) => {
      const service = services.ofChannel(id);
      const { key } = service.channel(id) ?? fail("unknown_channel", { channel: id });
      if (sides.get(service)?.canAnswer !== true) fail("no_gas_key", { system: key.system });
      await closeBySystem(service, id, key.token);
      return await channelView(service, id);
    },
  );
}

function keyOf({ close }: DisputeView): string {
  return close.id.slice(2);
}

function viewOf(service: AccountService, dispute: DisputeView): z.output<typeof wire.dispute> {
  const { close, channel, standing, answers, items, deadline, isLate, settleableFrom, systemCheated } = dispute;
  const { judged } = close;
  return {
    channelId: close.id,
    account: channel.key.user,
    token: channel.key.token,
    decimals: service.asset(channel.key.token).decimals,
    by: judged.bySystem ? "system" : "user",
    humble: judged.humble,
    transaction: toHash(close.transaction),
    version: judged.version,
    standing: standing.version,
    latest: channel.state.version,
    challengeEnd: judged.challengeEnd,
    ...{ settleableFrom, systemCheated, deadline },
    due: answers.map(({ show }) => show),
    late: isLate,
    sent: items.map(({ key, status, mined, attempts }) => ({
      name: key.split(":")[2]!,
      status,
      transaction: mined ?? attempts.at(-1)?.hash ?? null,
    })),
  };
}
