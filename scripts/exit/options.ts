import { existsSync, readFileSync } from "node:fs";

import { Option, type Command } from "commander";

import { fail } from "../../src/errors";
import { addressOf, toAddress, type Address, type Hex } from "../../src/protocol";

/** What every subcommand takes. */
export interface CommonOptions {
  readonly hub: string;
  readonly rpc: string;
  readonly evidence: string;
  readonly system?: string;
  readonly token?: string;
  readonly epoch?: string;
  readonly user?: string;
  readonly keyFile?: string;
  readonly originalKey: boolean;
  readonly logRange?: string;
  readonly yes: boolean;
  readonly json: boolean;
}

const KEY_VARIABLE = "STARLEDGER_USER_KEY";

export function withCommonOptions(command: Command): Command {
  return command
    .requiredOption("--hub <address>", "the hub's address")
    .addOption(new Option("--rpc <url>", "any JSON-RPC node").env("STARLEDGER_RPC_URL").makeOptionMandatory())
    .requiredOption("--evidence <file>", "your wallet's file, or an evidence file (see docs/RECOVERY.md)")
    .option("--system <address>", "the operator's account; an evidence file names it")
    .option("--token <address>", "the token, zero for native coin; an evidence file names it")
    .option("--epoch <number>", "the epoch of a wallet's file that counts; by default the latest that it knows")
    .option("--user <address>", "your account, where no key is needed (status)")
    .option("--key-file <file>", `your private key, as 0x and 64 digits; or in the environment as ${KEY_VARIABLE}`)
    .option("--original-key", "the key was made here and never left, and the file was never rolled back", false)
    .option("--log-range <blocks>", "how many blocks your node can be asked about at once (default 10000)")
    .option("--yes", "send without asking", false)
    .option("--json", "print one JSON object", false);
}

/**
 * The key that signs transactions; undefined if none is given.
 * @throws invalid_input, which does not repeat what was given
 */
export function readKey({ keyFile }: CommonOptions): Hex | undefined {
  const source = keyFile ?? KEY_VARIABLE;
  if (keyFile !== undefined && !existsSync(keyFile)) fail("invalid_input", { file: keyFile, reason: "no such file" });
  const text = keyFile === undefined ? process.env[KEY_VARIABLE] : readFileSync(keyFile, "utf8").trim();
  if (text === undefined || text === "") return undefined;
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) return fail("invalid_input", { key: source, reason: "not 0x and 64 digits" });
  return text.toLowerCase() as Hex;
}

/** @throws wrong_signer if the key is not of the account named */
export function userOf(options: CommonOptions, key: Hex | undefined): Address | undefined {
  const named = options.user === undefined ? undefined : toAddress(options.user);
  if (key === undefined) return named;
  const own = addressOf(key);
  if (named !== undefined && named !== own) fail("wrong_signer", { got: own, want: named });
  return own;
}

/** @throws invalid_input */
export function wholeNumber(name: string, text: string | undefined, min = 1n): bigint | undefined {
  if (text === undefined) return undefined;
  const isInRange = /^\d{1,15}$/.test(text) && BigInt(text) >= min;
  return isInRange ? BigInt(text) : fail("invalid_input", { [name]: text, min });
}
