import { Buffer } from "buffer";

import { fail } from "../../errors";
import { toAddress, toHash, toHex, type Address, type Signature } from "../../protocol";
import { asChainError } from "../chain/chainError";
import type { Eip1193Provider } from "../chain/provider";
import type { Signer } from "./signer";
import { typedData } from "./typedData";

/**
 * The signer of an account in a browser wallet, or in anything else that speaks EIP-1193.
 * @param address the account to use; the one that the wallet's owner chooses unless given
 * @throws signature_refused, invalid_hex
 */
export async function walletSigner(wallet: Eip1193Provider, address?: Address): Promise<Signer> {
  const ask = async (method: string, params: readonly unknown[] = []): Promise<unknown> => {
    try {
      return await wallet.request({ method, params });
    } catch (error) {
      throw asChainError(error);
    }
  };
  const account = address ?? firstOf(await ask("eth_requestAccounts"));
  return {
    address: account,
    sign: async (message, domain) =>
      normalised(await ask("eth_signTypedData_v4", [account, JSON.stringify(typedData(message, domain))])),
    signText: async (text) => normalised(await ask("personal_sign", [toHex(Buffer.from(text)), account])),
    send: async ({ to, data, value }) => {
      const transaction = { from: account, to, data, value: `0x${value.toString(16)}` };
      return toHash(String(await ask("eth_sendTransaction", [transaction])));
    },
  };
}

function firstOf(accounts: unknown): Address {
  const [first] = Array.isArray(accounts) ? (accounts as unknown[]) : [];
  return typeof first === "string" ? toAddress(first) : fail("signature_refused", { reason: "no account was chosen" });
}

/** Some wallets, most of them hardware, write v as 0 or 1. */
function normalised(signature: unknown): Signature {
  const text = String(signature).toLowerCase();
  const v = { "00": "1b", "01": "1c" }[text.slice(-2)];
  return (v === undefined ? text : text.slice(0, -2) + v) as Signature;
}
