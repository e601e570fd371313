import type { FastifyReply } from "fastify";
import { z } from "zod";

import type { ErrorCode } from "../../errors";
import type { AccountService } from "../accountService";
import type { Reply, Request } from "../requests";

const MISSING: { readonly error: ErrorCode } = { error: "missing_idempotency_key" };

/** Every call that changes something carries a key; other headers are not ours. */
export const keyed = z.object({
  "idempotency-key": z
    .string(MISSING)
    .regex(/^[\x21-\x7e]{1,255}$/, MISSING)
    .meta({ description: "New for each new request; the same again with the same body gets the same answer." }),
});

/** Of whom a key is: the operator's never meet those of users. */
export type Scope = "operator" | `0x${string}`;

/**
 * Carries out a request under its key; says in the answer's head if that was done before.
 * @throws idempotency_conflict, and what {@link AccountService.submit} throws
 */
export async function carryOut(
  service: AccountService,
  request: Request,
  scope: Scope,
  headers: z.output<typeof keyed>,
  reply: FastifyReply,
): Promise<Reply> {
  const answer = await service.submit(request, `${scope}:${headers["idempotency-key"]}`);
  if (answer.replayed) void reply.header("idempotent-replayed", "true");
  return answer;
}
