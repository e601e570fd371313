import type { Command } from "commander";

import { channelId, type Address } from "../../protocol";
import { address } from "../arguments";
import { define, runs } from "../define";
import { assetOf, type Session } from "../session";
import { shown, type Shown } from "../shown";
import { withChainOptions, type ChainOptions } from "../signing";
import { facts } from "../tables";

interface DepositOptions extends ChainOptions {
  readonly system: Address;
  readonly token: Address;
  readonly user?: Address;
}

export function depositCommand(program: Command): void {
  const command = define(program, "deposit", {
    does: "Pays tokens of yours into a channel on the chain. The account has them once that is final.",
    examples: ["starledger deposit 100 --hub 0x… --rpc https://… --system 0x… --token 0x… --key-file key.json"],
  }).argument("<amount>", "in whole tokens");
  withChainOptions(command)
    .requiredOption("--system <address>", "the operator's account", address)
    .requiredOption("--token <address>", "the token, zero for native coin", address)
    .option("--user <address>", "whose account; your own by default", address);
  runs<DepositOptions, [string]>(command, deposit);
}

async function deposit(session: Session, options: DepositOptions, text: string): Promise<Shown> {
  const [{ openHub }, { approve, decimalsOf }] = await Promise.all([
    import("../chainSession"),
    import("../../chain/token"),
  ]);
  const { hub, wallet, provider, own, sent, report } = await openHub(session, options);
  const { system, token, user = own } = options;
  await hub.asset(system, token);
  const asset = assetOf({ token, decimals: await decimalsOf(provider, token) });
  const amount = asset.parse(text);
  const { epoch } = await hub.channel({ system, user, token });
  const key = { system, user, token, epoch };
  await session.confirm(`Deposit ${asset.format(amount)} of ${token} for ${user} at ${system}`, options);
  report("approve", await approve(wallet, { token, owner: own, spender: hub.address, amount }));
  report("deposit", await hub.deposit(key, amount));
  provider.destroy();
  const data = { channelId: channelId(key), user, token, amount, decimals: asset.decimals, sent };
  return shown(data, () =>
    facts({
      Deposited: `${asset.format(amount)} of ${token}`,
      For: user,
      Channel: data.channelId,
      Transaction: sent[sent.length - 1]!.transaction,
    }),
  );
}
