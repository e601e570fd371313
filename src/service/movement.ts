import { channelIn, type Command, type LedgerView } from "../engine";
import { balance, positive, type Address, type StateOperation } from "../protocol";
import { isSignedByUser } from "./compose";
import type { Request } from "./requests";

/** How much of a token leaves an account, or comes into being. */
export interface Movement {
  readonly token: Address;
  /** With fees. */
  readonly amount: bigint;
}

/** What a request moves by the right of whoever asks, rather than by a user's signature; null if nothing. */
export function movedBy(request: Request, command: Command, view: LedgerView): Movement | null {
  const moved = isSignedByUser(request) ? null : movement(command, view);
  return moved === null || moved.amount === 0n ? null : moved;
}

function movement(command: Command, view: LedgerView): Movement | null {
  switch (command.type) {
    case "issue":
      return command;
    case "refundRedemption": {
      const redeemed = view.refundable(command.payment, "redeemed");
      return redeemed === undefined ? null : { token: redeemed.token, amount: command.amount };
    }
    case "submitState": {
      const { token } = channelIn(view, command.proposal.channelId).key;
      return { token, amount: spentIn(command.operations) };
    }
    case "withdraw": {
      const { channelId, withdrawn } = command.withdrawal;
      const { key, funds } = channelIn(view, channelId);
      const fee = spentIn(command.payment?.operations ?? []);
      return { token: key.token, amount: withdrawn - funds.withdrawn + fee };
    }
    case "closeCooperatively": {
      const { key, funds, state, note } = channelIn(view, command.closing.channelId);
      return { token: key.token, amount: positive(balance(funds, state, note)) };
    }
    case "addAsset":
    case "setLimit":
    case "setFees":
    case "setPaymentLimits":
    case "pauseCrediting":
    case "setAccountTerms":
    case "openAccount":
    case "openAccounts":
    case "openChannels":
    case "setAccountStatus":
    case "reveal":
    case "addInvoice":
    case "cancelInvoice":
    case "expireInvoices":
    case "observeChain":
    case "updateFunds":
    case "freeze":
    case "close":
    case "observeAnswer":
    case "giveUpWebhook":
    case "settleEpoch":
    case "declareLoss":
    case "resynchronise":
      return null;
  }
}

function spentIn(operations: readonly StateOperation[]): bigint {
  return operations.reduce((sum, operation) => sum + spentBy(operation), 0n);
}

function spentBy(operation: StateOperation): bigint {
  switch (operation.type) {
    case "pay":
    case "redeem":
    case "refund":
    case "fee":
      return operation.amount;
    case "lock":
      return operation.amount + operation.fee;
    case "fold":
    case "foldLock":
    case "dropLock":
    case "releaseLock":
      return 0n;
  }
}
