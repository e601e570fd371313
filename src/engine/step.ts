import type { Command, Context } from "./commands";
import { setAccountStatus } from "./steps/accountStatus";
import { addAsset, pauseCrediting, setAccountTerms, setFees, setLimit, setPaymentLimits } from "./steps/assets";
import { closeCooperatively } from "./steps/closeCooperatively";
import { settleEpoch } from "./steps/epoch";
import { close, freeze, observeAnswer } from "./steps/freeze";
import { addInvoice, cancelInvoice, expireInvoices } from "./steps/invoices";
import { issue } from "./steps/issue";
import { declareLoss } from "./steps/loss";
import { observeChain } from "./steps/observeChain";
import { openAccount, openAccounts } from "./steps/openAccount";
import { openChannels } from "./steps/openChannels";
import { refundRedemption } from "./steps/refund";
import { resynchronise } from "./steps/resynchronise";
import { reveal } from "./steps/reveal";
import { submitState } from "./steps/submitState";
import { updateFunds } from "./steps/updateFunds";
import { giveUpWebhook } from "./steps/webhooks";
import { withdraw } from "./steps/withdraw";
import type { Changes, LedgerView } from "./view";

/**
 * What `command` leads to, or a typed error: pure, and without any effect by itself.
 * No changes at all: the command was carried out before.
 */
export function step(view: LedgerView, command: Command, context: Context): Changes {
  switch (command.type) {
    case "addAsset":
      return addAsset(view, command);
    case "setLimit":
      return setLimit(view, command);
    case "setFees":
      return setFees(view, command);
    case "setPaymentLimits":
      return setPaymentLimits(view, command);
    case "pauseCrediting":
      return pauseCrediting(view, command);
    case "setAccountTerms":
      return setAccountTerms(view, command);
    case "openAccount":
      return openAccount(view, command);
    case "openAccounts":
      return openAccounts(view, command);
    case "openChannels":
      return openChannels(view, command);
    case "setAccountStatus":
      return setAccountStatus(view, command);
    case "issue":
      return issue(view, command);
    case "refundRedemption":
      return refundRedemption(view, command);
    case "submitState":
      return submitState(view, command, context);
    case "reveal":
      return reveal(view, command, context);
    case "addInvoice":
      return addInvoice(view, command, context);
    case "cancelInvoice":
      return cancelInvoice(view, command);
    case "expireInvoices":
      return expireInvoices(view, command, context);
    case "observeChain":
      return observeChain(view, command);
    case "withdraw":
      return withdraw(view, command, context);
    case "closeCooperatively":
      return closeCooperatively(view, command, context);
    case "updateFunds":
      return updateFunds(view, command);
    case "freeze":
      return freeze(view, command);
    case "close":
      return close(view, command, context);
    case "observeAnswer":
      return observeAnswer(view, command);
    case "declareLoss":
      return declareLoss(view, command);
    case "resynchronise":
      return resynchronise(view, command);
    case "giveUpWebhook":
      return giveUpWebhook(command);
    case "settleEpoch":
      return settleEpoch(view, command);
  }
}
