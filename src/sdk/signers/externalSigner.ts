import { externalKey } from "../../signer/external";
import { keySigner } from "./keySigner";
import type { Signer } from "./signer";

/** Milliseconds: an owner may have to press a button. */
const PATIENCE = 60_000;

/**
 * The signer of a key that another program holds: one in front of a device, a KMS or an HSM (docs/SIGNER.md).
 * @param reference `unix:SOCKET`, `unix:SOCKET:/PATH`, or a URL, of http only to this machine
 * @param patience milliseconds that a signature may take, three tries included
 * @throws invalid_input, signer_unavailable, signer_refused
 */
export async function externalSigner(reference: string, patience = PATIENCE): Promise<Signer> {
  return keySigner(await externalKey(reference, patience));
}
