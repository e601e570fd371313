import { fail } from "../../errors";
import { balance, type Address } from "../../protocol";
import type { CommandOf } from "../commands";
import { fact } from "../events";
import type { Account, Channel } from "../records";
import { accountIn, channelsOf, type Changes, type LedgerView } from "../view";

const EVENTS = { open: "account.unfrozen", frozen: "account.frozen", closed: "account.closed" } as const;

/**
 * Stops what an account pays (`frozen`), lets it pay again (`open`), or ends it for good (`closed`), once nothing is left in
 * it. Whatever it is, what it has can be withdrawn and its channels closed: no status keeps money from its owner. The same
 * once more changes nothing.
 * @throws unknown_account, account_closed, account_not_empty
 */
export function setAccountStatus(view: LedgerView, command: CommandOf<"setAccountStatus">): Changes {
  const account = accountIn(view, command.account);
  const { status } = command;
  if (status === account.status) return {};
  requireNotClosed(account);
  if (status === "closed") for (const channel of channelsOf(view, account)) requireEmpty(channel);
  return { accounts: [{ ...account, status }], events: [fact(EVENTS[status], {}, { account: account.address })] };
}

/** @throws unknown_account, account_frozen, account_closed */
export function requirePaying(view: LedgerView, address: Address): void {
  const account = requireNotClosed(accountIn(view, address));
  if (account.status === "frozen") fail("account_frozen", { account: address });
}

/** @throws account_closed */
export function requireNotClosed(account: Account): Account {
  return account.status === "closed" ? fail("account_closed", { account: account.address }) : account;
}

function requireEmpty({ id, status, funds, state, note, incoming, outgoing, pending }: Channel): void {
  const left = balance(funds, state, note);
  const isUnderWay = incoming.length + outgoing.length > 0 || pending !== null || status === "frozen";
  if (left !== 0n || isUnderWay) fail("account_not_empty", { channel: id, left, status });
}
