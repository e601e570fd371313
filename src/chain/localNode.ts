import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { HDNodeWallet, NonceManager, Wallet, type JsonRpcProvider } from "ethers";

import { fail } from "../errors";
import { nodeAt } from "./node";

/** Where the programs of nodes are, from source and built alike. */
export const PACKAGE_ROOT = path.dirname(require.resolve("starledger/package.json"));
const HARDHAT = path.join(PACKAGE_ROOT, "node_modules/.bin/hardhat");
const MNEMONIC = "test test test test test test test test test test test junk";

type Account = NonceManager & { readonly address: string };

/** A chain node of its own process, with funded accounts. */
export interface LocalNode {
  readonly url: string;
  readonly provider: JsonRpcProvider;
  /** The account number `index`, rich in native coin. */
  account(index: number): Account;
  privateKey(index: number): string;
  /** Lets `seconds` pass on the chain. */
  pass(seconds: bigint): Promise<void>;
  stop(): void;
}

/** Starts Hardhat's node on a free port and waits until it answers. */
export function startNode(): Promise<LocalNode> {
  return runNode(HARDHAT, (port) => ["node", "--hostname", "127.0.0.1", "--port", port]);
}

/** Starts a development node by a command line that names its port, and waits until it answers. */
export async function runNode(command: string, line: (port: string) => readonly string[]): Promise<LocalNode> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(command, line(String(port)), { cwd: PACKAGE_ROOT, stdio: "ignore" });
  const stop = (): void => void child.kill();
  process.once("exit", stop);
  // It ends with this process, and keeps it from nothing.
  child.unref();
  const provider = nodeAt(url);
  provider.pollingInterval = 50;
  await answering(url, child);
  // One signer per account, for it counts the nonces.
  const accounts = new Map<number, Account>();
  const wallet = (index: number): HDNodeWallet =>
    HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${index}`);
  return {
    url,
    provider,
    account: (index) => {
      const known = accounts.get(index);
      if (known) return known;
      const signer = new Wallet(wallet(index).privateKey, provider);
      const account = Object.assign(new NonceManager(signer), { address: signer.address });
      accounts.set(index, account);
      return account;
    },
    privateKey: (index) => wallet(index).privateKey,
    pass: async (seconds) => {
      const { timestamp } = (await provider.getBlock("latest"))!;
      await provider.send("evm_setNextBlockTimestamp", [timestamp + Number(seconds)]);
      await provider.send("evm_mine", []);
    },
    stop: () => {
      provider.destroy();
      process.off("exit", stop);
      stop();
    },
  };
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++) {
    if (child.exitCode !== null) fail("invalid_input", { node: url, exit: child.exitCode });
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
    const answer = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    await sleep(50);
  }
  fail("invalid_input", { node: url, reason: "no answer" });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
