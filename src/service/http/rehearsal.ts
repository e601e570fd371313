import { z } from "zod";

import { available, balance } from "../../protocol";
import type * as wire from "../../wire";
import type { AccountService } from "../accountService";
import type { Request } from "../requests";

/** Of calls that move money: whether to say only what would happen. */
export const rehearsable = z.strictObject({
  dryRun: z
    .enum(["true", "false"])
    .default("false")
    .meta({ description: "`true`: say what would happen, and change nothing." }),
});

/**
 * What the request would lead to.
 * @throws what the request itself throws
 */
export async function rehearse(service: AccountService, request: Request): Promise<z.output<typeof wire.rehearsal>> {
  const { fee, channel } = await service.rehearse(request);
  if (channel === undefined) return { dryRun: true, fee, account: null };
  const { id, key, funds, state, note, pending } = channel;
  const account = {
    address: key.user,
    token: key.token,
    decimals: service.asset(key.token).decimals,
    channelId: id,
    balance: balance(funds, state, note),
    locked: state.locked,
    available: available(funds, state, note, pending),
  };
  return { dryRun: true, fee, account };
}
