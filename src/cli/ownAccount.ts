import { existsSync } from "node:fs";

import type { Command } from "commander";

import { fail } from "../errors";
import type { Address } from "../protocol";
import type { Client } from "../sdk";
import { address, servers, share } from "./arguments";
import type { Session } from "./session";
import { KEY_HELP, requireKey, rpcOption } from "./signing";

/** Of commands that act with the caller's own key, by its wallet's file. */
export interface OwnOptions {
  readonly wallet?: string;
  readonly rpc?: string;
  readonly hub?: Address;
  readonly system?: Address;
  readonly anchor?: Address;
  readonly watchtowers?: readonly string[];
  readonly watchtowerShare: number;
  readonly keyFile?: string;
  readonly passphraseFile?: string;
}

/** A command that can be done with the caller's own key instead of the service's. */
export function withOwnOptions(command: Command): Command {
  return command
    .option("--wallet <file>", "with a key of your own: your wallet's file, which is made if there is none")
    .addOption(rpcOption())
    .option("--hub <address>", "the hub's address; by default that of the wallet's file, or of the service", address)
    .option("--system <address>", "the operator's account; as with the hub", address)
    .option("--watchtowers <urls>", "watchtowers to hand over to, with commas between", servers)
    .option("--watchtower-share <share>", "of a forfeit for them at most, in hundredths of a per cent", share, 0)
    .option("--key-file <file>", KEY_HELP)
    .option("--passphrase-file <file>", "the keystore's passphrase; or as STARLEDGER_PASSPHRASE, or as typed in");
}

/**
 * Lets `act` use the caller's account; its wallet's file is locked meanwhile.
 * @throws wrong_usage without a wallet or a node, missing_secret, store_locked, wrong_chain, chain_unreachable, unreachable
 */
export async function withOwnAccount<T>(
  session: Session,
  { wallet, rpc, hub, system, anchor, watchtowers = [], watchtowerShare, ...keys }: OwnOptions,
  act: (client: Client) => Promise<T>,
): Promise<T> {
  if (wallet === undefined) return fail("wrong_usage", { missing: "--wallet" });
  if (rpc === undefined) return fail("wrong_usage", { missing: "--rpc" });
  const { connect, FileStore, localSigner } = await import("../sdk");
  const account = localSigner(await requireKey(keys));
  if (!existsSync(wallet)) session.say(`Making the wallet's file ${wallet}: keep it, and back it up`);
  const store = await FileStore.open(wallet);
  const identity = { ...(hub && { hub }), ...(system && { system }), ...(anchor && { anchor }) };
  const client = await connect({
    ...{ url: session.options.url, rpc, account, store, poll: 0, ...identity },
    watchtowers: watchtowers.map((url) => ({ url, maxShareBps: watchtowerShare })),
  });
  return await act(client).finally(() => client.stop());
}
