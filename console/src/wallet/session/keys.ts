import { decryptKeystoreJson, encryptKeystoreJson, HDNodeWallet, Mnemonic, randomBytes, Wallet } from "ethers";

import { fail } from "../../../../src/errors";
import { toAddress, type Address, type Hex } from "../../../../src/protocol";

// Keys as other wallets have them too: phrases of BIP-39 for the first account of BIP-44, and keystores of version 3.

/** A private key, and the phrase that it comes from if there is one. */
export interface Secret {
  readonly address: Address;
  readonly privateKey: Hex;
  readonly phrase: string | undefined;
}

/** A new phrase of twelve words, from 128 bits of the browser's randomness. */
export function newPhrase(): string {
  return Mnemonic.fromEntropy(randomBytes(16)).phrase;
}

/**
 * The secret that a person has written down: twelve words or more, or a private key in hexadecimal.
 * @throws invalid_input
 */
export function readSecret(text: string): Secret {
  const words = text.trim().toLowerCase().split(/\s+/);
  try {
    if (words.length === 1) return secretOf(new Wallet(words[0]!));
    return secretOf(HDNodeWallet.fromPhrase(words.join(" ")));
  } catch {
    return fail("invalid_input", { reason: words.length === 1 ? "not a private key" : "not a recovery phrase" });
  }
}

/** The secret as a keystore that only the password opens (scrypt, a second of work). */
export async function encrypt({ address, privateKey, phrase }: Secret, password: string): Promise<string> {
  const mnemonic = phrase === undefined ? {} : { mnemonic: { entropy: Mnemonic.fromPhrase(phrase).entropy } };
  return await encryptKeystoreJson({ address, privateKey, ...mnemonic }, password);
}

/**
 * What {@link encrypt} encrypted, here or in another program.
 * @throws wrong_secret, invalid_input if it is no keystore
 */
export async function decrypt(keystore: string, password: string): Promise<Secret> {
  try {
    const { address, privateKey, mnemonic } = await decryptKeystoreJson(keystore, password);
    const phrase = mnemonic === undefined ? undefined : Mnemonic.fromEntropy(mnemonic.entropy).phrase;
    return { address: toAddress(address), privateKey: privateKey as Hex, phrase };
  } catch (error) {
    const isWrong = error instanceof Error && /password/.test(error.message);
    return isWrong ? fail("wrong_secret") : fail("invalid_input", { reason: "no keystore of version 3" });
  }
}

function secretOf(wallet: Wallet | HDNodeWallet): Secret {
  const phrase = wallet instanceof HDNodeWallet ? wallet.mnemonic?.phrase : undefined;
  return { address: toAddress(wallet.address), privateKey: wallet.privateKey.toLowerCase() as Hex, phrase };
}
