import {
  MaxUint256,
  Wallet,
  type ContractTransactionReceipt,
  type ContractTransactionResponse,
  type Signer,
} from "ethers";

import { HubClient } from "../../../src/chain";
import { addSigner, issueToken } from "../../../src/chain/assets";
import type { LocalNode } from "../../../src/chain/localNode";
import {
  addressOf,
  channelId,
  digest,
  domainSeparator,
  emptyNote,
  emptyState,
  hashAppointment,
  hashNote,
  hashState,
  keccakText,
  lockSummary,
  sign,
  toAddress,
  type Address,
  type ChannelId,
  type ChannelKey,
  type Domain,
  type Hash,
  type Hex,
  type Lock,
  type Note,
  type SignedAppointment,
  type State,
  type CompleteState,
} from "../../../src/protocol";
import type { HeldNote } from "../../../src/sdk";
import {
  ChannelHub__factory,
  HubBooks__factory,
  IChannelHub__factory,
  PreimageRegistry__factory,
  type IChannelHub,
} from "../../../typechain-types";
import { startAnvil } from "../anvil";

const DAY = 86_400n;

/** Periods as an operator would choose them; a cheat costs an award of 50. */
export const SETTINGS = {
  backing: "collateral",
  challengePeriod: 3n * DAY,
  claimWindow: 3n * DAY,
  lockLimit: 7n * DAY,
  award: 50n,
  staleFee: 10n ** 15n,
} as const;

const SIGNER = keccakText("starledger court signer") as Hex;
/** More than enough: estimating takes longer than the call. */
const GIVEN = { gasLimit: 400_000, maxFeePerGas: 10n ** 13n, maxPriorityFeePerGas: 10n ** 10n };

/** A user of the system with a channel in its token. */
export interface Party {
  readonly privateKey: Hex;
  readonly key: ChannelKey;
  readonly id: ChannelId;
}

/** A chain with a hub, and a system on it that can be made to cheat. */
export interface Court {
  readonly node: LocalNode;
  readonly domain: Domain;
  readonly system: Address;
  readonly token: Address;
  readonly hub: HubClient;
  party(name: string): Party;
  /** A state that both have signed. */
  state(party: Party, fields: Partial<State>): CompleteState;
  note(party: Party, fields: Partial<Note>, locks?: readonly Lock[]): HeldNote;
  appointment(party: Party, tower: Address, shareBps: number, until: bigint): SignedAppointment;
  /** Pays into a channel. */
  fund(party: Party, amount: bigint): Promise<void>;
  /** The system closes with a state that the user has signed, or with none, and a note of its own; resolves once it is sent. */
  charge(party: Party, shown: CompleteState | undefined, note?: Note): Promise<ContractTransactionResponse>;
  /** The same; resolves once it is mined. */
  cheat(party: Party, shown: CompleteState | undefined, note?: Note): Promise<ContractTransactionReceipt>;
  /** The user closes by itself; humbly with the fee. */
  leave(party: Party, shown: CompleteState | undefined, humble: boolean): Promise<void>;
  /** Of the latest block, in Unix seconds. */
  time(): Promise<bigint>;
  /** Counts the operator's transactions anew: some are gone. */
  forget(): void;
  readonly contract: IChannelHub;
}

/** How a court differs from others. */
export interface CourtOptions {
  /** A node of its own unless given; the chain that a node of its own is of. */
  readonly node?: LocalNode;
  readonly chainId?: bigint;
  /** Seconds; the claim window is as long. */
  readonly challengePeriod?: bigint;
}

/** Opens a court with a hub of its own. */
export async function openCourt({ node: given, chainId: id, challengePeriod }: CourtOptions = {}): Promise<Court> {
  const node = given ?? (await startAnvil(id));
  const settings = { ...SETTINGS, ...(challengePeriod && { challengePeriod, claimWindow: challengePeriod }) };
  const { chainId } = await node.provider.getNetwork();
  const operator = node.account(0);
  const hub = await deployHub(operator);
  const system = toAddress(operator.address);
  const named = { name: "Court coin", symbol: "COURT", decimals: 18, minter: system };
  const coin = await issueToken(operator, hub, named, settings);
  const token = toAddress(await coin.getAddress());
  await addSigner(operator, hub, addressOf(SIGNER));
  await (await coin.mint(system, 10n ** 24n)).wait();
  await (await coin.approve(hub, MaxUint256)).wait();
  const contract = IChannelHub__factory.connect(hub, operator);
  await (await contract.fundBond(system, token, 10n ** 21n)).wait();
  const domain = { chainId, hub };
  const separator = domainSeparator(domain);
  const signed = (structHash: Hash, key: Hex) => sign(digest(separator, structHash), key);
  const time = async (): Promise<bigint> => BigInt((await node.provider.getBlock("latest"))!.timestamp);
  const bySystem = (structHash: Hash) => ({ signature: signed(structHash, SIGNER), proof: [] });

  const charge: Court["charge"] = async ({ key, id }, shown, note = emptyNote(id)) => {
    const deadline = (await time()) + 3_600n;
    const order = { party: system, humble: false, deadline, signature: "0x" };
    const state = shown?.state ?? emptyState(id);
    return await contract.close(key, state, note, shown?.userSignature ?? "0x", "0x", order, GIVEN);
  };

  return {
    ...{ node, domain, system, token, time, contract, hub: new HubClient(hub, operator) },
    forget: () => operator.reset(),
    party: (name) => {
      const privateKey = keccakText(`starledger court ${name}`) as Hex;
      const key = { system, user: addressOf(privateKey), token, epoch: 0n };
      return { privateKey, key, id: channelId(key) };
    },
    state: ({ id, privateKey }, fields) => {
      const state = { ...emptyState(id), ...fields };
      const structHash = hashState(state);
      return { state, userSignature: signed(structHash, privateKey), systemSignature: bySystem(structHash) };
    },
    note: ({ id }, fields, locks = []) => {
      const note = { ...emptyNote(id), ...lockSummary(locks), ...fields };
      return { note, locks, signed: bySystem(hashNote(note)) };
    },
    appointment: ({ id, key, privateKey }, tower, shareBps, until) => {
      const appointment = { channelId: id, party: key.user, tower, shareBps, until };
      return { appointment, signature: signed(hashAppointment(appointment), privateKey) };
    },
    fund: async ({ key }, amount) => {
      await (await contract.deposit(key, amount, GIVEN)).wait();
    },
    charge,
    cheat: async (...given) => (await (await charge(...given)).wait())!,
    leave: async ({ key, id, privateKey }, shown, humble) => {
      const user = new Wallet(privateKey, node.provider);
      await (await operator.sendTransaction({ to: user.address, value: 10n ** 18n })).wait();
      const order = { party: key.user, humble, deadline: (await time()) + 3_600n, signature: "0x" };
      const state = shown?.state ?? emptyState(id);
      const proof = shown?.systemSignature.signature ?? "0x";
      const value = humble ? SETTINGS.staleFee : 0n;
      const hubOfUser = IChannelHub__factory.connect(hub, user);
      await (await hubOfUser.close(key, state, emptyNote(id), proof, "0x", order, { value })).wait();
    },
  };
}

async function deployHub(operator: Signer): Promise<Address> {
  const registry = await new PreimageRegistry__factory(operator).deploy();
  const books = await new HubBooks__factory(operator).deploy(registry);
  const hub = await new ChannelHub__factory(operator).deploy(registry, books);
  return toAddress(await (await hub.waitForDeployment()).getAddress());
}
