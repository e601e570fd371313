import { setTimeout as sleep } from "node:timers/promises";

import { fail, StarledgerError } from "../../errors";
import type { Address, Withdrawal } from "../../protocol";
import type { Client, Hub, Parties } from "../../sdk";
import { dateOf } from "../dates";
import { withOwnAccount, type OwnOptions } from "../ownAccount";
import { assetOf, type Session } from "../session";
import { shown, type Shown } from "../shown";
import { facts } from "../tables";

/** What a withdrawal with a key of one's own is to do. */
export interface OwnWithdrawalTerms {
  readonly from: Address;
  readonly token: Address | undefined;
  /** In whole tokens. */
  readonly amount: string;
  /** The account itself unless given. */
  readonly recipient: Address | undefined;
  /** In whole tokens; nothing unless given. */
  readonly maxFee: string | undefined;
  /** Sent to the chain at once, at the account's own cost, instead of by the system with others. */
  readonly isSent: boolean;
  /** Sent without asking. */
  readonly yes: boolean;
}

/** Milliseconds between two looks at the chain. */
const EVERY = 1_000;
const FINAL = "Final on the chain";

/** Withdraws with a key of the caller's own; ends when its own node shows that it is final. The wallet's file is free meanwhile. */
export async function withdrawOwn(session: Session, own: OwnOptions, terms: OwnWithdrawalTerms): Promise<Shown> {
  const { rpc } = own;
  if (rpc === undefined) return fail("wrong_usage", { missing: "--rpc" });
  const signed = await withOwnAccount(session, own, (client) => sign(session, client, terms));
  const { hub, parties, asset, amount, withdrawal, sent } = signed;
  const { ChainNode, Hub, httpProvider } = await import("../../sdk");
  await final(session, new Hub(hub, new ChainNode(httpProvider(rpc))), parties, withdrawal);
  const { channelId, recipient } = withdrawal;
  const data = { channelId, token: asset.token, amount, decimals: asset.decimals, recipient, sent };
  return shown(data, () =>
    facts({
      Withdrawn: `${asset.format(amount)} of ${asset.token}`,
      To: recipient,
      Transaction: sent[0]?.transaction,
    }),
  );
}

/** Gets the signatures of both and, if asked to, sends it. What was done is part of a failure's JSON. */
async function sign(session: Session, client: Client, terms: OwnWithdrawalTerms) {
  const { from, recipient = from } = terms;
  if (client.account !== from) fail("wrong_signer", { got: client.account, want: from });
  const token = terms.token ?? (await session.asset(undefined)).token;
  // The decimals that count are those on the chain, not those that the service names.
  const asset = assetOf(await client.balance(token));
  const amount = asset.parse(terms.amount);
  if (terms.isSent) await session.confirm(`Withdraw ${asset.format(amount)} of ${token} to ${recipient}`, terms);
  const fee = terms.maxFee === undefined ? {} : { maxFee: asset.parse(terms.maxFee) };
  const signed = await client.withdraw({ token, amount, recipient, ...fee });
  const { withdrawal } = signed;
  session.done["withdrawal"] = withdrawal;
  session.say(`Signed by both; it can be sent until ${dateOf(withdrawal.deadline)}`);
  const sent = terms.isSent ? [{ step: "withdraw", ...(await client.submit(token, signed)) }] : [];
  session.done["sent"] = sent;
  const parties = { system: client.system, user: client.account, token };
  return { hub: client.domain.hub, parties, asset, amount, withdrawal, sent };
}

/**
 * Resolves when the withdrawal is part of what the final block says, and tells how far it is; a node that is away is waited for.
 * @throws withdrawal_expired, channel_frozen if the channel was closed on its way
 */
async function final(session: Session, hub: Hub, parties: Parties, withdrawal: Withdrawal): Promise<void> {
  for (let last = ""; ; await sleep(EVERY)) {
    const now = await look(hub, parties, withdrawal).catch(trouble);
    if (now !== last) session.say(now);
    if (now === FINAL) return;
    last = now;
  }
}

async function look(hub: Hub, parties: Parties, { channelId, withdrawn, deadline }: Withdrawal): Promise<string> {
  const { number, time } = await hub.node.block("finalized");
  const settled = await hub.channel(parties, number);
  if (settled.id !== channelId || settled.closing) fail("channel_frozen", { channel: channelId });
  if (settled.funds.withdrawn >= withdrawn) return FINAL;
  if (time > deadline) fail("withdrawal_expired", { channel: channelId, deadline });
  const { id, funds } = await hub.channel(parties);
  const isMined = id === channelId && funds.withdrawn >= withdrawn;
  return isMined ? "On the chain; waiting until that is final" : "Waiting until it is on the chain";
}

function trouble(error: unknown): string {
  if (error instanceof StarledgerError && error.retryable) return `${error.message} Trying again`;
  throw error;
}
