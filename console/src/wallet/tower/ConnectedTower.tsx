import { useCallback } from "react";

import type { WatchtowerOptions } from "../../../../src/sdk/browser";
import { AskAgain } from "../../app/AskAgain";
import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { useAsked } from "../../data/useAsked";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { useSession } from "../session/Session";
import { Handover } from "./Handover";
import { towerTexts } from "./messages";

const OFTEN = 3_000;

interface ConnectedTowerProps {
  readonly of: WatchtowerOptions;
  readonly all: readonly WatchtowerOptions[];
}

/** A watchtower, with what it has of each asset. */
export function ConnectedTower({ of: { url }, all }: ConnectedTowerProps) {
  const t = useMessages(towerTexts);
  const { client, opened } = useAccount();
  const { handOverTo } = useSession();
  const ask = useCallback(async () => {
    const assets = opened.map(async (asset) => {
      const towers = await client.watchtowers(asset.token);
      return { asset, status: towers.find((one) => one.url === url) };
    });
    return Promise.all(assets);
  }, [client, opened, url]);
  const { value, error, askAgain } = useAsked(ask, OFTEN);
  const leave = () => handOverTo(all.filter((one) => one.url !== url));
  return (
    <Panel title={url} aside={<AskAgain label={t.leave} says={t.leaveSays} act={leave} />}>
      {error !== undefined && <Problem of={error} onRetry={askAgain} />}
      {value === undefined && error === undefined && <Loading />}
      {value?.map(
        ({ asset, status }) => status !== undefined && <Handover key={asset.token} asset={asset} of={status} />,
      )}
    </Panel>
  );
}
