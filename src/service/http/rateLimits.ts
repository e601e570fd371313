import rateLimit from "@fastify/rate-limit";
import type { FastifyReply, FastifyRequest } from "fastify";

import { fail } from "../../errors";
import type { Api } from "./api";
import type { Caller } from "./auth";
import type { RateLimits } from "./settings";

const MINUTE = 60_000;

/**
 * Counts calls, in this process, and says in each answer how many are left. The operator's own calls are not counted.
 * @returns what counts a call, of HTTP if it is given what to answer, and throws `rate_limited` if there were too many
 */
export async function limitRates(
  app: Api["app"],
  { perAddress, perUser, perKey }: RateLimits,
): Promise<(request: FastifyRequest, reply?: FastifyReply) => Promise<void>> {
  await app.register(rateLimit, { global: false, timeWindow: MINUTE });
  const most = (caller: Caller) => (caller.kind === "key" ? perKey : perUser);
  const byAddress = app.createRateLimit({ max: perAddress });
  const byCaller = app.createRateLimit({
    max: ({ caller }) => most(caller!),
    keyGenerator: ({ caller }) => caller!.keys.at(-1) ?? caller!.id,
  });
  return async (request, reply) => {
    const { caller } = request;
    if (caller?.kind === "operator" || (caller === null ? perAddress : most(caller)) === 0) return;
    const count = await (caller === null ? byAddress : byCaller)(request);
    if (count.isAllowed) return;
    const { max, remaining, ttlInSeconds, isExceeded } = count;
    void reply?.headers({ "ratelimit-limit": max, "ratelimit-remaining": remaining, "ratelimit-reset": ttlInSeconds });
    if (!isExceeded) return;
    void reply?.header("retry-after", ttlInSeconds);
    fail("rate_limited", { limit: max, seconds: ttlInSeconds });
  };
}
