import { maximum } from "../../protocol";
import type { CommandOf } from "../commands";
import { fact } from "../events";
import type { Channel } from "../records";
import { assetIn, channelIn, type Changes, type LedgerView } from "../view";
import { UNKNOWN } from "./freeze";

/**
 * S has lost data: nothing is signed in these channels, nor in those of accounts that it knows no more, before each is
 * resynchronised (S7).
 * @throws unknown_channel
 */
export function declareLoss(view: LedgerView, { system, until, channels }: CommandOf<"declareLoss">): Changes {
  const assets = [...view.tokens()].map((token) => assetIn(view, system, token));
  return {
    assets: assets.map((asset) => ({ ...asset, lost: maximum(asset.lost ?? 0n, until) })),
    channels: channels.map((id) => lose(channelIn(view, id), until)),
    events: assets.map(({ token }) => fact("asset.dataLost", { until }, { token })),
  };
}

/** Whatever close is under way goes on. */
function lose(channel: Channel, until: bigint): Channel {
  const freeze = channel.freeze ?? UNKNOWN;
  return { ...channel, status: "frozen", freeze: { ...freeze, lost: maximum(freeze.lost ?? 0n, until) } };
}
