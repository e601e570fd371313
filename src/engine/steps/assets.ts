import { fail } from "../../errors";
import type { CommandOf } from "../commands";
import { assetIn, type Changes, type LedgerView } from "../view";

/** @throws asset_exists: settings never change */
export function addAsset(view: LedgerView, { asset }: CommandOf<"addAsset">): Changes {
  if (view.asset(asset.system, asset.token) !== undefined) fail("asset_exists", { token: asset.token });
  return { assets: [{ ...asset, liabilities: 0n }] };
}

/** @throws unknown_asset */
export function setLimit(view: LedgerView, { system, token, limit }: CommandOf<"setLimit">): Changes {
  return { assets: [{ ...assetIn(view, system, token), limit }] };
}
