import { z } from "zod";

import { fail } from "../../../errors";
import type { ApiKey } from "../../../store";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { digestOf, KeyMaker, NOTHING, requireNarrower, rightsOf, rightsToText, type Caller } from "../auth";
import { keyed, markReplayed } from "../idempotency";
import { readPage, refuseCursor } from "../pages";

/** How many keys may descend from one another. */
const GENERATIONS = 8;

/** Keys for the operator's programs, and for what they start: each can do less than the one that made it. */
export function apiKeyRoutes({ app, store, keystore, now }: Api): void {
  const maker = new KeyMaker(keystore);

  app.post(
    "/v1/api-keys",
    {
      config: { access: "keys:write", concerns: NOTHING },
      schema: {
        summary: "Make a key",
        description: "It can do no more than the one that makes it; its text is shown this once.",
        headers: keyed,
        body: wire.apiKeyOrder,
        response: { 201: wire.newApiKey },
      },
    },
    async ({ caller, body, headers }, reply) => {
      const { name, scopes, restrictions } = body;
      const made = maker.make(caller!.id, headers["idempotency-key"]);
      const expires = body.expires === null ? null : Date.parse(body.expires);
      if (expires !== null && expires <= now()) fail("out_of_range", { field: "body/expires", reason: "has passed" });
      requireNarrower({ scopes: new Set(scopes), restrictions, expires }, caller!);
      if (caller!.keys.length >= GENERATIONS) fail("forbidden", { restriction: "generations" });
      const fingerprint = digestOf(JSON.stringify(z.encode(wire.apiKeyOrder, body)));
      const key: ApiKey = {
        ...{ id: made.id, digest: made.digest, fingerprint, expires },
        rights: rightsToText({ name, scopes: [...scopes], restrictions }),
        ...{ parent: caller!.keys[0] ?? null, created: now(), revoked: null },
      };
      const isNew = await store.apiKeys.add(key);
      const [stored = key] = isNew ? [] : await store.apiKeys.chain(made.id);
      if (!stored.fingerprint.equals(fingerprint)) fail("idempotency_conflict");
      if (!isNew) markReplayed(reply);
      void reply.code(201);
      return { ...viewOf(stored), key: made.text };
    },
  );

  app.get(
    "/v1/api-keys",
    {
      config: { access: "keys:read", concerns: NOTHING },
      schema: {
        summary: "The keys that the caller, or a key of its, has made, oldest first",
        querystring: wire.apiKeyQuery,
        response: { 200: wire.page(wire.apiKey) },
      },
    },
    async ({ caller, query }) => {
      const page = await readPage<ApiKey>(query, placeOf, ({ key, direction, limit }) =>
        store.apiKeys.under(caller!.keys[0] ?? null, {
          beyond: key === null ? undefined : placed(key),
          order: direction === "on" ? "ascending" : "descending",
          limit,
        }),
      );
      return { ...page, data: page.data.map(viewOf) };
    },
  );

  app.get(
    "/v1/api-keys/:id",
    {
      config: { access: "keys:read", concerns: NOTHING },
      schema: { summary: "A key", params: wire.apiKeyPath, response: { 200: wire.apiKey } },
    },
    async ({ caller, params: { id } }) => viewOf(await keyOf(caller!, id)),
  );

  app.delete(
    "/v1/api-keys/:id",
    {
      config: { access: "keys:write", concerns: NOTHING },
      schema: {
        summary: "Revoke a key, and with it those that it made",
        params: wire.apiKeyPath,
        response: { 200: wire.apiKey },
      },
    },
    async ({ caller, params: { id } }) => {
      await keyOf(caller!, id);
      await store.apiKeys.revoke(id, now());
      return viewOf(await keyOf(caller!, id));
    },
  );

  /** A key has to do with those alone that descend from it. */
  async function keyOf({ keys: [own] }: Caller, id: string): Promise<ApiKey> {
    const [key, ...makers] = await store.apiKeys.chain(id);
    const isOurs = own === undefined || makers.some((maker) => maker.id === own);
    return key !== undefined && isOurs ? key : fail("unknown_api_key", { id });
  }
}

/** In a cursor: when a key was made, and its id. */
function placeOf({ created, id }: ApiKey): string {
  return `${created}x${id}`;
}

function placed(key: string): Pick<ApiKey, "created" | "id"> {
  const [, created, id] = /^([0-9]{1,15})x([0-9a-f]{32})$/.exec(key) ?? refuseCursor();
  return { created: Number(created), id: id! };
}

function viewOf(key: ApiKey): z.output<typeof wire.apiKey> {
  const { id, parent, created, expires, revoked } = key;
  return {
    id,
    parent,
    ...rightsOf(key),
    created: timeText(created)!,
    expires: timeText(expires),
    revoked: timeText(revoked),
  };
}

function timeText(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
