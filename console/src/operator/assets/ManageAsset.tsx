import { AskAgain } from "../../app/AskAgain";
import type { NamedAsset } from "../../data/chain";
import { Copyable } from "../../design/Copyable";
import { Facts } from "../../design/Facts";
import { Money } from "../../design/Money";
import { Panel } from "../../design/Panel";
import { showSpan } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import { serviceTexts } from "../../public/messages";
import { useOperator } from "../session/Operator";
import { Fees } from "./Fees";
import { Limits } from "./Limits";
import { assetsTexts } from "./messages";

const COIN = { decimals: 18, symbol: "ETH" };

/** One asset: its terms, and what of them the operator sets. */
export function ManageAsset({ asset }: { readonly asset: NamedAsset }) {
  const t = useMessages(assetsTexts);
  const { backings } = useMessages(serviceTexts);
  const { locale } = useLanguage();
  const { operator, may, readAgain } = useOperator();
  const { token, settings, symbol, paused } = asset;
  const isPaused = paused !== null;
  const setCrediting = async (): Promise<void> => {
    await operator.setCrediting(token, !isPaused);
    readAgain();
  };
  const span = (seconds: bigint) => showSpan(Number(seconds), locale);
  return (
    <div className="grid">
      <Panel
        title={`${symbol}: ${t.terms}`}
        aside={
          may("pause") && (
            <AskAgain
              label={isPaused ? t.resume : t.pause}
              says={isPaused ? t.resumeSays : t.pauseSays}
              kind={isPaused ? "plain" : "danger"}
              act={setCrediting}
            />
          )
        }
      >
        <Facts
          of={[
            [t.address, <Copyable key="token" text={token} />],
            [t.backing, backings[settings.backing][1]],
            [t.allotment, <Money key="allotment" amount={asset.allotment} of={asset} short />],
            [t.challenge, span(settings.challengePeriod)],
            [t.claim, span(settings.claimWindow)],
            [t.lock, span(settings.lockLimit)],
            [t.award, <Money key="award" amount={settings.award} of={asset} />],
            [t.staleFee, <Money key="fee" amount={settings.staleFee} of={COIN} />],
          ]}
        />
      </Panel>
      {may("setFees") && <Fees asset={asset} />}
      {may("seeLimits") && <Limits asset={asset} />}
    </div>
  );
}
