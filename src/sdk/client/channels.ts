import { fail } from "../../errors";
import { channelId, recover, type Address, type AssetSettings, type ChannelKey } from "../../protocol";
import { Wallet } from "../wallet";
import { unlessRefused } from "../wallet/refusals";
import type { Setting } from "./setting";

/** A token of the system with a channel of the account's. */
export interface Channel {
  readonly key: ChannelKey;
  readonly asset: AssetSettings;
  readonly wallet: Wallet;
}

/** The account's channels: one per token, each in the epoch that is final on chain. */
export class Channels {
  private readonly channels = new Map<Address, Channel>();
  private readonly looking = new Map<Address, Promise<Channel>>();
  private readonly assets = new Map<Address, AssetSettings>();
  private readonly caughtUp = new WeakSet<Wallet>();

  constructor(private readonly setting: Setting) {}

  /** The tokens whose channels were ever used, by what the store says. */
  async known(): Promise<readonly Address[]> {
    const { store, account, system } = this.setting;
    const opened = (await store.all()).flatMap((record) => (record.type === "opened" ? [record.key] : []));
    const own = opened.filter((key) => key.user === account.address && key.system === system);
    return [...new Set(own.map(({ token }) => token))];
  }

  /** The tokens whose channels are in use. */
  get tokens(): readonly Address[] {
    return [...this.channels.keys()];
  }

  /**
   * The channel as the chain has it now; the service is not asked.
   * @throws unknown_asset, chain_unreachable
   */
  async look(token: Address): Promise<Channel> {
    const under = this.looking.get(token) ?? this.lookAgain(token).finally(() => this.looking.delete(token));
    this.looking.set(token, under);
    return under;
  }

  /**
   * The same, with what U signed elsewhere taken over, and what got no answer sent again, before anything new is signed.
   * @throws unknown_channel, unreachable, equivocation, and what taking over throws
   */
  async ready(token: Address): Promise<Channel> {
    const channel = await this.look(token);
    const { wallet } = channel;
    if (this.caughtUp.has(wallet)) return channel;
    await wallet.catchUp();
    await wallet.resume().catch(unlessRefused);
    if (!wallet.isLost) this.caughtUp.add(wallet);
    return channel;
  }

  private async lookAgain(token: Address): Promise<Channel> {
    const { hub, system, account } = this.setting;
    const parties = { system, user: account.address, token };
    const final = await hub.node.block("finalized");
    const [settled, latest] = await Promise.all([hub.channel(parties, final.number), hub.channel(parties)]);
    const channel = await this.inEpoch({ ...parties, epoch: settled.epoch });
    const { wallet } = channel;
    // The record of a pending close has its amounts; the hub has none.
    if (!settled.closing) wallet.updateFunds(settled.funds, final.time);
    const isClosing = latest.closing || latest.epoch !== settled.epoch;
    if (isClosing && !wallet.isFrozen) await wallet.freeze();
    return channel;
  }

  private async inEpoch(key: ChannelKey): Promise<Channel> {
    const known = this.channels.get(key.token);
    if (known?.key.epoch === key.epoch) return known;
    const { store, domain } = this.setting;
    const asset = await this.assetOf(key.token);
    const wallet = await Wallet.restore(this.walletOptions(key, asset));
    const id = channelId(key);
    if ((await store.records(id)).length === 0) {
      await store.append({ type: "opened", channelId: id, key, domain, time: this.setting.now() });
    }
    const channel = { key, asset, wallet };
    this.channels.set(key.token, channel);
    return channel;
  }

  /** An asset's settings never change. */
  private async assetOf(token: Address): Promise<AssetSettings> {
    const known = this.assets.get(token);
    if (known !== undefined) return known;
    const { hub, system } = this.setting;
    const { settings } = await hub.asset(system, token, "finalized");
    this.assets.set(token, settings);
    return settings;
  }

  private walletOptions(channel: ChannelKey, asset: AssetSettings): Parameters<typeof Wallet.restore>[0] {
    const { account, domain, signers, api, store, registrar, verifier, isOriginal, now } = this.setting;
    const sign: Parameters<typeof Wallet.restore>[0]["sign"] = async (digest, message) => {
      const signature = await account.sign(message, domain);
      const signer = recover(digest, signature);
      if (signer !== account.address) fail("wrong_signer", { got: signer, want: account.address });
      return signature;
    };
    return { sign, channel, asset, domain, signers, api, store, registrar, verifier, isOriginal, now };
  }
}
