import { scryptSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

import type * as Ethers from "ethers";

import { fail } from "../errors";
import { toAddress, type Address, type Hex } from "../protocol";
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
  const passphrase = await readPassphrase(options);
  const { decryptKeystoreJson } = await withNativeScrypt();
  try {
    return (await decryptKeystoreJson(json, passphrase)).privateKey as Hex;
  } catch {
    return fail("wrong_secret", { file });
  }
}

/** ethers, deriving the keys of keystores ten times as fast as by itself. */
export async function withNativeScrypt(): Promise<typeof Ethers> {
  const ethers = await import("ethers");
  if (!isRegistered) {
    ethers.scrypt.register((password, salt, N, r, p, length) => {
      const key = scryptSync(password, salt, length, { N, r, p, maxmem: 256 * N * r });
      return Promise.resolve(`0x${key.toString("hex")}`);
    });
    ethers.scrypt.lock();
    isRegistered = true;
  }
  return ethers;
}

let isRegistered = false;

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
