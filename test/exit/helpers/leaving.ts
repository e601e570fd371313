import { writeFileSync } from "node:fs";
import path from "node:path";

import type { World } from "../../../scripts/demo/world";
import { run, single, status } from "../../../src/cli/exit/leave";
import type { RunOptions } from "../../../src/cli/exit/leave";
import { Session } from "../../../src/cli/session";
import type { Shown } from "../../../src/cli/shown";
import { channelId, toAddress, type ChannelKey } from "../../../src/protocol";
import { FileStore, type ExitCommand, type NewRecord } from "../../../src/sdk";
import type { Report } from "./cli";

/** Leaves as the node's account `index`, with a wallet's file, in this process. */
export async function leaveWith(
  world: World,
  index: number,
  file: string,
  command: ExitCommand | "run" | "status",
  changes: Partial<RunOptions> = {},
): Promise<Report & { code: number }> {
  const keyFile = path.join(world.folder, `key-${index}`);
  writeFileSync(keyFile, `${world.node.privateKey(index)}\n`);
  const session = Object.assign(new Session({ url: "" }), { say: () => undefined });
  const { system, token } = await channelOf(world, index);
  const common = { hub: world.hub.address, rpc: world.node.url, keyFile, yes: true, evidence: file, system, token };
  const options = { ...common, originalKey: true, wait: false, poll: 1n, ...changes };
  const came = (): Promise<Shown> => {
    if (command === "run") return run(session, options);
    return command === "status" ? status(session, options) : single(command, session, options);
  };
  const { data, code } = await came();
  const text = JSON.stringify(data, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
  return { code, ...(JSON.parse(text) as Report) };
}

export async function channelOf(world: World, index: number): Promise<ChannelKey> {
  const user = toAddress(world.node.account(index).address);
  return { system: world.system, user, token: toAddress(await world.coin.getAddress()), epoch: 0n };
}

/** The file of a wallet that knows the account's states up to a version, and what else is given. */
export async function walletFile(
  world: World,
  index: number,
  name: string,
  upTo: bigint,
  ...more: readonly NewRecord[]
): Promise<string> {
  const id = channelId(await channelOf(world, index));
  const file = path.join(world.folder, `${name}.jsonl`);
  const store = await FileStore.open(file);
  for (const record of await FileStore.read(path.join(world.folder, "wallets.jsonl"))) {
    if (!("channelId" in record) || record.channelId !== id) continue;
    const version = record.type === "completed" ? record.completed.state.version : 0n;
    const isProposal = record.type === "proposed" && record.proposal.state.version > upTo;
    if (version <= upTo && !isProposal) await store.append(record);
  }
  for (const event of more) await store.append({ ...event, channelId: id });
  await store.close();
  return file;
}
