import type { Api } from "../api";
import { PROOFS_POLICY, proofsPage, type Published } from "../proofsPage";

/** Publications of each token on the page. */
const SHOWN = 7;

/** What the systems have published, as a page for people. */
export function proofsPageRoute({ app, services, store, publishers }: Api): void {
  app.get("/proofs", { config: { access: "anyone" }, schema: { hide: true } }, async (_, reply) => {
    const tokens: Published[] = [];
    for (const { system } of services.identities) {
      for (const asset of services.find(system)?.assets() ?? (await store.ledger.assets(system))) {
        tokens.push({ asset, publications: await store.publications.list(system, asset.token, SHOWN) });
      }
    }
    const hubs = new Map(services.identities.map(({ system, domain }) => [system, domain.hub]));
    void reply.headers({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": PROOFS_POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    return proofsPage({ hubs, anchor: publishers.anchor, tokens });
  });
}
