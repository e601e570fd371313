import type { JsonRpcProvider } from "ethers";

import { HubClient } from "../../../src/chain";
import type { Channel } from "../../../src/engine";
import { balance, type Address } from "../../../src/protocol";
import { openStore } from "../../../src/store";
import { IERC20__factory } from "../../../typechain-types";
import type { Customer } from "./customers";

/** Customers whose records are not what they must be. */
export interface Comparison {
  /** Got less on chain than they asked for. */
  readonly lost: number;
  /** Got more. */
  readonly doubled: number;
  /** Token, hub, channel and journal do not say the same. */
  readonly mismatches: number;
}

interface Ledger {
  readonly hub: Address;
  readonly system: Address;
  readonly token: Address;
  /** Address of the database. */
  readonly store: string;
}

const AT_ONCE = 100;

/** Compares every customer's tokens on chain, the hub's books, its channel and the journal. */
export async function compare(
  provider: JsonRpcProvider,
  { hub, system, token, store: url }: Ledger,
  customers: readonly Customer[],
): Promise<Comparison> {
  const store = await openStore(url);
  const channels = new Map<string, Channel>();
  for await (const page of store.ledger.channels(system)) for (const one of page) channels.set(one.key.user, one);
  const journal = await store.log.totals(system, token);
  await store.close();
  const client = new HubClient(hub, provider);
  const coins = IERC20__factory.connect(token, provider);
  let [lost, doubled, mismatches] = [0, 0, 0];
  const check = async ({ account, issued, withdrawn }: Customer): Promise<void> => {
    const paid = await coins.balanceOf(account);
    const { funds } = await client.channel({ system, user: account, token });
    const channel = channels.get(account);
    if (paid < withdrawn) lost += 1;
    if (paid > withdrawn) doubled += 1;
    const left = issued - withdrawn;
    const agree =
      funds.withdrawn === paid &&
      channel?.funds.withdrawn === paid &&
      channel.pending === null &&
      balance(channel.funds, channel.state, channel.note) === left &&
      journal.get(account) === left;
    if (!agree) mismatches += 1;
  };
  for (let i = 0; i < customers.length; i += AT_ONCE) {
    await Promise.all(customers.slice(i, i + AT_ONCE).map(check));
  }
  return { lost, doubled, mismatches };
}
