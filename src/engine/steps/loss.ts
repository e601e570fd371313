import { maximum } from "../../protocol";
import type { CommandOf } from "../commands";
import { fact } from "../events";
import type { Asset, Channel } from "../records";
import { assetIn, channelIn, type Changes, type LedgerView } from "../view";
import { freezeOf } from "./freeze";

/**
 * S has lost data: nothing is signed in these channels, nor in those of accounts that it knows no more, before each is
 * resynchronised (S7).
 * @throws unknown_channel
 */
export function declareLoss(view: LedgerView, { system, since, channels }: CommandOf<"declareLoss">): Changes {
  const assets = [...view.tokens()].map((token) => assetIn(view, system, token));
  const untilOf = (asset: Asset): bigint => maximum(asset.lost ?? 0n, lostUntil(asset, since));
  return {
    assets: assets.map((asset) => ({ ...asset, lost: untilOf(asset) })),
    channels: channels.map((id) => {
      const channel = channelIn(view, id);
      return lose(channel, untilOf(assetIn(view, system, channel.key.token)));
    }),
    events: assets.map((asset) => fact("asset.dataLost", { until: untilOf(asset) }, { token: asset.token })),
  };
}

/** When the longest deadline of anything that was signed before `since` has passed, both in Unix seconds. */
export function lostUntil({ settings }: Pick<Asset, "settings">, since: bigint): bigint {
  return since + settings.challengePeriod;
}

/** Whatever close is under way goes on. */
function lose(channel: Channel, until: bigint): Channel {
  const freeze = freezeOf(channel);
  return { ...channel, status: "frozen", freeze: { ...freeze, lost: maximum(freeze.lost ?? 0n, until) } };
}
