import { fail, type StarledgerError } from "../../src/errors";
import type { Address, ChannelId, Hash, LockOrder, Route, RouteOrder, SignedInvoice } from "../../src/protocol";
import type { AccountService, Reply } from "../../src/service";
import { Crossing, Forwarder, Routes } from "../../src/service/crossing";
import type { Keystore } from "../../src/service/keystore";
import type { Identity } from "../../src/service/serviceOptions";
import { Services } from "../../src/service/services";
import type { Store } from "../../src/store";

/** What a hosted account asks its operator to pay at another system. */
export type Across =
  | {
      readonly type: "transferAcross";
      readonly from: Address;
      readonly to: Address;
      readonly token: Address;
      readonly amount: bigint;
      readonly reference: Hash;
    }
  | { readonly type: "payAcross"; readonly from: Address; readonly signed: SignedInvoice };

/** Payments between systems, as the process of one of them takes part in them. */
export class Crossings {
  private readonly crossing: Crossing;
  private readonly routes: Routes;
  private readonly forwarder: Forwarder;

  constructor(
    private readonly service: AccountService,
    parts: {
      readonly store: Store;
      readonly keystore: Keystore;
      /** Of all systems. */
      readonly identities: readonly Identity[];
      /** Milliseconds between two looks at what is to be brought on. */
      readonly interval: number;
      readonly onTrouble: (error: StarledgerError) => void;
    },
  ) {
    const services = new Services([service], parts.identities);
    this.crossing = new Crossing({ ...parts, services });
    this.routes = new Routes({ ...parts, services }, this.crossing);
    this.forwarder = new Forwarder({ ...parts, service });
  }

  stop(): Promise<void> {
    return this.forwarder.stop();
  }

  find({ id, order }: { readonly id: ChannelId; readonly order: RouteOrder }): Promise<Route> {
    return this.routes.find(this.service, this.channel(id), order);
  }

  send({
    id,
    order,
    route,
  }: {
    readonly id: ChannelId;
    readonly order: LockOrder;
    readonly route: Route;
  }): Promise<void> {
    return this.routes.send(this.service, this.channel(id), order, route);
  }

  /** As the API does it for a call with this key. */
  async pay(asked: Across, key: string): Promise<Reply> {
    const { crossing, service } = this;
    const { to, token } =
      asked.type === "transferAcross" ? asked : { to: asked.signed.invoice.account, token: asked.signed.invoice.token };
    const target = (await crossing.targetOf(service, to, token)) ?? fail("unknown_account", { account: to });
    const planned =
      asked.type === "transferAcross"
        ? crossing.transfer(service, target, asked, key)
        : crossing.payment(service, target, asked.from, asked.signed, key);
    const forward = await crossing.begin(planned);
    const reply = await service.submit(await crossing.lockFor(service, forward), key);
    await crossing.sendOff(forward);
    if (asked.type === "transferAcross") await crossing.requirePaid(forward);
    return reply;
  }

  private channel(id: ChannelId) {
    return this.service.channel(id) ?? fail("unknown_channel", { channel: id });
  }
}
