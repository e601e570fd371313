import type { Command } from "commander";

import type { Address } from "../../protocol";
import { define, group, runs } from "../define";
import { withIdempotencyKey, withToken, type Keyed } from "../options";
import { assetOf } from "../session";
import { shown } from "../shown";
import { facts, table } from "../tables";

export function assetCommands(program: Command): void {
  const assets = group(program, "asset", "The tokens that accounts are kept in.");
  const list = define(assets, "list", {
    does: "Lists the tokens with what is owed in them, and how much may be.",
    examples: ["starledger asset list", "starledger asset list --json"],
  });
  runs(list, async (session) =>
    shown({ assets: await session.anyone().assets() }, (data) =>
      table(
        ["Token", "Backing", { number: "Decimals" }, { number: "Owed" }, { number: "Limit" }, "Crediting"],
        data.assets.map((asset) => {
          const { format } = assetOf(asset);
          const sums = [`${asset.decimals}`, format(asset.liabilities), format(asset.limit)];
          const { paused } = asset;
          return [asset.token, asset.settings.backing, ...sums, paused === null ? "open" : `paused: ${paused}`];
        }),
        "The service lists no asset.",
      ),
    ),
  );
  publishCommand(assets);
  for (const { name, paused, does } of [
    {
      name: "pause",
      paused: true,
      does: "Stops crediting in a token: nothing new is promised, and whoever wants to can leave.",
    },
    { name: "resume", paused: false, does: "Credits in a token again, also when it was paused by itself." },
  ]) {
    const command = define(assets, name, { does, examples: [`starledger asset ${name} --token ${TOKEN}`] });
    runs<{ token?: Address }, []>(withToken(command), async (session, { token }) => {
      const asset = await session.asset(token);
      return shown(await (await session.operator()).setCrediting(asset.token, paused), (changed) =>
        facts({ Token: changed.token, Crediting: changed.paused === null ? "open" : `paused: ${changed.paused}` }),
      );
    });
  }
}

function publishCommand(assets: Command): void {
  const command = define(assets, "publish", {
    does: "Publishes now what the system owes in a token; what is on its way already is the answer too.",
    examples: [
      "starledger asset publish",
      "starledger asset publish --token 0x5fbdb2315678afecb367f032d93f642f64180aa3",
    ],
  });
  runs<Keyed & { token?: Address }, []>(
    withIdempotencyKey(withToken(command)),
    async (session, { token, idempotencyKey }) => {
      const asset = await session.asset(token);
      const keyed = idempotencyKey === undefined ? {} : { idempotencyKey };
      const made = await (await session.operator()).publish({ token: asset.token }, keyed);
      return shown(made, ({ statement, channels, status }) =>
        facts({
          Token: statement.token,
          Period: `${statement.period}`,
          Owed: `${asset.format(statement.total)} in ${channels} channels`,
          Status: status,
        }),
      );
    },
  );
}

const TOKEN = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
