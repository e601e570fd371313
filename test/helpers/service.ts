import path from "node:path";

import {
  addressOf,
  DEFAULT_LOCK_POLICY,
  defaultAllotment,
  domainSeparator,
  keccakText,
  sign,
  SystemVerifier,
  toAddress,
  ZERO_HASH,
  type Address,
  type AssetSettings,
  type Hash,
  type Hex,
} from "../../src/protocol";
import { FileStore, Wallet, type ServiceApi, type WalletStore } from "../../src/sdk";
import { AccountService, Caretaker, Keystore, type ServiceOptions } from "../../src/service";
import { localKey } from "../../src/signer";
import type { Store } from "../../src/store";
import { inProcess as apiOf } from "../../scripts/demo/inProcess";
import { afterTest } from "./afterTest";
import { databaseOf, openTestStore } from "./databases";
import { temporaryFolder } from "./temporaryFolder";

export { apiOf, temporaryFolder };

export const POINTS = toAddress("0x00000000000000000000000000000000000000aa");
export const COIN = toAddress("0x00000000000000000000000000000000000000cc");
export const DOMAIN = { chainId: 31337n, hub: toAddress("0x00000000000000000000000000000000000000bb") };
export const SEPARATOR = domainSeparator(DOMAIN);
export const SIGNER_KEY = keccakText("signer") as Hex;
export const SYSTEM = addressOf(keccakText("system"));
export const NOW = 1_000_000n;
/** Seconds between the payer's expiry and the payee's. */
export const MARGIN = 100n;
export const SETTINGS: AssetSettings = {
  backing: "issued",
  challengePeriod: 1_000n,
  claimWindow: 1_000n,
  lockLimit: 1_000n,
  award: 0n,
  staleFee: 0n,
};
export const KEYSTORE = new Keystore("a secret", `0x${"5a".repeat(16)}`);
const stores = new WeakMap<AccountService, Store>();

/** The key and address of a person of the tests. */
export function person(name: string): { key: Hex; address: Address } {
  const key = keccakText(name) as Hex;
  return { key, address: addressOf(key) };
}

/** A service on the store, as after a start. */
export async function startService(store: Store, options: Partial<ServiceOptions> = {}): Promise<AccountService> {
  const service = await AccountService.start({
    store,
    domain: DOMAIN,
    system: SYSTEM,
    signer: localKey(SIGNER_KEY),
    keystore: KEYSTORE,
    now: () => NOW,
    locks: { ...DEFAULT_LOCK_POLICY, margin: MARGIN },
    ...options,
  });
  stores.set(service, store);
  return service;
}

/** The store that a service was started on. */
export function storeOf(service: AccountService): Store {
  return stores.get(service)!;
}

/** Lists points (issued, up to `limit`) and a coin (collateral). */
export async function listAssets(
  service: AccountService,
  limit = defaultAllotment(18),
  system = SYSTEM,
): Promise<void> {
  const common = { system, decimals: 18, allotment: defaultAllotment(18), limit };
  await service.submit({ type: "addAsset", asset: { ...common, token: POINTS, settings: SETTINGS } });
  const settings = { ...SETTINGS, backing: "collateral" } as const;
  await service.submit({ type: "addAsset", asset: { ...common, token: COIN, settings } });
}

/** A service on a fresh database with both assets. */
export async function freshService(context: Mocha.Context, limit?: bigint, database = databaseOf(context)) {
  const url = await database.fresh(context);
  const store = await openTestStore(context, url);
  const service = await startService(store);
  await listAssets(service, limit);
  return { url, store, service };
}

/** Opens a hosted account with `amount` points. */
export async function openHosted(service: AccountService, name: string, amount = 0n): Promise<Address> {
  const { key, address } = person(name);
  await service.submit({ type: "openHostedAccount", privateKey: key, tokens: [POINTS, COIN] });
  if (amount > 0n) await issue(service, address, amount);
  return address;
}

export async function issue(service: AccountService, account: Address, amount: bigint): Promise<void> {
  await service.submit({ type: "issue", account, token: POINTS, amount, reference: ZERO_HASH });
}

/** What an account has, at the service. */
export function pointsOf(service: AccountService, account: Address): bigint {
  const { funds, state, note } = service.channelOf(account, POINTS)!;
  return funds.deposited - funds.withdrawn + state.net + note.credited - state.noteCredited;
}

/** A self-custody account with its wallet; notes reach the wallet as they are issued. */
export async function openWallet(
  context: Mocha.Context,
  service: AccountService,
  name: string,
  { token = POINTS, store, api = apiOf(service) }: { token?: Address; store?: WalletStore; api?: ServiceApi } = {},
) {
  const { key, address } = person(name);
  await service.submit({ type: "openAccount", address, tokens: [token] });
  const walletStore = store ?? (await FileStore.open(path.join(temporaryFolder(context), "wallet.jsonl")));
  const wallet = Wallet.create(walletOptions(key, walletStore, api, token));
  const received: Promise<void>[] = [];
  const unsubscribe = service.announcements.notes.add(
    address,
    (delivery) => void received.push(wallet.receive(delivery)),
  );
  return { wallet, address, key, store: walletStore, arrived: () => Promise.all(received), unsubscribe };
}

export function walletOptions(key: Hex, store: WalletStore, api: ServiceApi, token = POINTS) {
  return {
    sign: (message: Hash) => sign(message, key),
    channel: { system: SYSTEM, user: addressOf(key), token, epoch: 0n },
    asset: token === COIN ? ({ ...SETTINGS, backing: "collateral" } as const) : SETTINGS,
    domain: DOMAIN,
    signers: new Set([addressOf(SIGNER_KEY)]),
    api,
    store,
    verifier: new SystemVerifier(SEPARATOR),
    margin: MARGIN,
    now: () => NOW,
  };
}

/** Whoever takes care of the service's hosted accounts, until the test is over. */
export function careFor(context: Mocha.Context, service: AccountService): Caretaker {
  const caretaker = new Caretaker(service);
  afterTest(context, () => caretaker.stop());
  return caretaker;
}
