import { useCallback } from "react";

import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { useAsked } from "../../data/useAsked";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { Dispute } from "./Dispute";
import { chainSideTexts } from "./messages";
import { PastCloses } from "./PastCloses";

/** Closes that are pending, with their clocks and what is done about them, and how others ended. */
export function Disputes() {
  const t = useMessages(chainSideTexts);
  const { admin, system, may } = useOperator();
  const { address } = system;
  const ask = useCallback(() => admin.disputes({ system: address, pageSize: 100 }), [admin, address]);
  const { value, error, askAgain } = useAsked(ask, 2_000);
  return (
    <>
      <div>
        <h1>{t.disputes}</h1>
        <p className="muted">{t.disputesLead}</p>
      </div>
      {error !== undefined && <Problem of={error} onRetry={askAgain} />}
      {value === undefined && error === undefined && <Loading />}
      {value?.data.length === 0 && (
        <Panel>
          <p className="muted">{t.noDisputes}</p>
        </Panel>
      )}
      <div className="grid">
        {value?.data.map((dispute) => (
          <Dispute key={dispute.channelId} of={dispute} />
        ))}
      </div>
      {may("seeEvents") && <PastCloses />}
    </>
  );
}
