import { existsSync, readFileSync } from "node:fs";

import { Option, type Command } from "commander";

import { fail } from "../../errors";
import { addressOf, type Address, type Hex } from "../../protocol";
import { address, positive, whole } from "../arguments";
import { decryptKey, type PassphraseOptions } from "../keystore";
import { secretAtHand } from "../secrets";

/** What every way out takes. */
export interface CommonOptions extends PassphraseOptions {
  readonly hub: Address;
  readonly rpc: string;
  readonly evidence: string;
  readonly system?: Address;
  readonly token?: Address;
  readonly epoch?: bigint;
  readonly user?: Address;
  readonly keyFile?: string;
  readonly originalKey: boolean;
  readonly logRange?: bigint;
  readonly yes: boolean;
}

const KEY_VARIABLE = "STARLEDGER_USER_KEY";

export function withCommonOptions(command: Command): Command {
  return command
    .requiredOption("--hub <address>", "the hub's address", address)
    .addOption(new Option("--rpc <url>", "any JSON-RPC node").env("STARLEDGER_RPC_URL").makeOptionMandatory())
    .requiredOption("--evidence <file>", "your wallet's file, or an evidence file (see docs/RECOVERY.md)")
    .option("--system <address>", "the operator's account; an evidence file names it", address)
    .option("--token <address>", "the token, zero for native coin; an evidence file names it", address)
    .option("--epoch <number>", "the epoch of a wallet's file that counts; by default the latest that it knows", whole)
    .option("--user <address>", "your account, where no key is needed (status)", address)
    .option("--key-file <file>", `your private key, plain or as a keystore; or in the environment as ${KEY_VARIABLE}`)
    .option("--passphrase-file <file>", "the keystore's passphrase; or as STARLEDGER_PASSPHRASE, or as typed in")
    .option("--original-key", "the key was made here and never left, and the file was never rolled back", false)
    .option("--log-range <blocks>", "how many blocks your node can be asked about at once (default 10000)", positive)
    .option("--yes", "send without asking", false);
}

/**
 * The key that signs transactions; undefined if none is given.
 * @throws wrong_secret, missing_secret, and invalid_input, which does not repeat what was given
 */
export async function readKey(options: CommonOptions): Promise<Hex | undefined> {
  const { keyFile } = options;
  if (keyFile !== undefined && existsSync(keyFile) && readFileSync(keyFile, "utf8").trimStart().startsWith("{")) {
    return decryptKey(keyFile, options);
  }
  const text = secretAtHand({ what: "Private key", file: keyFile, option: "--key-file", variable: KEY_VARIABLE });
  if (text === undefined) return undefined;
  const source = keyFile ?? KEY_VARIABLE;
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) return fail("invalid_input", { key: source, reason: "not 0x and 64 digits" });
  return text.toLowerCase() as Hex;
}

/** @throws wrong_signer if the key is not of the account named */
export function userOf({ user: named }: CommonOptions, key: Hex | undefined): Address | undefined {
  if (key === undefined) return named;
  const own = addressOf(key);
  if (named !== undefined && named !== own) fail("wrong_signer", { got: own, want: named });
  return own;
}
