import type { PendingDeposit } from "../../chainFollower";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { ASKED_FOR } from "../concern";
import { readPage, within } from "../pages";
import { serviceFor } from "../records";

/** Deposits that the chain shows and that are not credited yet. */
export function pendingDepositRoutes({ app, services, sides }: Api): void {
  app.get(
    "/v1/pending-deposits",
    {
      config: { access: "money:read", concerns: ASKED_FOR },
      schema: {
        summary: "Deposits that wait for confirmations, oldest first",
        description: "What is here may still vanish with its block; nothing of it is in any balance.",
        querystring: wire.recordQuery,
        response: { 200: wire.page(wire.pendingDeposit) },
      },
    },
    async ({ query }) => {
      const service = serviceFor(services, query);
      const deposits = (sides.get(service)?.pendingDeposits() ?? []).flatMap((deposit) => {
        const { user: account, token } = service.channel(deposit.channelId)!.key;
        const isAskedFor = (query.account ?? account) === account && (query.token ?? token) === token;
        return isAskedFor ? [{ ...deposit, account, token, decimals: service.asset(token).decimals }] : [];
      });
      return await readPage(query, keyOf, within(deposits, keyOf));
    },
  );
}

function keyOf({ transaction, channelId }: PendingDeposit): string {
  return transaction.slice(2, 50) + channelId.slice(2, 34);
}
