import { fail } from "../../errors";
import { minimum, ZERO_ADDRESS, type Address } from "../../protocol";
import { DisputeHub, type Receipt } from "../chain";
import { approveCall, closeCooperativelyCall, depositCall, withdrawCall } from "../chain/calls";
import type { ExitEvent } from "../exit";
import type { Transaction } from "../signers";
import type { SignedWithdrawal } from "../store";
import type { Channel } from "./channels";
import { ConditionalPayments } from "./conditionalPayments";
import { DepositLog, type Deposits } from "./deposits";
import { leave, type LeaveOptions } from "./leaving";

/** How long what U signs for the chain may wait to be mined, in seconds, unless the challenge period is shorter. */
const CHAIN_PATIENCE = 3_600n;

/** Money to and from the chain. */
export class ChainMoves extends ConditionalPayments {
  private readonly depositLog = new DepositLog(this.setting.hub);

  /**
   * Signs a withdrawal, which the system sends to the chain with others, or {@link submit} does at once. Asked for again
   * while it is pending, the same one is returned. What the system asks for it is paid by a state that is signed with it: the
   * system signs both, or neither.
   * @param order.recipient this account unless given
   * @param order.maxFee what it may cost at most, in base units; nothing unless given
   * @throws fee_too_high, insufficient_balance, withdrawal_pending, channel_frozen, not_covered, and what the service refuses with
   */
  withdraw(order: { token: Address; amount: bigint; recipient?: Address; maxFee?: bigint }): Promise<SignedWithdrawal> {
    const { token, amount, recipient = this.account, maxFee } = order;
    return this.using(token, (channel) => {
      const { wallet } = channel;
      const same = wallet.sameWithdrawal(amount, recipient, maxFee);
      if (same !== undefined) return same;
      const now = this.setting.now();
      return wallet.withdraw({ amount, recipient, deadline: deadlineOf(channel, now), now, maxFee });
    });
  }

  /**
   * Sends a withdrawal to the hub, at the account's own cost.
   * @throws transaction_failed, chain_unreachable, signature_refused
   */
  async submit(token: Address, signed: SignedWithdrawal): Promise<Receipt> {
    const { key } = await this.channels.look(token);
    return this.send(withdrawCall(this.domain.hub, key, signed));
  }

  /**
   * Pays into the channel from the account on chain; of a token, the hub is allowed to take it first. It counts once it is
   * final.
   * @throws invalid_amount, channel_frozen, transaction_failed, chain_unreachable, signature_refused
   */
  async deposit({ token, amount }: { token: Address; amount: bigint }): Promise<Receipt> {
    const { key, wallet } = await this.channels.look(token);
    if (wallet.isFrozen) fail("channel_frozen", { channel: wallet.id });
    const { hub } = this.setting;
    if (token !== ZERO_ADDRESS && (await hub.allowance(token, this.account)) < amount) {
      await this.send(approveCall(hub.address, token, amount));
    }
    return this.send(depositCall(hub.address, key, amount));
  }

  /**
   * What was deposited into a token's channel in this epoch, by whomever, as the account's own node says; what counted is in
   * the balance, what is not final is not.
   * @throws unknown_asset, chain_unreachable
   */
  async deposits(token: Address): Promise<Deposits> {
    return await this.depositLog.read(await this.channels.look(token));
  }

  /**
   * Agrees with the system to end the epoch, and sends that to the chain: the balance is paid out at once, and the channel
   * is open again once it is final. Nothing may be pending.
   * @throws channel_frozen, withdrawal_pending, state_mismatch, and what the service refuses with; transaction_failed
   */
  close(token: Address): Promise<Receipt> {
    return this.using(token, async (channel) => {
      const { key, wallet } = channel;
      const signed = wallet.agreement ?? (await wallet.closeCooperatively(deadlineOf(channel, this.setting.now())));
      const signatures = [signed.signature, signed.systemSignature] as const;
      return this.send(closeCooperativelyCall(this.domain.hub, key, signed.closing, signatures));
    });
  }

  /**
   * Leaves alone, with the account's own node and no help of the system's: closes, answers, proves, settles and collects
   * (section 6). Each step comes before it is done and is done when the next event is asked for, so that whoever follows it
   * can ask, show, stop and take it up again with another call, after a restart too. Humble unless the key is original and
   * the store cannot be behind (U3). From its first step on the channel signs nothing more.
   * @throws closing_pending, transaction_failed, signature_refused, chain_unreachable, unknown_state
   */
  async *exit(token: Address, options: LeaveOptions = {}): AsyncGenerator<ExitEvent> {
    const { hub } = this.setting;
    const channel = await this.channels.look(token);
    for await (const event of leave(this.setting, new DisputeHub(hub.address, hub.node), channel, options)) {
      if (event.type === "sent") this.changes.announce(token);
      yield event;
    }
  }

  /**
   * Begins anew with the system after a loss of data of either side (S7); a client in use does so by itself as soon as it can, once
   * it knows. Until then nothing is signed or believed in the token's channel, and leaving is humble.
   * @param options.lost the records of this store are not all, or not the newest: after a challenge period on the final chain it
   * is to be asked for again, without
   * @throws resynchronising until then, lock_pending until every lock has ended, unreachable, and what taking over throws
   */
  async resynchronise(token: Address, options: { lost?: boolean } = {}): Promise<void> {
    const { wallet } = await this.channels.look(token);
    if (options.lost === true) await wallet.declareLoss();
    await wallet.resynchronise();
    this.changes.announce(token);
  }

  private async send(transaction: Transaction): Promise<Receipt> {
    const { account, hub } = this.setting;
    return hub.node.mined(await account.send(transaction, hub.node));
  }
}

function deadlineOf({ asset }: Channel, now: bigint): bigint {
  return now + minimum(CHAIN_PATIENCE, asset.challengePeriod);
}
