import { z } from "zod";

import { fail } from "../../../errors";
import * as wire from "../../../wire";
import { Signatures } from "../../signatures";
import type { Api } from "../api";
import { requireAccess } from "../auth";
import { LOOKED_FOR } from "../concern";

const params = z.strictObject({ id: wire.channelId, version: wire.uint64 });

/** As far as the store can count. */
const LAST = 2n ** 63n - 1n;

/** What neither side can deny, of any epoch, whoever leads the system. */
export function receiptRoutes({ app, records, services, store }: Api): void {
  app.get(
    "/v1/channels/:id/states/:version",
    {
      config: { access: "channels:read", concerns: LOOKED_FOR },
      schema: {
        summary: "A complete state with its operations and both signatures",
        description: "The SDK's `verifyReceipt` checks it.",
        params,
        response: { 200: wire.receipt },
      },
    },
    async ({ caller, params: { id, version } }) => {
      const channel = (await store.signed.channelKey(id)) ?? fail("unknown_channel", { channel: id });
      requireAccess(caller, "channels:read", { accounts: [channel.user], tokens: [channel.token] });
      const signatures = new Signatures(store, services.known(channel.system));
      const receipt = version > LAST ? undefined : await signatures.receipt(id, version);
      const decimals = await records.decimalsOf(channel.system, channel.token);
      return { channel, decimals, ...(receipt ?? fail("unknown_record", { version })) };
    },
  );
}
