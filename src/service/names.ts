import { fail } from "../errors";
import type { Address } from "../protocol";
import type { Store } from "../store";
import type { AliasText } from "../wire";

/** For how long a name that was given up is kept for whom it stood for; milliseconds. */
export const COOL_DOWN = 90 * 86_400_000;

/** Where names are looked up, and which host they are of. */
export interface Names {
  readonly store: Store;
  readonly host: string;
}

/**
 * The account that a payment is for; what is signed names its address.
 * @throws unknown_alias
 */
export async function accountNamed({ store, host }: Names, to: Address | AliasText): Promise<Address> {
  if (typeof to === "string") return to;
  const isOurs = to.host === null || to.host === host;
  const found = isOurs ? await store.aliases.find(to.name) : undefined;
  return found?.account ?? fail("unknown_alias", { name: to.name, host: to.host ?? host });
}
