import { scryptSync } from "node:crypto";

import type * as Ethers from "ethers";

import { fail } from "../errors";
import type { Hex } from "../protocol";

/** Bytes that scrypt may take: four times as many as wallets let it. */
const LARGEST = 2 ** 30;

/**
 * The private key in a keystore (Web3 Secret Storage, version 3).
 * @param file what to name in errors
 * @throws wrong_secret if the passphrase is another
 */
export async function decryptKeystore(json: string, passphrase: string, file: string): Promise<Hex> {
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
      // Whoever made the file does not decide how much memory it takes to open.
      if (128 * N * r > LARGEST) fail("invalid_input", { N, r });
      const key = scryptSync(password, salt, length, { N, r, p, maxmem: 256 * N * r });
      return Promise.resolve(`0x${key.toString("hex")}`);
    });
    ethers.scrypt.lock();
    isRegistered = true;
  }
  return ethers;
}

let isRegistered = false;
