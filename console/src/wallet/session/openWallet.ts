import { StarledgerError } from "../../../../src/errors";
import { ZERO_ADDRESS, type Address } from "../../../../src/protocol";
import {
  connect,
  Hub,
  IndexedDbStore,
  restore,
  type Client,
  type Eip1193Provider,
  type Signer,
  type Store,
} from "../../../../src/sdk/browser";
import { named, nodeAt, type NamedAsset } from "../../data/chain";
import { anyone, SERVICE, type Surroundings } from "../../data/service";
import { invitation } from "./invitation";
import type { Vault } from "./vault";

export { localSigner, walletSigner } from "../../../../src/sdk/browser";

/** An account in use. */
export interface OpenWallet {
  readonly client: Client;
  readonly store: Store;
  readonly hub: Hub;
  /** All that the account's system lists. */
  readonly assets: readonly NamedAsset[];
  /** How many systems the service serves. */
  readonly systems: number;
  readonly surroundings: Surroundings;
  /**
   * What goes wrong in the background at a time (Unix milliseconds), until a while after it went wrong last; that a publication
   * was not true, from when it was found on.
   */
  readonly problem: (now: number) => StarledgerError | undefined;
}

/** With whom an account is, and whom it asks. */
interface Around {
  readonly vault: Vault;
  readonly rpc: string | Eip1193Provider;
  readonly surroundings: Surroundings;
}

/** All that an account must not forget, apart from its key. */
export interface Backup {
  readonly file: Uint8Array;
  readonly passphrase: string;
}

const storeOf = (account: Address) => IndexedDbStore.open(`starledger-${account}`);

/** Milliseconds between two looks at chain and service; what the service tells is seen at once. */
const POLL = 6_000;

/** What did not go wrong again for so many milliseconds is over: two looks, and the time that a call is tried for. */
const PATIENCE = 2 * POLL + 10_000;

/** What says that opening is for the operator to do. */
const NOT_OURS: ReadonlySet<string> = new Set(["unknown_account", "unauthorized", "forbidden", "account_exists"]);

/**
 * Connects an account with its own store in this browser.
 * @throws what `connect` throws
 */
export async function openWallet(
  account: Signer,
  { vault: { system, towers = [] }, rpc, surroundings }: Around,
): Promise<OpenWallet> {
  const store = await storeOf(account.address);
  try {
    let last: { readonly error: StarledgerError; readonly at: number } | undefined;
    let mismatch: StarledgerError | undefined;
    const apiKey = invitation();
    const client = await connect({
      ...{ url: SERVICE, rpc, account, store, poll: POLL, watchtowers: towers },
      onError: (error) => (last = { error, at: Date.now() }),
      onPublication: (check) => {
        if (check.type === "mismatch") mismatch = check.error;
      },
      ...(apiKey !== undefined && { apiKey }),
      ...(system !== undefined && { system }),
    });
    const node = nodeAt(rpc);
    const [systems, assets] = await Promise.all([anyone.systems(), anyone.assets()]);
    const own = assets.filter(({ system }) => system === client.system);
    const hub = new Hub(client.domain.hub, node);
    return {
      client,
      store,
      hub,
      assets: await named(own, systems, node),
      systems: systems.length,
      surroundings,
      problem: (now) => mismatch ?? (last !== undefined && now - last.at < PATIENCE ? last.error : undefined),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * Takes an account's records out of a backup; from then on it closes humbly, for what was signed since is not in it.
 * @throws wrong_passphrase, invalid_input, store_failed where this browser has records of the account already
 */
export async function restoreRecords(account: Address, { file, passphrase }: Backup): Promise<void> {
  const store = await storeOf(account);
  try {
    await restore(store, file, passphrase);
  } finally {
    await store.close();
  }
}

/** Whether it is for the account's owner to say with whom the account is. */
export function mustChoose(error: unknown): boolean {
  return error instanceof StarledgerError && error.code === "wrong_chain" && Number(error.details["fitting"] ?? 0) > 1;
}

/**
 * Opens a channel for every token, as far as this account may; resolves with the tokens whose channels are open. Where the service
 * does not answer, those that were open here before, and there is nothing but the way out.
 */
export async function openChannels({ client, store, assets }: OpenWallet): Promise<readonly Address[]> {
  const tokens = assets.map(({ token }) => token);
  try {
    if (await opened(client, ...tokens)) return tokens;
    const open: Address[] = [];
    for (const token of tokens) if (await opened(client, token)) open.push(token);
    return open;
  } catch (error) {
    const known = await knownIn(store, client);
    if (known.length === 0 || !(error instanceof StarledgerError) || error.code !== "unreachable") throw error;
    return tokens.filter((token) => known.includes(token));
  }
}

async function knownIn(store: Store, { account, system }: Client): Promise<readonly Address[]> {
  const keys = (await store.all()).flatMap((record) => (record.type === "opened" ? [record.key] : []));
  return keys.filter((key) => key.user === account && key.system === system).map(({ token }) => token);
}

async function opened(client: Client, ...tokens: readonly Address[]): Promise<boolean> {
  try {
    await client.open(...tokens);
    return true;
  } catch (error) {
    if (error instanceof StarledgerError && NOT_OURS.has(error.code)) return false;
    throw error;
  }
}

/** What the account's transactions are paid with. */
export function gasOf({ client, hub }: OpenWallet): Promise<bigint> {
  return hub.held(ZERO_ADDRESS, client.account);
}
