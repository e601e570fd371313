import { useCallback } from "react";
import { Link } from "wouter";

import { Problem } from "../../app/Problem";
import { useAsked } from "../../data/useAsked";
import { Panel } from "../../design/Panel";
import { showSpan } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import { useChainNow } from "../chain/useChainNow";
import { operatorTexts } from "../messages";
import { useOperator } from "../session/Operator";
import { overviewTexts } from "./messages";

const SHOWN = 5;

/** Channels that are being closed, with their clocks. */
export function Closes() {
  const t = useMessages(overviewTexts);
  const { pages } = useMessages(operatorTexts);
  const { locale } = useLanguage();
  const { admin, system } = useOperator();
  const { address } = system;
  const ask = useCallback(() => admin.disputes({ system: address, pageSize: SHOWN }), [admin, address]);
  const { value, error } = useAsked(ask, 5_000);
  const now = useChainNow();
  return (
    <Panel title={t.closes} aside={<Link href="/disputes">{pages.disputes}</Link>}>
      {error !== undefined && <Problem of={error} />}
      {value?.data.length === 0 && <p className="muted">{t.noCloses}</p>}
      <ul>
        {value?.data.map(({ channelId, account, challengeEnd }) => {
          const left = Number(challengeEnd) - now;
          return (
            <li key={channelId} className="row spread">
              <Link href={`/accounts/${account}`}>
                <code>{`${account.slice(0, 8)}…${account.slice(-4)}`}</code>
              </Link>
              <span className="small">{left > 0 ? t.left(showSpan(left, locale)) : t.over}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
