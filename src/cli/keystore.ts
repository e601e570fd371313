import { existsSync, readFileSync } from "node:fs";

import { fail } from "../errors";
import { toAddress, type Address, type Hex } from "../protocol";
import { decryptKeystore } from "../signer";
import { readSecret } from "./secrets";

/** Of commands that open a keystore. */
export interface PassphraseOptions {
  readonly passphraseFile?: string;
}

/** @throws missing_secret, invalid_input if it is too short to protect anything */
export async function readPassphrase({ passphraseFile: file }: PassphraseOptions): Promise<string> {
  const sources = { what: "Passphrase", file, option: "--passphrase-file", variable: "STARLEDGER_PASSPHRASE" };
  const passphrase = await readSecret(sources);
  return passphrase.length < 8 ? fail("invalid_input", { passphrase: "too short", min: 8 }) : passphrase;
}

/**
 * Whose key a keystore says it holds.
 * @throws invalid_input
 */
export function keystoreAddress(file: string): Address {
  const { address } = readKeystore(file);
  return toAddress(address.startsWith("0x") ? address : `0x${address}`);
}

/**
 * The private key in a keystore.
 * @throws wrong_secret if the passphrase is another, missing_secret, invalid_input
 */
export async function decryptKey(file: string, options: PassphraseOptions): Promise<Hex> {
  const { json } = readKeystore(file);
  return await decryptKeystore(json, await readPassphrase(options), file);
}

function readKeystore(file: string): { readonly json: string; readonly address: string } {
  if (!existsSync(file)) fail("invalid_input", { file, reason: "no such file" });
  const json = readFileSync(file, "utf8");
  try {
    const { address, version } = JSON.parse(json) as { address: unknown; version: unknown };
    if (typeof address !== "string" || version !== 3) throw new SyntaxError("not of version 3, or without an address");
    return { json, address };
  } catch (error) {
    const reason = error instanceof SyntaxError ? "no keystore of version 3 with an address" : error;
    return fail("invalid_input", { file, reason });
  }
}
