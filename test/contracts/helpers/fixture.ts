import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import {
  ZeroHash,
  type BigNumberish,
  type ContractTransactionReceipt,
  type ContractTransactionResponse,
  type Signer,
  type TypedDataDomain,
} from "ethers";
import { ethers } from "hardhat";

import { readDispute, type Dispute, type DisputeRecord, type Hash } from "../../../src/protocol";
import { channelId, note, signMessage, state, type Kind, type NoteMessage, type StateMessage } from "./messages";

export const DAY = 86_400n;
export const HOUR = 3_600n;

/** Values of the Solidity enum `Backing`. */
export const Backing = { None: 0, Issued: 1, Reserve: 2, Collateral: 3 } as const;
/** Values of the Solidity enum `NoticeKind`. */
export const NoticeKind = { Reserve: 0, Bond: 1, Signer: 2 } as const;

/** What every asset of the tests is listed with. */
export const SETTINGS = {
  challengePeriod: 3n * DAY,
  claimWindow: 4n * DAY,
  lockLimit: 7n * DAY,
  award: 500n,
  staleFee: 10_000n,
};

export const NO_APPOINTMENT = "0x";
export const NO_SIGNATURE = "0x";

export interface Ref {
  system: string;
  user: string;
  token: string;
}

export type Fixture = Awaited<ReturnType<typeof deployHub>>;

/** A hub with one system, its signer, users with tokens and allowances, and a token listed as collateral. */
export async function deployHub() {
  const [deployer, system, signer, user, other, tower] = await sixSigners();
  const registry = await ethers.deployContract("PreimageRegistry");
  const books = await ethers.deployContract("HubBooks", [registry]);
  const deployed = await ethers.deployContract("ChannelHub", [registry, books]);
  const hub = await ethers.getContractAt("IChannelHub", deployed);
  const token = await ethers.deployContract("TestToken");
  const { chainId } = await ethers.provider.getNetwork();
  const domain: TypedDataDomain = {
    name: "Starledger",
    version: "1",
    chainId,
    verifyingContract: await hub.getAddress(),
  };
  for (const holder of [system, user, other]) {
    await token.mint(holder, 1_000_000n);
    await token.connect(holder).approve(hub, ethers.MaxUint256);
  }
  await hub.connect(system).addAsset(token, { backing: Backing.Collateral, ...SETTINGS });
  await hub.connect(system).addSigner(signer);
  const ref: Ref = {
    system: await system.getAddress(),
    user: await user.getAddress(),
    token: await token.getAddress(),
  };
  // The errors of the hub's two halves, for the interface of their union knows none.
  const fragments = [deployed.interface, books.interface].flatMap((abi) => abi.fragments);
  const errors = new ethers.Contract(
    deployed,
    fragments.filter(({ type }) => type === "error"),
  );
  return { errors, books, deployer, system, signer, user, other, tower, registry, hub, token, domain, ref };
}

/** The same with 1,000 tokens of the user in its channel. */
export async function deployFunded() {
  const f = await deployHub();
  await f.hub.connect(f.user).deposit(f.ref, 1_000n);
  return f;
}

async function sixSigners() {
  const [a, b, c, d, e, f] = await ethers.getSigners();
  if (!a || !b || !c || !d || !e || !f) throw new Error("the network has too few accounts");
  return [a, b, c, d, e, f] as const;
}

/** The id of the channel's current epoch, or of `epoch`. */
export function idOf(ref: Ref, epoch = 0n): string {
  return channelId(ref.system, ref.user, ref.token, epoch);
}

/** Signs any message of channel `ref` in `epoch` with `signer`. */
export function sign(
  f: Fixture,
  signer: Signer,
  kind: Kind,
  message: object,
  { ref = f.ref, epoch = 0n }: { ref?: Ref; epoch?: bigint } = {},
): Promise<string> {
  return signMessage(signer, f.domain, kind, { channelId: idOf(ref, epoch), ...message });
}

/** A state with the signatures of both sides. */
export async function complete(f: Fixture, values: Partial<StateMessage>, epoch = 0n, ref = f.ref) {
  const signed = state(values);
  return {
    state: signed,
    userSignature: await sign(f, f.user, "State", signed, { epoch, ref }),
    systemSignature: await sign(f, f.signer, "State", signed, { epoch, ref }),
  };
}

/** A note with the system's signature. */
export async function issued(f: Fixture, values: Partial<NoteMessage>, epoch = 0n, ref = f.ref) {
  const signed = note(values);
  return {
    note: signed,
    systemSignature: await sign(f, f.signer, "Note", signed, { epoch, ref }),
  };
}

/** The system's signature on the root of a batch of struct hashes, as each of them needs it. */
export async function batch(f: Fixture, hashes: string[]) {
  const tree = StandardMerkleTree.of(
    hashes.map((hash) => [hash]),
    ["bytes32"],
    { sortLeaves: false },
  );
  const signature = await signMessage(f.signer, f.domain, "Batch", { root: tree.root });
  return hashes.map((_, index) => ethers.concat([signature, ...tree.getProof(index)]));
}

/** An appointment of `f.tower` by `party`, signed by `signer`. */
export async function appoint(
  f: Fixture,
  party: string,
  signer: Signer,
  { tower, shareBps = 1_000n, until, epoch = 0n, ref = f.ref }: Partial<Appointing> = {},
) {
  const message = { tower: tower ?? (await f.tower.getAddress()), shareBps, until: until ?? (await soon()) };
  const signature = await sign(f, signer, "Appointment", { party, ...message }, { epoch, ref });
  return encodeAppointment({ ...message, signature });
}

/** As the hub takes it. */
export function encodeAppointment(a: { tower: string; shareBps: bigint; until: bigint; signature: string }): string {
  return ethers.solidityPacked(["address", "uint16", "uint64", "bytes"], [a.tower, a.shareBps, a.until, a.signature]);
}

interface Appointing {
  tower: string;
  shareBps: bigint;
  until: bigint;
  epoch: bigint;
  ref: Ref;
}

/** Now on the chain, as the next block will see it. */
export async function now(): Promise<bigint> {
  const block = await ethers.provider.getBlock("latest");
  return BigInt(block?.timestamp ?? 0);
}

/** A deadline that is neither past nor too far away. */
export async function soon(): Promise<bigint> {
  return (await now()) + HOUR;
}

/** Lets `seconds` pass and a block come. */
export async function pass(seconds: BigNumberish): Promise<void> {
  await ethers.provider.send("evm_increaseTime", [Number(seconds)]);
  await ethers.provider.send("evm_mine", []);
}

/** Sets the time of the next block. */
export function at(time: BigNumberish): Promise<void> {
  return ethers.provider.send("evm_setNextBlockTimestamp", [Number(time)]) as Promise<void>;
}

/** Checks what `call` moved between all parties: who is not named gets nothing, and the hub pays the sum. */
export async function expectPaid(
  f: Fixture,
  call: Promise<ContractTransactionResponse>,
  { user = 0n, system = 0n, other = 0n, tower = 0n }: Partial<Record<"user" | "system" | "other" | "tower", bigint>>,
  token: { getAddress(): Promise<string> } = f.token,
): Promise<void> {
  await expect(call).to.changeTokenBalances(
    await ethers.getContractAt("TestToken", await token.getAddress()),
    [f.user, f.system, f.other, f.tower, f.hub],
    [user, system, other, tower, -(user + system + other + tower)],
  );
}

/** Closes as the user, with what it shows signed by the system; returns the dispute record of the event. */
export async function closeByUser(
  f: Fixture,
  {
    shown = {},
    credit = {},
    humble = false,
    ref = f.ref,
    epoch = 0n,
  }: {
    shown?: Partial<StateMessage>;
    credit?: Partial<NoteMessage>;
    humble?: boolean;
    ref?: Ref;
    epoch?: bigint;
  } = {},
): Promise<ShownDispute> {
  const [ownState, ownNote] = [await complete(f, shown, epoch, ref), await issued(f, credit, epoch, ref)];
  const transaction = await f.hub
    .connect(f.user)
    .close(
      ref,
      ownState.state,
      ownNote.note,
      ownState.systemSignature,
      ownNote.systemSignature,
      { party: f.ref.user, humble, deadline: await soon(), signature: "0x" },
      { value: humble ? SETTINGS.staleFee : 0n },
    );
  return disputeOf(f, await transaction.wait());
}

/** Closes as the system; the user's signature stands on the state. */
export async function closeBySystem(
  f: Fixture,
  {
    shown = {},
    credit = {},
    ref = f.ref,
    epoch = 0n,
  }: { shown?: Partial<StateMessage>; credit?: Partial<NoteMessage>; ref?: Ref; epoch?: bigint } = {},
): Promise<ShownDispute> {
  const ownState = await complete(f, shown, epoch, ref);
  const transaction = await f.hub
    .connect(f.system)
    .close(ref, ownState.state, note(credit), ownState.userSignature, NO_SIGNATURE, {
      party: f.ref.system,
      humble: false,
      deadline: await soon(),
      signature: "0x",
    });
  return disputeOf(f, await transaction.wait());
}

/** A dispute record, which the hub's calls take, with what it says. */
export type ShownDispute = DisputeRecord & Dispute;

/** The record that the `ChannelClosing` event of `receipt` published. */
export function disputeOf(f: Fixture, receipt: ContractTransactionReceipt | null): ShownDispute {
  for (const log of receipt?.logs ?? []) {
    const event = f.hub.interface.parseLog(log);
    if (event?.name !== "ChannelClosing") continue;
    const [close, note, funds, paid, stateHash] = event.args[2] as unknown as [bigint, bigint, bigint, bigint, Hash];
    const record = { close, note, funds, paid, stateHash };
    return { ...record, ...readDispute(record) };
  }
  throw new Error("no close in this receipt");
}

export { ZeroHash, note, state };

/** Lists `token` again under another system account (`other`) or backing; returns the channel of the user there. */
export async function listAs(
  f: Fixture,
  token: { getAddress(): Promise<string> },
  backing: number,
  settings: Partial<typeof SETTINGS> = {},
): Promise<Ref> {
  await f.hub.connect(f.system).addAsset(await token.getAddress(), { backing, ...SETTINGS, ...settings });
  return { ...f.ref, token: await token.getAddress() };
}

/** A second token of the same kind, with everyone's tokens and allowances. */
export async function anotherToken(f: Fixture) {
  const token = await ethers.deployContract("TestToken");
  for (const holder of [f.system, f.user, f.other]) {
    await token.mint(holder, 1_000_000n);
    await token.connect(holder).approve(f.hub, ethers.MaxUint256);
  }
  return token;
}

/** A hostile token, with everyone's tokens and allowances; the system is its issuer. */
export async function hostileToken(f: Fixture) {
  const token = await ethers.deployContract("HostileToken");
  await token.setIssuer(f.system);
  for (const holder of [f.system, f.user, f.other]) {
    await token.give(holder, 1_000_000n);
    await token.connect(holder).approve(f.hub, ethers.MaxUint256);
  }
  return token;
}

/** Values of `HostileToken.Mode`. */
export const Mode = {
  Normal: 0,
  Fee: 1,
  Revert: 2,
  ReturnFalse: 3,
  ReturnNothing: 4,
  ReturnHuge: 5,
  BurnGas: 6,
  Reenter: 7,
  MintReverts: 8,
  MintsNothing: 9,
  MintsHalf: 10,
  IssuerReverts: 11,
} as const;
