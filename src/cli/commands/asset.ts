import type { Command } from "commander";

import { define, group, runs } from "../define";
import { assetOf } from "../session";
import { shown } from "../shown";
import { table } from "../tables";

export function assetCommands(program: Command): void {
  const assets = group(program, "asset", "The tokens that accounts are kept in.");
  const list = define(assets, "list", {
    does: "Lists the tokens with what is owed in them, and how much may be.",
    examples: ["starledger asset list", "starledger asset list --json"],
  });
  runs(list, async (session) =>
    shown({ assets: await session.anyone().assets() }, (data) =>
      table(
        ["Token", "Backing", { number: "Decimals" }, { number: "Owed" }, { number: "Limit" }],
        data.assets.map((asset) => {
          const { format } = assetOf(asset);
          const sums = [`${asset.decimals}`, format(asset.liabilities), format(asset.limit)];
          return [asset.token, asset.settings.backing, ...sums];
        }),
        "The service lists no asset.",
      ),
    ),
  );
}
