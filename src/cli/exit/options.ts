import type { Command } from "commander";

import { fail } from "../../errors";
import { addressOf, type Address, type Hex } from "../../protocol";
import { address, positive, whole } from "../arguments";
import { withChainOptions, type ChainOptions } from "../signing";

/** What every way out takes. */
export interface CommonOptions extends ChainOptions {
  readonly evidence: string;
  readonly system?: Address;
  readonly token?: Address;
  readonly epoch?: bigint;
  readonly user?: Address;
  readonly originalKey: boolean;
  readonly logRange?: bigint;
}

export function withCommonOptions(command: Command): Command {
  return withChainOptions(command)
    .requiredOption("--evidence <file>", "your wallet's file, or an evidence file (see docs/RECOVERY.md)")
    .option("--system <address>", "the operator's account; an evidence file names it", address)
    .option("--token <address>", "the token, zero for native coin; an evidence file names it", address)
    .option("--epoch <number>", "the epoch of a wallet's file that counts; by default the latest that it knows", whole)
    .option("--user <address>", "your account, where no key is needed (status)", address)
    .option("--original-key", "the key was made here and never left, and the file was never rolled back", false)
    .option("--log-range <blocks>", "how many blocks your node can be asked about at once (default 10000)", positive);
}

/** @throws wrong_signer if the key is not of the account named */
export function userOf({ user: named }: CommonOptions, key: Hex | undefined): Address | undefined {
  if (key === undefined) return named;
  const own = addressOf(key);
  if (named !== undefined && named !== own) fail("wrong_signer", { got: own, want: named });
  return own;
}
