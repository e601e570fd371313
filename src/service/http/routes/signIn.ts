import type { AddressInfo } from "node:net";

import { fail } from "../../../errors";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { checkSignIn, digestOf, makeToken, Nonces } from "../auth";

/** How users sign in with the key of their account (EIP-4361). */
export function signInRoutes({ app, services, store, keystore, now, settings }: Api): void {
  const nonces = new Nonces(keystore.derive("sign-in nonces"), now);
  const config = { access: "anyone" } as const;

  app.post(
    "/v1/sign-in/nonce",
    { config, schema: { summary: "A nonce to sign in with, once", response: { 201: wire.signInNonce } } },
    (_call, reply) => {
      const { nonce, expires } = nonces.make();
      void reply.code(201);
      return { nonce, expires: new Date(expires).toISOString() };
    },
  );

  app.post(
    "/v1/sign-in",
    { config, schema: { summary: "Sign in", body: wire.signInRequest, response: { 201: wire.session } } },
    async ({ body }, reply) => {
      const { account, nonce } = checkSignIn(body.message, body.signature, {
        domains: settings.signInDomains ?? [addressOf(app)],
        chainIds: services.identities.map(({ domain }) => domain.chainId),
        isNonce: (nonce) => nonces.isValid(nonce),
        now: now(),
      });
      services.of(account);
      const token = makeToken("session", nonce);
      const expires = now() + settings.sessionTtl;
      const isFirst = await store.sessions.add({ id: nonce, account, digest: digestOf(token), expires });
      if (!isFirst) fail("invalid_sign_in", { field: "nonce", got: nonce });
      void reply.code(201);
      return { account, token, expires: new Date(expires).toISOString() };
    },
  );

  app.post(
    "/v1/sign-out",
    { config, schema: { summary: "End the session", response: { 201: wire.signOut } } },
    async ({ caller }, reply) => {
      const { id, account } = caller?.session ?? fail("unauthorized");
      await store.sessions.end(id);
      void reply.code(201);
      return { account };
    },
  );
}

/** Host and port that the server listens on, as in a URL. */
function addressOf(app: Api["app"]): string {
  const { address, family, port } = app.server.address() as AddressInfo;
  return `${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
