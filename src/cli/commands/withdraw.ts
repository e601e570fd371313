import type { Command } from "commander";

import { fail } from "../../errors";
import type { Address } from "../../protocol";
import { address, whole } from "../arguments";
import { define, runs } from "../define";
import { withIdempotencyKey, withToken, type Keyed } from "../options";
import { shown } from "../shown";
import { facts } from "../tables";

interface WithdrawOptions extends Keyed {
  readonly token?: Address;
  readonly recipient: Address;
  readonly deadline?: bigint;
  readonly maxFee?: string;
}

/** Seconds that a withdrawal may take to the chain unless its deadline is given. */
const PATIENCE = 3_600n;

export function withdrawCommand(program: Command): void {
  const command = define(program, "withdraw", {
    does: "Lets the service sign a withdrawal from a hosted account to the chain. The operator sends those to the hub, or anyone by `starledger channel withdraw`.",
    examples: [
      "starledger withdraw 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 12.50 --recipient 0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc --json",
    ],
  })
    .argument("<from>", "a hosted account", address)
    .argument("<amount>", "in whole tokens")
    .requiredOption("--recipient <address>", "who is paid on the chain", address)
    .option("--deadline <seconds>", "Unix time at which the signatures are void; an hour from now by default", whole)
    .option("--max-fee <amount>", "what it may cost at most, in whole tokens");
  runs<WithdrawOptions, [Address, string]>(
    withIdempotencyKey(withToken(command)),
    async (session, { token, recipient, maxFee, ...options }, from, amount) => {
      if (options.idempotencyKey !== undefined && options.deadline === undefined) {
        fail("wrong_usage", { missing: "--deadline", reason: "the same request has the same deadline" });
      }
      const api = await session.operator();
      const asset = await session.asset(token);
      const deadline = options.deadline ?? BigInt(Math.floor(Date.now() / 1_000)) + PATIENCE;
      session.done["deadline"] = deadline;
      const terms = { from, token: asset.token, amount: asset.parse(amount), recipient, deadline };
      const bound = maxFee === undefined ? {} : { maxFee: asset.parse(maxFee) };
      return shown(
        await api.withdraw({ custody: "hosted", ...terms, ...bound }, options),
        ({ withdrawal, fee, commit }) =>
          facts({
            Signed: `withdrawals of channel ${withdrawal.channelId} up to ${asset.format(withdrawal.withdrawn)}`,
            Recipient: withdrawal.recipient,
            Fee: fee === 0n ? undefined : asset.format(fee),
            Until: `${new Date(Number(withdrawal.deadline) * 1_000).toISOString()} (${withdrawal.deadline})`,
            Commit: `${commit}`,
          }),
      );
    },
  );
}
