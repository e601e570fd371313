import { fail, type StarledgerError } from "../../errors";
import { domainSeparator, SystemVerifier, type Address, type Domain, type Hash } from "../../protocol";
import { ChainNode, httpProvider, Hub, type Eip1193Provider } from "../chain";
import { registrarOf } from "../chain/registrar";
import { httpApi, type HttpApi } from "../httpApi";
import { retrying } from "../retrying";
import type { Signer } from "../signers";
import type { Store } from "../store";
import { Handovers, towerApi, Towers, type WatchtowerOptions } from "../watchtower";
import { ChainSigners } from "./chainSigners";
import { Client } from "./client";
import type { PublicationCheck } from "./publications";
import type { Setting } from "./setting";

const POLL = 15_000;

/** How an account is reached. */
export interface ConnectOptions {
  /** The service: `https://host:port`. */
  readonly url: string;
  /** A node of the owner's choice, by its address or as a wallet's EIP-1193 provider: what it says of the chain is believed. */
  readonly rpc: string | Eip1193Provider;
  readonly account: Signer;
  readonly store: Store;
  /**
   * The hub's address. Without it, the one that this store was first used with; before that, the one that the service
   * names: whoever cannot trust it with that gives the address.
   */
  readonly hub?: Address;
  /** The anchor contract's address, by which the system publishes what it owes; as with the hub. */
  readonly anchor?: Address;
  /** The system that keeps the account; as with the hub. */
  readonly system?: Address;
  /** The key was made here and never left, and the store was never rolled back: see {@link Wallet}. */
  readonly isOriginal?: boolean;
  /** Milliseconds between two looks at chain and service; 15,000 unless given, 0 for none. */
  readonly poll?: number;
  /** Watchtowers that are handed over to in the background after every payment; never waited for. */
  readonly watchtowers?: readonly WatchtowerOptions[];
  /** A key of the service with the right to open accounts, where the client is to open its own. */
  readonly apiKey?: string;
  /** Told what came of checking the account's place in each publication of what the system owes. */
  readonly onPublication?: (check: PublicationCheck, token: Address) => void;
  /** Told of what went wrong in the background. */
  readonly onError?: (error: StarledgerError, token: Address) => void;
}

/**
 * Connects an account to its service and its chain. The store is locked until {@link Client.stop}: two programs on one
 * store would sign against each other.
 * @throws store_locked, wrong_chain, chain_unreachable, unreachable
 */
export function connect(options: ConnectOptions): Promise<Client> {
  const { url, apiKey, account } = options;
  const sign = (_: Hash, text: string) => account.signText(text);
  const user = { account: account.address, sign, ...(apiKey !== undefined && { apiKey }) };
  return connectTo((chainId) => retrying(httpApi(url, { ...user, chainId })), options);
}

/** As {@link connect}, to a service that is reached otherwise. */
export async function connectTo(
  apiOn: (chainId: bigint) => HttpApi,
  options: Omit<ConnectOptions, "url" | "apiKey">,
): Promise<Client> {
  const { account, store, isOriginal = false, poll = POLL } = options;
  const { anchor, onError = () => undefined, onPublication = () => undefined } = options;
  const unlock = await store.lock();
  try {
    const node = new ChainNode(typeof options.rpc === "string" ? httpProvider(options.rpc) : options.rpc);
    const chainId = await node.chainId();
    const api = apiOn(chainId);
    const { domain, system } = await identify(api, node, chainId, options);
    const hub = new Hub(domain.hub, node);
    const setting = {
      ...{ api, hub, domain, system, account, store, isOriginal, anchor },
      signers: new ChainSigners(hub, system),
      registrar: registrarOf(await hub.registry(), node, account),
      verifier: new SystemVerifier(domainSeparator(domain)),
      now: () => BigInt(Math.floor(Date.now() / 1000)),
    };
    const towers = towersOf(options.watchtowers, setting, onError);
    return new Client(setting, { poll, onError, onPublication, unlock, towers });
  } catch (error) {
    await unlock();
    throw error;
  }
}

function towersOf(
  towers: readonly WatchtowerOptions[] = [],
  { account, domain, now }: Setting,
  onError: NonNullable<ConnectOptions["onError"]>,
): Towers {
  const sign = (_: Hash, text: string) => account.signText(text);
  const user = { account: account.address, chainId: domain.chainId, sign };
  const handovers = towers.map(({ url, maxShareBps = 0 }) => {
    const shared = { domain, account, maxShareBps, now, api: towerApi(url, user) };
    return new Handovers({ ...shared, onError: (error, { key }) => onError(error, key.token) });
  });
  return new Towers(handovers);
}

interface Identity {
  readonly domain: Domain;
  readonly system: Address;
}

/** @throws wrong_chain */
async function identify(
  api: HttpApi,
  node: ChainNode,
  onChain: bigint,
  options: Omit<ConnectOptions, "url">,
): Promise<Identity> {
  const earlier = await usedBefore(options.store, options.account.address);
  const { hub = earlier?.domain.hub, system = earlier?.system } = options;
  const identity =
    hub !== undefined && system !== undefined
      ? { domain: { chainId: earlier?.domain.chainId ?? onChain, hub }, system }
      : await advertised(api, hub, system);
  const { chainId } = identity.domain;
  if (onChain !== chainId) fail("wrong_chain", { got: onChain, want: chainId });
  if (earlier !== undefined) requireSame(identity, earlier);
  if (!(await node.hasCode(identity.domain.hub)))
    fail("wrong_chain", { hub: identity.domain.hub, reason: "no contract" });
  return identity;
}

async function usedBefore(store: Store, user: Address): Promise<Identity | undefined> {
  for (const record of await store.all()) {
    if (record.type === "opened" && record.key.user === user) {
      return { domain: record.domain, system: record.key.system };
    }
  }
  return undefined;
}

async function advertised(api: HttpApi, hub: Address | undefined, system: Address | undefined): Promise<Identity> {
  const systems = await api.systems();
  const fitting = systems.filter((one) => (hub ?? one.hub) === one.hub && (system ?? one.address) === one.address);
  const [only] = fitting;
  if (only === undefined || fitting.length > 1) {
    return fail("wrong_chain", { systems: systems.map(({ address }) => address).join(" "), fitting: fitting.length });
  }
  return { domain: { chainId: only.chainId, hub: only.hub }, system: only.address };
}

function requireSame({ domain, system }: Identity, earlier: Identity): void {
  const same =
    domain.chainId === earlier.domain.chainId && domain.hub === earlier.domain.hub && system === earlier.system;
  if (same) return;
  fail("wrong_chain", {
    got: `${domain.chainId} ${domain.hub} ${system}`,
    want: `${earlier.domain.chainId} ${earlier.domain.hub} ${earlier.system}`,
  });
}
