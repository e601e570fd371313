import type { Command } from "commander";

import { fail } from "../../errors";
import type { Address } from "../../protocol";
import { address, whole } from "../arguments";
import { dateOf } from "../dates";
import { define, runs } from "../define";
import { withIdempotencyKey, withToken, type Keyed } from "../options";
import { withOwnOptions, type OwnOptions } from "../ownAccount";
import { shown } from "../shown";
import { facts } from "../tables";
import { withdrawOwn } from "./ownWithdrawal";

interface WithdrawOptions extends Keyed, OwnOptions {
  readonly token?: Address;
  readonly recipient?: Address;
  readonly deadline?: bigint;
  readonly maxFee?: string;
  readonly submit: boolean;
  readonly yes: boolean;
}

/** Seconds that a withdrawal may take to the chain unless its deadline is given. */
const PATIENCE = 3_600n;
const FROM = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

export function withdrawCommand(program: Command): void {
  const command = define(program, "withdraw", {
    does: "Withdraws to the chain. From a hosted account the service signs; the operator sends that to the hub, or anyone by `starledger channel withdraw`. From your own, with its key and its wallet's file, both sign, and it is followed until it is final; asked for again before that, it is the same withdrawal.",
    examples: [
      `starledger withdraw ${FROM} 12.50 --recipient 0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc --json`,
      `starledger withdraw ${FROM} 12.50 --wallet wallet.jsonl --rpc https://… --key-file key.json`,
    ],
  })
    .argument("<from>", "a hosted account, or with --wallet your own", address)
    .argument("<amount>", "in whole tokens")
    .option("--recipient <address>", "who is paid on the chain; with --wallet by default the account itself", address)
    .option("--deadline <seconds>", "Unix time at which the signatures are void; an hour from now by default", whole)
    .option("--max-fee <amount>", "what it may cost at most, in whole tokens; with --wallet nothing by default")
    .option("--submit", "with --wallet: send it to the chain at once, at your own cost, not the operator's", false)
    .option("--yes", "with --submit: send without asking", false);
  runs<WithdrawOptions, [Address, string]>(
    withOwnOptions(withIdempotencyKey(withToken(command))),
    async (session, { token, recipient, maxFee, ...options }, from, amount) => {
      if (options.wallet !== undefined) {
        const { idempotencyKey, deadline, submit: isSent, yes } = options;
        if (idempotencyKey !== undefined || deadline !== undefined) {
          fail("wrong_usage", { reason: "with --wallet there is no --idempotency-key and no --deadline" });
        }
        return withdrawOwn(session, options, { from, token, amount, recipient, maxFee, isSent, yes });
      }
      if (recipient === undefined) return fail("wrong_usage", { missing: "--recipient" });
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
            Until: `${dateOf(withdrawal.deadline)} (${withdrawal.deadline})`,
            Commit: `${commit}`,
          }),
      );
    },
  );
}
