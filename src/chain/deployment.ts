import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { fail } from "../errors";
import { toAddress, type Address } from "../protocol";

/** Where the contracts of one chain are, as `npm run deploy` wrote it. */
export interface Deployment {
  readonly chainId: bigint;
  readonly registry: Address;
  readonly books: Address;
  readonly hub: Address;
  readonly htlc: Address;
  readonly anchor: Address;
  /** Deposits by permit. */
  readonly depositRouter: Address;
  /** No event of the contracts is older than this block. */
  readonly deployedAtBlock: bigint;
}

/**
 * Reads `deployments/<chain id>.json`.
 * @throws unknown_deployment if the contracts were not deployed there, as far as the folder says
 */
export function readDeployment(chainId: bigint, folder = "deployments"): Deployment {
  const file = path.resolve(folder, `${chainId}.json`);
  try {
    const written = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    const address = (name: string) => toAddress(written[name] ?? "");
    return {
      chainId,
      registry: address("registry"),
      books: address("books"),
      hub: address("hub"),
      htlc: address("htlc"),
      anchor: address("anchor"),
      depositRouter: address("depositRouter"),
      deployedAtBlock: toBlock(written["deployedAtBlock"]),
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return fail("unknown_deployment", { chainId, file, reason: code ?? message });
  }
}

/** Writes it where {@link readDeployment} reads it; the folder is made if there is none. */
export function writeDeployment(deployment: Deployment, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(deployment, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  writeFileSync(path.join(folder, `${deployment.chainId}.json`), text);
}

function toBlock(value: string | undefined): bigint {
  if (value === undefined || !/^\d+$/.test(value)) return fail("invalid_input", { deployedAtBlock: value });
  return BigInt(value);
}
