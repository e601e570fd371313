import { z } from "zod";

import * as wire from "../../../wire";
import { exportAccount } from "../../accountExport";
import type { Api } from "../api";
import { concerning } from "../auth";

const params = z.strictObject({ address: wire.address });

/** What is held about an account, for whom it is. */
export function exportRoutes({ app, services, store, host }: Api): void {
  app.get(
    "/v1/accounts/:address/export",
    {
      config: {
        access: "accounts:read",
        concerns: concerning("params", params, ({ address }) => ({ accounts: [address], tokens: [] })),
      },
      schema: {
        summary: "Everything that is held about an account, with all that proves it on chain",
        description: "`evidence` of a channel, saved to a file, is what `starledger exit` leaves with.",
        params,
        response: { 200: wire.accountExport },
      },
    },
    ({ params: { address } }) => exportAccount(services.of(address), { store, host }, address),
  );
}
