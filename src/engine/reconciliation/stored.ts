import type { Ledger } from "../ledger";
import type { Asset } from "../records";
import { compare, compareFields, type Difference } from "./difference";

/** What of the store is not as the service has it in memory: `stored` is a ledger read anew. */
export function differencesInStore(ledger: Ledger, stored: Ledger): Difference[] {
  const accounts = union(stored.accounts, ledger.accounts).flatMap(([account, is, want]) =>
    compareFields(
      "stored_account",
      { account },
      is && { ...is, sealedKey: null },
      want && { ...want, sealedKey: null },
    ),
  );
  const sealed = [...ledger.accounts.values()].flatMap(({ address: account, sealedKey }) => {
    const same = stored.account(account)?.sealedKey === sealedKey || stored.account(account) === undefined;
    // Neither key is shown.
    return compare("stored_account", { account, field: "sealedKey" }, same ? "as it was" : "another", "as it was");
  });
  const assets = union(assetsOf(stored), assetsOf(ledger)).flatMap(([, is, want]) =>
    compareFields("stored_asset", { token: (want ?? is)!.token }, is, want),
  );
  const channels = union(stored.channels, ledger.channels).flatMap(([channel, is, want]) => {
    // The store reads channels of settled epochs no more.
    if (want?.status === "settled" && is === undefined) return [];
    return compareFields("stored_channel", { channel, token: (want ?? is)!.key.token }, is, want);
  });
  return [...accounts, ...sealed, ...assets, ...channels];
}

function assetsOf({ assets }: Ledger): Map<string, Asset> {
  return new Map([...assets.values()].map((asset) => [asset.system + asset.token, asset]));
}

interface Items<Key, Item> {
  keys(): Iterable<Key>;
  get(key: Key): Item | undefined;
}

function union<Key, Item>(a: Items<Key, Item>, b: Items<Key, Item>): [Key, Item | undefined, Item | undefined][] {
  return [...new Set([...a.keys(), ...b.keys()])].map((key) => [key, a.get(key), b.get(key)]);
}
