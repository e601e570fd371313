import type { Channel } from "../../engine";
import { fail, StarledgerError } from "../../errors";
import {
  checkInvoice,
  checkRoute,
  domainSeparator,
  hashInvoice,
  hashOfPreimage,
  onwardInvoice,
  type Address,
  type ChannelId,
  type ChannelKey,
  type Hash,
  type LockOrder,
  type RefundOrder,
  type Route,
  type RouteOrder,
} from "../../protocol";
import type { NewForward } from "../../store";
import type { AccountService } from "../accountService";
import { arrivalOf, preimageOf, type Crossing, type CrossingOptions } from "./crossing";
import { openRouter, payingLock, routerOf } from "./router";

/**
 * The way to accounts of other systems for those who keep their own keys (section 8): the system signs whom it brings the
 * money that its router gets, the payer checks that, locks for the router, and says so. Nothing is kept before.
 */
export class Routes {
  constructor(
    private readonly options: CrossingOptions,
    private readonly crossing: Crossing,
  ) {}

  /**
   * By what the payer is to lock for the router or, of a refund, to give back to it.
   * @throws unknown_account if the payee is of no other system, unknown_asset, invalid_signature, wrong_signer,
   * unknown_payment, wrong_refund, account_closed, signer_unavailable, signer_refused
   */
  async find(service: AccountService, { id, key }: Channel, order: RouteOrder): Promise<Route> {
    const { token } = key;
    if (order.type === "refund") await this.requirePayer(service, key, order);
    else await this.targetOf(service, order, token);
    const router = await openRouter(service, this.options.keystore, token);
    const { amount } = order.type === "invoice" ? order.signed.invoice : order;
    const [hash, expiry] = [
      this.hashFor(id, order),
      arrivalOf(service, order.type === "invoice" ? order.signed.invoice : undefined),
    ];
    const terms = { hash, amount, token, expiry, account: router.key.user, memo: hash };
    return await service.orders.vouch({ ...terms, memo: hashInvoice(onwardInvoice(order, token, terms)) });
  }

  /**
   * Sends on what the payer has locked by a route; once more changes nothing.
   * @throws wrong_route, wrong_signer, unknown_lock, hash_used if somebody else pays that: the lock is given back then; and
   * what {@link find} throws
   */
  async send(service: AccountService, channel: Channel, order: LockOrder, route: Route): Promise<void> {
    const { keystore } = this.options;
    const { token, user: payer } = channel.key;
    const { system: source, domain, signer } = service.identity;
    const by = checkRoute(domainSeparator(domain), order, token, route);
    if (by !== signer) fail("wrong_signer", { got: by, want: signer });
    const { hash, amount, expiry: arrives } = route.invoice;
    if (hash !== this.hashFor(channel.id, order)) fail("wrong_route", { field: "nonce" });
    const lock = payingLock(service, keystore, { hash, payer, token, amount, arrives });
    if (lock === undefined) return await this.requireSent(payer, hash);
    const target = await this.targetOf(service, order, token);
    const onward = onwardInvoice(order, token, route.invoice);
    const isDirect = order.type === "transfer";
    const forward: NewForward = {
      ...{ hash, source, target, token, payer, payee: onward.account, amount, arrives, isDirect },
      reference: isDirect ? order.reference : hashInvoice(onward),
      request: isDirect ? requestOf(channel.id, order.nonce) : `route ${channel.id} ${lock.version} ${hash}`,
    };
    try {
      await this.crossing.sendOff(await this.crossing.begin(forward));
    } catch (error) {
      if (!(error instanceof StarledgerError) || error.code !== "hash_used") throw error;
      await service.submit({ type: "releaseHosted", from: routerOf(keystore, source), token, hash });
      throw error;
    }
  }

  /** @throws unknown_lock */
  private async requireSent(payer: Address, hash: Hash): Promise<void> {
    const forward = await this.options.store.forwards.find(hash);
    if (forward?.payer !== payer || forward.status === "begun") fail("unknown_lock", { hash });
  }

  private async requirePayer(service: AccountService, { user, token }: ChannelKey, order: RefundOrder): Promise<void> {
    const { payment, to } = order;
    const forward = await this.options.store.forwards.find(payment);
    const isOwn = forward?.target === service.identity.system && forward.payee === user && forward.token === token;
    if (!isOwn) return fail("unknown_payment", { payment });
    if (forward.payer !== to) fail("wrong_refund", { got: to, want: forward.payer });
    const isClosed = this.options.services.find(forward.source)?.account(to).status === "closed";
    if (isClosed) fail("account_closed", { account: to });
  }

  private async targetOf(service: AccountService, order: LockOrder, token: Address): Promise<Address> {
    if (order.type === "invoice") checkInvoice(domainSeparator(service.identity.domain), order.signed, token);
    const account = order.type === "invoice" ? order.signed.invoice.account : order.to;
    return (await this.crossing.targetOf(service, account, token)) ?? fail("unknown_account", { account });
  }

  private hashFor(id: ChannelId, order: RouteOrder): Hash {
    if (order.type === "invoice") return order.signed.invoice.hash;
    if (order.type === "refund") return order.payment;
    return hashOfPreimage(preimageOf(this.options.keystore, requestOf(id, order.nonce)));
  }
}

/** What a transfer's preimage is made from. */
function requestOf(id: ChannelId, nonce: Hash): string {
  return `route ${id} ${nonce}`;
}
