import type { Command } from "commander";

import { fail } from "../../errors";
import type { Address } from "../../protocol";
import type { Client } from "../../sdk";
import { transferReceipt, type AliasText } from "../../wire";
import { address, payee } from "../arguments";
import { define, runs } from "../define";
import { withMoneyOptions, type MoneyOptions } from "../options";
import { withOwnAccount, withOwnOptions, type OwnOptions } from "../ownAccount";
import { assetOf, type Session } from "../session";
import { shown, shownAs, type Shown } from "../shown";
import { facts } from "../tables";

type PayOptions = MoneyOptions & OwnOptions & { readonly maxFee?: string; readonly accept?: Address };

const FROM = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const FROM_TO = `${FROM} 0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc`;

export function payCommand(program: Command): void {
  const command = define(program, "pay", {
    does: "Pays from an account to another: a hosted one, or your own with its key and its wallet's file.",
    examples: [
      `starledger pay ${FROM_TO} 0.75`,
      `starledger pay ${FROM_TO} 0.75 --wallet wallet.jsonl --rpc https://… --key-file key.json --reference 0x…`,
      `starledger pay ${FROM} alice@star.example 0.75 --wallet wallet.jsonl --rpc https://… --key-file key.json`,
    ],
  })
    .argument("<from>", "a hosted account, or with --wallet your own", address)
    .argument("<to>", "who is paid: an account, or its name; with --wallet, name@host", payee)
    .argument("<amount>", "in whole tokens")
    .option("--max-fee <amount>", "what your own account lets it cost at most, in whole tokens; nothing by default")
    .option("--accept <address>", "with --wallet: what a name stands for now, after it has changed", address);
  runs<PayOptions, [Address, Address | AliasText, string]>(
    withOwnOptions(withMoneyOptions(command)),
    async (session, options, from, to, amount) => {
      if (options.wallet !== undefined) return payByKey(session, options, { from, to, amount });
      const { token, reference, idempotencyKey } = options;
      const api = await session.operator();
      const asset = await session.asset(token);
      const transfer = { from, to, token: asset.token, amount: asset.parse(amount), reference };
      const keyed = idempotencyKey === undefined ? {} : { idempotencyKey };
      return shownAs(transferReceipt, await api.transfer(transfer, keyed), (receipt) =>
        facts({
          Paid: `${assetOf(receipt).format(receipt.amount)} of ${receipt.token}`,
          From: receipt.from,
          To: receipt.to,
          Proof: `state ${receipt.version} of channel ${receipt.channelId}, signed by the system`,
          Commit: `${receipt.commit}`,
        }),
      );
    },
  );
}

/** A reference takes the place of an idempotency key: with the same one it is paid once, ever. */
function payByKey(
  session: Session,
  options: PayOptions,
  { from, to, amount }: { from: Address; to: Address | AliasText; amount: string },
): Promise<Shown> {
  const { reference, maxFee } = options;
  if (options.idempotencyKey !== undefined) fail("wrong_usage", { use: "--reference", insteadOf: "--idempotency-key" });
  return withOwnAccount(session, options, async (client) => {
    if (client.account !== from) fail("wrong_signer", { got: client.account, want: from });
    const token = options.token ?? (await session.asset(undefined)).token;
    // The decimals that count are those on the chain, not those that the service names.
    const asset = assetOf(await client.balance(token));
    const fee = maxFee === undefined ? {} : { maxFee: asset.parse(maxFee) };
    const account = typeof to === "string" ? to : await accountNamed(session, client, to, options.accept);
    const receipt = await client.pay({ to: account, token, amount: asset.parse(amount), reference, ...fee });
    return shown({ from, decimals: asset.decimals, ...receipt }, (paid) =>
      facts({
        Paid: `${asset.format(paid.amount)} of ${paid.token}`,
        From: from,
        To: paid.to,
        Proof: `state ${paid.version} of channel ${paid.channelId}, signed by both, in ${options.wallet}`,
      }),
    );
  });
}

/** Whom a name stands for, which whoever pays is told. */
async function accountNamed(
  session: Session,
  client: Client,
  { name, host }: AliasText,
  accepted: Address | undefined,
): Promise<Address> {
  if (host === null) return fail("wrong_usage", { got: name, want: `${name}@HOST` });
  const whole = `${name}@${host}` as const;
  if (accepted !== undefined) await client.acceptName(whole, accepted);
  const account = await client.resolve(whole);
  session.say(`${whole} stands for ${account}`);
  return account;
}
