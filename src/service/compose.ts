import {
  addressOf,
  digest,
  hashState,
  hashWithdrawal,
  hashClosing,
  nextState,
  recover,
  sign,
  type Address,
  type Hash,
  type Hex,
  type StateOperation,
  positiveAmount,
} from "../protocol";
import { accountIn, openChannelOf, type Command, type LedgerView } from "../engine";
import { fail } from "../errors";
import type { HostedWithdrawalRequest, PaymentRequest, Request } from "./requests";

/** What turning requests into commands needs besides the ledger. */
export interface Composer {
  readonly system: Address;
  readonly separator: Hash;
  seal(account: Address, privateKey: Hex): string;
  /** The key of a hosted account. */
  keyOf(account: Address, sealed: string): Hex;
}

/**
 * Recovers who signed a request and, for hosted accounts, signs in the user's name: the user's rules hold within the
 * batch, since a state is built on one that is complete if this commit succeeds, and void with it if not.
 * @throws invalid_signature, unknown_account, not_hosted, and what the rules for the proposal throw
 */
export function compose(view: LedgerView, request: Request, composer: Composer): Command {
  const { separator, system } = composer;
  switch (request.type) {
    case "submitState":
      return { ...request, signer: recover(digest(separator, hashState(request.proposal)), request.signature) };
    case "withdraw":
      return { ...request, signer: recover(digest(separator, hashWithdrawal(request.withdrawal)), request.signature) };
    case "closeCooperatively":
      return { ...request, signer: recover(digest(separator, hashClosing(request.closing)), request.signature) };
    case "openAccount":
      return {
        type: "openAccount",
        account: { address: request.address, system, custody: "self", sealedKey: null },
        tokens: request.tokens,
      };
    case "openHostedAccount": {
      const address = addressOf(request.privateKey);
      const sealedKey = composer.seal(address, request.privateKey);
      return {
        type: "openAccount",
        account: { address, system, custody: "hosted", sealedKey },
        tokens: request.tokens,
      };
    }
    case "pay":
      return composePayment(view, request, composer);
    case "withdrawHosted":
      return composeWithdrawal(view, request, composer);
    default:
      return request;
  }
}

function composePayment(view: LedgerView, request: PaymentRequest, composer: Composer): Command {
  const account = accountIn(view, request.from);
  const key = hostedKey(account.address, account.sealedKey, composer);
  const { state, note } = openChannelOf(view, account, request.token);
  const { to, amount, reference } = request;
  const operations: StateOperation[] = [];
  if (note.seq > state.noteSeq) operations.push({ type: "fold", seq: note.seq, credited: note.credited });
  operations.push(to === null ? { type: "redeem", amount, reference } : { type: "pay", to, amount, reference });
  const proposal = nextState(state, operations);
  const signature = sign(digest(composer.separator, hashState(proposal)), key);
  return { type: "submitState", proposal, operations, signature, signer: account.address };
}

function composeWithdrawal(view: LedgerView, request: HostedWithdrawalRequest, composer: Composer): Command {
  const account = accountIn(view, request.from);
  const key = hostedKey(account.address, account.sealedKey, composer);
  const { id, funds } = openChannelOf(view, account, request.token);
  const withdrawal = {
    channelId: id,
    withdrawn: funds.withdrawn + positiveAmount(request.amount),
    reclaimed: funds.reclaimed,
    recipient: request.recipient,
    deadline: request.deadline,
  };
  const signature = sign(digest(composer.separator, hashWithdrawal(withdrawal)), key);
  return { type: "withdraw", withdrawal, signature, signer: account.address };
}

function hostedKey(address: Address, sealed: string | null, composer: Composer): Hex {
  return composer.keyOf(address, sealed ?? fail("not_hosted", { account: address }));
}
