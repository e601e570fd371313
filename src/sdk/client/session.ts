import { asStarledgerError } from "../../errors";
import type { Address, Domain } from "../../protocol";
import type { HttpApi } from "../httpApi";
import type { Background } from "./background";
import { Changes } from "./changes";
import { Channels, type Channel } from "./channels";
import { Listening } from "./listening";
import type { Setting } from "./setting";
import { Watched } from "./watched";

/** An account's channels, and whoever is to hear when one changes: watchtowers, and those who wait for it. */
export class Session {
  protected readonly channels: Channels;
  protected readonly changes = new Changes();
  protected readonly listening: Listening;
  protected readonly watched: Watched;

  protected constructor(
    protected readonly setting: Setting,
    protected readonly background: Background,
  ) {
    this.channels = new Channels(setting);
    const { news } = setting.api;
    this.listening = new Listening({
      news: news && ((token, signal) => this.newsOf(token, news, signal)),
      look: (token) => this.sync(token),
      onError: (error, token) => background.onError(asStarledgerError(error), token),
    });
    this.watched = new Watched(background.towers, this.channels, background.onError);
  }

  /** Whose account it is. */
  get account(): Address {
    return this.setting.account.address;
  }

  /** The system that keeps it. */
  get system(): Address {
    return this.setting.system;
  }

  /** The chain and hub that everything signed is for (section 1). */
  get domain(): Domain {
    return this.setting.domain;
  }

  /**
   * Looks at chain and service for one token, now, as {@link Client.refresh} does for all.
   * @throws unknown_asset, unknown_channel, chain_unreachable, unreachable, and whatever a note is refused for
   */
  sync(token: Address): Promise<void> {
    return this.using(token, ({ wallet }) => (wallet.isFrozen ? wallet.registerDue() : wallet.sync()));
  }

  private async *newsOf(token: Address, news: NonNullable<HttpApi["news"]>, signal: AbortSignal) {
    const { wallet } = await this.channels.look(token);
    yield* news(wallet.id, signal);
  }

  /** Each time that something of a token may have changed; the service is listened to meanwhile. */
  protected async *changed(token: Address, signal?: AbortSignal): AsyncGenerator<Address> {
    const unlisten = this.listening.to(token);
    try {
      yield* this.changes.of(token, signal);
    } finally {
      unlisten();
    }
  }

  protected async using<T>(token: Address, act: (channel: Channel) => Promise<T>): Promise<T> {
    let channel: Channel | undefined;
    try {
      channel = await this.channels.ready(token);
      return await act(channel);
    } finally {
      if (channel !== undefined) this.watched.offer(channel);
      this.changes.announce(token);
    }
  }
}
