import type { Command } from "commander";

import type { Address } from "../../protocol";
import { address } from "../arguments";
import { define, runs } from "../define";
import { withOwnAccount, withOwnOptions, type OwnOptions } from "../ownAccount";
import { assetOf, type Session } from "../session";
import { shown, type Shown } from "../shown";
import { facts } from "../tables";

interface ResynchroniseOptions extends OwnOptions {
  readonly token: Address;
  readonly lost?: true;
}

export function resynchroniseCommand(program: Command): void {
  const command = define(program, "resynchronise", {
    does: "Begins anew with the service after a loss of data, with a key of your own: both show their latest, and sign a state that outdates all that either may have lost or hidden. After a loss of your own only once a challenge period has passed on chain, and every conditional payment has ended.",
    examples: [
      "starledger resynchronise --token 0x… --wallet wallet.jsonl --rpc https://… --key-file key.json --lost",
      "starledger resynchronise --token 0x… --wallet wallet.jsonl --rpc https://… --key-file key.json",
    ],
  }).requiredOption("--token <address>", "the token, zero for native coin", address);
  withOwnOptions(command).option("--lost", "the wallet's file, or the newest of it, is lost: declares that, once");
  runs<ResynchroniseOptions, []>(command, resynchronise);
}

async function resynchronise(session: Session, options: ResynchroniseOptions): Promise<Shown> {
  const { token: of, lost = false } = options;
  const data = await withOwnAccount(session, options, async (client) => {
    await client.resynchronise(of, { lost });
    const { balance, decimals } = await client.balance(of);
    return { token: of, balance, decimals };
  });
  return shown(data, () => facts({ Token: of, Balance: assetOf(data).format(data.balance) }));
}
