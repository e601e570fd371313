import { DEFAULT_HTTP_SETTINGS } from "../../src/service/http/settings";
import { host } from "../../src/service/host";
import { OPERATOR_KEY } from "./http";
import { DOMAIN, SIGNER_KEY } from "./service";
import { LISTED, systemsOf } from "./systems";

// A process of its own that serves systems on the database that its parent names, and tells where.

async function main(store: string, systems: number, leaseTtl: number): Promise<void> {
  const config = {
    ...{
      host: "127.0.0.1",
      port: 0,
      store,
      logLevel: "error",
      publicUrl: null,
      peerUrl: null,
      publicNodes: null,
      watchtowers: [],
      explorer: null,
      // The machine of the tests may be busy.
      http: { ...DEFAULT_HTTP_SETTINGS, maxDelay: 0, isAnyWebhookTarget: true },
    },
    ...{
      leaseTtl,
      assetInterval: 60_000,
      backingPercent: 100n,
      bondAwards: 0n,
      tracesUrl: null,
      reconciliationInterval: 0,
      chain: { signerKey: SIGNER_KEY },
      operatorKey: OPERATOR_KEY,
      follow: {
        ...{
          finality: null,
          interval: 4_000,
          gasCap: 0n,
          gasPatience: 60n,
          leastBalance: 0n,
          dailyCap: null,
        },
        settlement: { most: 1, patience: 0n, ceiling: null, longest: 0n },
        proofInterval: 0n,
        closeAfter: null,
      },
    },
    keys: { gas: [], passphrase: null, patience: 1_000 },
    ...{ secret: "sixteen characters", salt: `0x${"5a".repeat(32)}` as const },
  };
  const listed = { ...LISTED, settings: { ...LISTED.settings, lockLimit: 86_400n } };
  const hosted = { domain: DOMAIN, systems: systemsOf(systems), read: () => Promise.resolve(listed) };
  const { url, stop } = await host(config, hosted);
  process.once("SIGTERM", () => void stop().then(() => process.exit(0)));
  process.once("disconnect", () => process.exit());
  process.send!(url);
}

const [, , store, systems, leaseTtl] = process.argv;
void main(store!, Number(systems), Number(leaseTtl));
