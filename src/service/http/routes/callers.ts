import { fail } from "../../../errors";
import * as wire from "../../../wire";
import type { Api } from "../api";

/** What a credential is good for, for programs that offer no more than that. */
export function callerRoutes({ app }: Api): void {
  app.get(
    "/v1/caller",
    {
      config: { access: "anyone" },
      schema: {
        summary: "Whose the credential is, and what it may do",
        response: { 200: wire.caller },
      },
    },
    ({ caller }) => {
      const { kind, id, scopes, restrictions, expires } = caller ?? fail("unauthorized");
      return {
        ...{ kind, id, scopes: [...scopes], restrictions },
        expires: expires === null ? null : new Date(expires).toISOString(),
      };
    },
  );
}
