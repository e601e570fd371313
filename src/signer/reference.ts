import { readFileSync } from "node:fs";

import { fail } from "../errors";
import type { Hex } from "../protocol";
import { toEndpoint } from "./endpoint";
import { externalKey, externalSecret } from "./external";
import { localKey, type Key } from "./key";
import { decryptKeystore } from "./keyFile";

/** How keys that are elsewhere are reached. */
export interface Opening {
  /** Of the key files that are encrypted; null for none. */
  readonly passphrase: string | null;
  /** Milliseconds that an external signer may take for an answer. */
  readonly patience: number;
}

const KEY = /^0x[0-9a-fA-F]{64}$/;
const FILE = /^file:(.+)$/;
const EXTERNAL = /^(unix|https?):/;

/** Whether a text says where a key is: `0x…` itself, `file:PATH`, `unix:SOCKET`, `unix:SOCKET:/PATH` or a URL. */
export function isKeyReference(text: string): boolean {
  return KEY.test(text) || FILE.test(text) || isExternal(text);
}

/** Whether a text says where a secret is; else it is one. */
export function isExternal(text: string): boolean {
  if (!EXTERNAL.test(text)) return false;
  try {
    return Boolean(toEndpoint(text));
  } catch {
    return false;
  }
}

/**
 * The key that a reference stands for.
 * @throws invalid_input, wrong_secret, missing_secret, signer_unavailable, signer_refused
 */
export async function openKey(reference: string, { passphrase, patience }: Opening): Promise<Key> {
  const [, file] = FILE.exec(reference) ?? [];
  if (file !== undefined) return localKey(await keyIn(file, passphrase));
  return isExternal(reference) ? await externalKey(reference, patience) : localKey(reference.toLowerCase() as Hex);
}

/**
 * The secret that a reference stands for: `file:PATH`, an external one, or itself.
 * @throws invalid_input, signer_unavailable, signer_refused
 */
export async function openSecret(reference: string, patience: number): Promise<string> {
  const [, file] = FILE.exec(reference) ?? [];
  if (file === undefined) return isExternal(reference) ? await externalSecret(reference, patience) : reference;
  return contentOf(file);
}

async function keyIn(file: string, passphrase: string | null): Promise<Hex> {
  const text = contentOf(file);
  if (text.startsWith("{")) {
    const secret =
      passphrase ??
      fail("missing_secret", { secret: file, sources: "STARLEDGER_KEY_PASSPHRASE, STARLEDGER_TOWER_KEY_PASSPHRASE" });
    return await decryptKeystore(text, secret, file);
  }
  if (!KEY.test(text)) fail("invalid_input", { file, reason: "neither 0x and 64 digits nor a keystore" });
  return text.toLowerCase() as Hex;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    return fail("invalid_input", { file, reason: (error as NodeJS.ErrnoException).code });
  }
}
