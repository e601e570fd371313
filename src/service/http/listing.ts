import { z } from "zod";

import { fail } from "../../errors";
import type { Address } from "../../protocol";
import * as wire from "../../wire";
import type { AccountService } from "../accountService";
import type { Services } from "../services";

export const byToken = z.strictObject({ token: wire.address });
export const ofSystem = z.strictObject({
  system: wire.address.optional().meta({ description: "Needed where several systems list the token." }),
});

/**
 * The service whose system lists the token.
 * @throws unknown_system, unknown_asset, not_leader, invalid_request if several do and none was named
 */
export function listing(services: Services, token: Address, system: Address | undefined): AccountService {
  if (system !== undefined) return services.ofSystem(system);
  const [found, another] = services.all().filter((service) => service.lists(token));
  if (another !== undefined) fail("invalid_request", { field: "querystring/system", reason: "several list the token" });
  return found ?? services.missing("unknown_asset", { token });
}
