import { Option, type Command } from "commander";

import { decodeInvoice, type Address, type Hash } from "../../protocol";
import type { Invoice } from "../../sdk";
import { invoice as wireInvoice, paymentReceipt } from "../../wire";
import { address, hash, positive } from "../arguments";
import { define, group, runs } from "../define";
import { withIdempotencyKey, withToken, type Keyed } from "../options";
import { withOwnOptions, type OwnOptions } from "../ownAccount";
import { assetOf } from "../session";
import { shownAs } from "../shown";
import { facts } from "../tables";
import { cancelOwn, createOwn, payOwn, showOwn } from "./ownInvoices";

interface CreateOptions extends Keyed, OwnOptions {
  readonly token?: Address;
  readonly lifetime: bigint;
  readonly memo?: Hash;
  readonly hold: boolean;
}

interface PayOptions extends Keyed, OwnOptions {
  readonly from: Address;
  readonly maxFee?: string;
  readonly wait: boolean;
}

interface ShowOptions extends OwnOptions {
  readonly wait: boolean;
}

const SHOP = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const OWN = "--wallet wallet.jsonl --rpc https://… --key-file key.json";
const HASH = "0xe9c5fb7283cf2414072cb79c75c2114185223a0a5a33630f6d446a5a3889779f";

export function invoiceCommands(program: Command): void {
  const invoices = group(program, "invoice", "Conditional payments: whoever pays gets a proof, or the money back.");

  const create = define(invoices, "create", {
    does: "Asks to be paid once, in the name of a hosted account, or of your own with its key; prints the text for the payer. Your own wallet claims what is promised whenever you use it: look with `invoice show` before it expires.",
    examples: [
      `starledger invoice create ${SHOP} 12.50`,
      `starledger invoice create ${SHOP} 12.50 ${OWN}`,
      `starledger invoice create ${SHOP} 5 --hold --lifetime 86400`,
    ],
  })
    .argument("<account>", "who is to be paid: a hosted account, or with --wallet your own", address)
    .argument("<amount>", "in whole tokens")
    .addOption(
      new Option("--lifetime <seconds>", "until it can no longer be paid").argParser(positive).default(3_600n, "3600"),
    )
    .option("--memo <hash>", "hash of whatever the payee wants to say, 32 bytes", hash)
    .option("--hold", "claim the money only when told to", false);
  runs<CreateOptions, [Address, string]>(
    withOwnOptions(withIdempotencyKey(withToken(create))),
    async (session, { token, lifetime, memo, hold, ...options }, account, text) => {
      if (options.wallet !== undefined) {
        return createOwn(session, options, { account, token, amount: text, lifetime, memo, hold });
      }
      const asset = await session.asset(token);
      const expiry = BigInt(Math.floor(Date.now() / 1_000)) + lifetime;
      const order = { account, token: asset.token, amount: asset.parse(text), expiry, hold, ...(memo && { memo }) };
      return shownAs(wireInvoice, await (await session.operator()).createInvoice(order, options), describe);
    },
  );

  const show = define(invoices, "show", {
    does: "Shows an invoice and what became of it: of a hosted account, or one that you made or pay with a key of your own.",
    examples: [`starledger invoice show ${HASH}`, `starledger invoice show sl1… --wait ${OWN}`],
  })
    .argument("<hash>", "its hash, or its text; with --wallet its text")
    .option("--wait", "with --wallet: stay until it is over", false);
  runs<ShowOptions, [string]>(withOwnOptions(show), async (session, options, of) => {
    if (options.wallet !== undefined) return showOwn(session, options, of, options.wait);
    return shownAs(wireInvoice, await (await session.operator()).invoice(hashOf(of)), describe);
  });

  const cancel = define(invoices, "cancel", {
    does: "Takes an invoice back that is not paid; of a hold invoice, gives back what was promised.",
    examples: [`starledger invoice cancel ${HASH}`],
  }).argument("<hash>", "its hash, or its text; with --wallet its text");
  runs<Keyed & OwnOptions, [string]>(withOwnOptions(withIdempotencyKey(cancel)), async (session, options, of) => {
    if (options.wallet !== undefined) return cancelOwn(session, options, of);
    return shownAs(wireInvoice, await (await session.operator()).cancelInvoice(hashOf(of), options), describe);
  });

  const pay = define(invoices, "pay", {
    does: "Pays an invoice from a hosted account, or your own with its key: locks the amount until the payee claims it or it comes back.",
    examples: [
      `starledger invoice pay sl1… --from ${SHOP}`,
      `starledger invoice pay sl1… --from ${SHOP} --max-fee 0.01`,
      `starledger invoice pay sl1… --from ${SHOP} --wait ${OWN}`,
    ],
  })
    .argument("<text>", "the invoice, sl1…")
    .requiredOption("--from <address>", "a hosted account, or with --wallet your own", address)
    .option("--max-fee <amount>", "what it may cost at most, in whole tokens; with --wallet nothing by default")
    .option("--wait", "with --wallet: stay until it is claimed or has come back", false);
  runs<PayOptions, [string]>(
    withOwnOptions(withIdempotencyKey(pay)),
    async (session, { from, maxFee, ...options }, text) => {
      if (options.wallet !== undefined) return payOwn(session, options, { text, from, maxFee, wait: options.wait });
      const { token } = decodeInvoice(text).invoice;
      const fee = maxFee === undefined ? {} : { maxFee: (await session.asset(token)).parse(maxFee) };
      const paid = await (await session.operator()).payInvoice({ from, invoice: text, ...fee }, options);
      return shownAs(paymentReceipt, paid, (payment) => {
        const { format } = assetOf(payment);
        return facts({
          Payment: payment.id,
          Status: payment.status,
          Amount: `${format(payment.amount)} of ${payment.token}`,
          Fee: payment.fee === 0n ? undefined : format(payment.fee),
          To: payment.to,
          Preimage: payment.preimage ?? undefined,
        });
      });
    },
  );
}

function describe(invoice: Invoice): string {
  return facts({
    Invoice: invoice.hash,
    Status: `${invoice.status}${invoice.hold ? ", claimed only when told to" : ""}`,
    Amount: `${assetOf(invoice).format(invoice.amount)} of ${invoice.token}`,
    To: invoice.account,
    Until: new Date(Number(invoice.expiry) * 1_000).toISOString(),
    Text: invoice.text,
  });
}

/** @throws invalid_invoice */
function hashOf(text: string): Hash {
  return text.startsWith("0x") ? hash(text) : decodeInvoice(text).invoice.hash;
}
