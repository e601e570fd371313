import { existsSync, readFileSync } from "node:fs";

import { Option, type Command } from "commander";

import { fail } from "../errors";
import type { Address, Hex } from "../protocol";
import { address } from "./arguments";
import { decryptKey, type PassphraseOptions } from "./keystore";
import { secretAtHand } from "./secrets";

/** Of commands that send transactions. */
export interface ChainOptions extends PassphraseOptions {
  readonly hub: Address;
  readonly rpc: string;
  readonly keyFile?: string;
  readonly yes?: boolean;
}

const KEY_VARIABLE = "STARLEDGER_USER_KEY";
export const KEY_HELP = `your private key, plain or as a keystore; or in the environment as ${KEY_VARIABLE}`;

/** A command that sends transactions to the hub, signed by a key of the caller's. */
export function withChainOptions(command: Command): Command {
  return command
    .requiredOption("--hub <address>", "the hub's address", address)
    .addOption(rpcOption().makeOptionMandatory())
    .option("--key-file <file>", KEY_HELP)
    .option("--passphrase-file <file>", "the keystore's passphrase; or as STARLEDGER_PASSPHRASE, or as typed in")
    .option("--yes", "send without asking");
}

export function rpcOption(): Option {
  return new Option("--rpc <url>", "any JSON-RPC node").env("STARLEDGER_RPC_URL");
}

/**
 * The key that signs transactions; undefined if none is given.
 * @throws wrong_secret, missing_secret, and invalid_input, which does not repeat what was given
 */
export async function readKey(options: Pick<ChainOptions, "keyFile" | "passphraseFile">): Promise<Hex | undefined> {
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

/**
 * The same, where there must be one.
 * @throws missing_secret
 */
export async function requireKey(options: Pick<ChainOptions, "keyFile" | "passphraseFile">): Promise<Hex> {
  const key = await readKey(options);
  return key ?? fail("missing_secret", { secret: "Private key", sources: `--key-file, ${KEY_VARIABLE}` });
}
