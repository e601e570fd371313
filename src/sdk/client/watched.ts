import { asStarledgerError, type StarledgerError } from "../../errors";
import type { Address } from "../../protocol";
import type { Towers, TowerStatus } from "../watchtower";
import type { Channel, Channels } from "./channels";

/** Keeps the watchtowers of a client up to date. */
export class Watched {
  /** Tokens that earlier runs have used, and nothing was handed over of since this one began. */
  private left: readonly Address[] | undefined;

  constructor(
    private readonly towers: Towers,
    private readonly channels: Channels,
    private readonly onError: (error: StarledgerError, token: Address) => void,
  ) {
    void this.resume();
  }

  offer({ wallet }: Channel): void {
    this.towers.offer(wallet.papers);
  }

  /** Hands over what earlier runs may not have come to. */
  async resume(): Promise<void> {
    if (this.towers.isNone) return;
    // What cannot be read now is read the next time.
    const known = this.left ?? (await this.channels.known().catch(() => undefined));
    const left: Address[] = [];
    for (const token of known ?? []) {
      try {
        this.offer(await this.channels.look(token));
      } catch (error) {
        left.push(token);
        this.onError(asStarledgerError(error), token);
      }
    }
    this.left = known && left;
  }

  async status(token: Address): Promise<TowerStatus[]> {
    const { wallet } = await this.channels.look(token);
    return this.towers.status(wallet.id);
  }

  end(): Promise<void> {
    return this.towers.end();
  }
}
