import type { FastifyReply } from "fastify";
import { z } from "zod";

import { fail, type ErrorCode } from "../../errors";
import { IDEMPOTENCY_KEY } from "../../wire";
import type { AccountService } from "../accountService";
import type { Reply, Request } from "../requests";
import type { Caller } from "./auth";

const MISSING: { readonly error: ErrorCode } = { error: "missing_idempotency_key" };

/** Every call that changes something carries a key; other headers are not ours. */
export const keyed = z.object({
  "idempotency-key": z.string(MISSING).regex(IDEMPOTENCY_KEY, MISSING).meta({
    description:
      "New for each new request; the same again with the same body gets the same answer, for a day at least.",
  }),
});

/**
 * Carries out a request under its key; says in the answer's head if that was done before.
 * @param subject whose key it is where that is not the caller: what is signed is the same whoever sends it
 * @throws idempotency_conflict, and what {@link AccountService.submit} throws
 */
export async function carryOut(
  service: AccountService,
  request: Request,
  { caller, headers }: { readonly caller: Caller | null; readonly headers: z.output<typeof keyed> },
  reply: FastifyReply,
  subject = caller?.id ?? fail("unauthorized"),
): Promise<Reply> {
  const answer = await submitAs(service, request, caller, subject, headers["idempotency-key"]);
  if (answer.replayed) markReplayed(reply);
  return answer;
}

/** Says that the same was asked for before, and is not done again. */
export function markReplayed(reply: FastifyReply): void {
  void reply.header("idempotent-replayed", "true");
}

/** Carries out a request under its key, whatever brought it. */
export function submitAs(
  service: AccountService,
  request: Request,
  caller: Caller | null,
  subject: string,
  key: string,
): Promise<Reply> {
  return service.submit(request, `${subject}:${key}`, caller?.budgets);
}

/**
 * The name of a caller's request, by its key.
 * @throws unauthorized
 */
export function keyOf({
  caller,
  headers,
}: {
  readonly caller: Caller | null;
  readonly headers: z.output<typeof keyed>;
}) {
  return `${caller?.id ?? fail("unauthorized")}:${headers["idempotency-key"]}`;
}
