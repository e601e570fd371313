import { Wallet, type JsonRpcProvider } from "ethers";

import { answered, connect, HubClient } from "../chain";
import { fail } from "../errors";
import { addressOf, type Address } from "../protocol";
import type { Session } from "./session";
import { requireKey, type ChainOptions } from "./signing";

/** A transaction that was mined. */
export interface Sent {
  readonly step: string;
  readonly transaction: string;
  readonly gas: bigint;
}

interface Mined {
  readonly hash: string;
  readonly gasUsed: bigint;
}

/** The hub, as the caller's key sends to it. */
export interface HubSession {
  readonly hub: HubClient;
  readonly wallet: Wallet;
  readonly provider: JsonRpcProvider;
  readonly own: Address;
  readonly sent: readonly Sent[];
  /** Says what was mined; nothing if nothing was needed. */
  readonly report: (step: string, receipt: Mined | undefined) => void;
}

/**
 * Connects the caller's key to the hub. What is sent is part of the result, and of a failure's JSON too.
 * @throws missing_secret, chain_unreachable, invalid_input if there is no hub
 */
export async function openHub(session: Session, options: ChainOptions): Promise<HubSession> {
  const key = await requireKey(options);
  const provider = await connect([options.rpc]);
  if ((await answered(provider.getCode(options.hub))) === "0x") {
    fail("invalid_input", { hub: options.hub, reason: "no contract is there" });
  }
  const wallet = new Wallet(key, provider);
  const sent: Sent[] = [];
  session.done["sent"] = sent;
  return {
    hub: new HubClient(options.hub, wallet),
    wallet,
    provider,
    own: addressOf(key),
    sent,
    report: (step, receipt) => {
      if (receipt === undefined) return;
      sent.push({ step, transaction: receipt.hash, gas: receipt.gasUsed });
      session.say(`  ${step}: transaction ${receipt.hash}, ${receipt.gasUsed} gas`);
    },
  };
}
