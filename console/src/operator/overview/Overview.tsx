import { useCallback } from "react";

import { Problem } from "../../app/Problem";
import { anyone } from "../../data/service";
import { useAsked } from "../../data/useAsked";
import { Tag } from "../../design/Tag";
import { useMessages } from "../../i18n/language";
import { useFeed } from "../live/Feed";
import { healthOf } from "../live/health";
import { operatorTexts } from "../messages";
import { useOperator } from "../session/Operator";
import { BackingTable } from "./BackingTable";
import { ChainPanel } from "./ChainPanel";
import { Closes } from "./Closes";
import { HealthPanel } from "./HealthPanel";
import { KeyFigures } from "./KeyFigures";
import { LatestPayments } from "./LatestPayments";
import { overviewTexts } from "./messages";
import { OverTime } from "./OverTime";

/** Milliseconds between two looks. */
const STATUS = 3_000;

/** What goes on now, and what needs the operator. */
export function Overview() {
  const t = useMessages(overviewTexts);
  const { pages } = useMessages(operatorTexts);
  const { operator, system, assets, may } = useOperator();
  const { metrics } = useFeed();
  const { address } = system;
  const ask = useCallback(async () => {
    const [{ systems }, isReady] = await Promise.all([
      operator.progress(),
      anyone.ready().then(
        () => true,
        () => false,
      ),
    ]);
    return { progress: systems.find((one) => one.address === address), isReady };
  }, [operator, address]);
  const { value, error } = useAsked(ask, STATUS);
  const findings = healthOf({ isReady: value?.isReady, progress: value?.progress, metrics, assets, system: address });
  return (
    <>
      <div className="row spread">
        <h1>{pages.overview}</h1>
        <Tag tone={findings[0]?.tone ?? "good"}>{findings.length === 0 ? t.healthy : t.needsYou(findings.length)}</Tag>
      </div>
      {error !== undefined && <Problem of={error} />}
      <KeyFigures progress={value?.progress} />
      <OverTime />
      <div className="grid">
        <HealthPanel of={findings} />
        {may("seeDisputes") && <Closes />}
      </div>
      <BackingTable />
      <div className="grid">
        {may("followEvents") && <LatestPayments />}
        {value?.progress?.chain && <ChainPanel of={value.progress.chain} />}
      </div>
    </>
  );
}
