import { fail } from "../errors";
import type { Address, Domain } from "../protocol";
import { alias, readAlias, webFinger } from "../wire";
import { httpCalls } from "./httpCalls";
import type { AccountName } from "./store";

/** What a host says that a name stands for; nobody has signed it. */
export interface NamedAccount {
  readonly account: Address;
  readonly domain: Domain;
}

/** A service without a public address names accounts after this host. */
const HERE = "localhost";
const LOOPBACK = new Set(["127.0.0.1", "[::1]", HERE]);

/**
 * Names as their hosts resolve them: the service at `url` its own, every other host over TLS (RFC 7033), so that no host speaks
 * for another.
 * @param timeout milliseconds until a host counts as silent
 * @throws bad_alias, unknown_alias, unreachable
 */
export function nameLookup(url: string, timeout: number): (name: AccountName) => Promise<NamedAccount> {
  const own = new URL(url);
  const ownHosts = new Set([own.host, ...(LOOPBACK.has(own.hostname) ? [HERE] : [])]);
  return async (text) => {
    const { name, host } = readAlias(text) ?? fail("bad_alias", { alias: text });
    if (host === null) return fail("bad_alias", { alias: text });
    if (ownHosts.has(host)) {
      const { account, chainId, hub } = await httpCalls(url, timeout)({ path: `/v1/aliases/${name}`, answer: alias });
      return { account, domain: { chainId, hub } };
    }
    const resource = encodeURIComponent(`acct:${name}@${host}`);
    const path = `/.well-known/webfinger?resource=${resource}`;
    const { properties } = await httpCalls(`https://${host}`, timeout)({ path, answer: webFinger });
    const [chainId, hub] = [properties["urn:starledger:chain"], properties["urn:starledger:hub"]];
    return { account: properties["urn:starledger:account"], domain: { chainId, hub } };
  };
}
