import { useCallback, useState } from "react";

import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import type { NamedAsset } from "../../data/chain";
import { anyone } from "../../data/service";
import { useAsked } from "../../data/useAsked";
import { Choice } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { showTime } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { proofTexts } from "./messages";
import { Place } from "./Place";

/** How often it is asked what was published since, in milliseconds. */
const OFTEN = 10_000;

/** What was published of one asset lately: one publication of it, with the account's place in it. */
export function Published({ asset }: { readonly asset: NamedAsset }) {
  const t = useMessages(proofTexts);
  const { locale } = useLanguage();
  const { client } = useAccount();
  const { system } = client;
  const { token, symbol } = asset;
  const ask = useCallback(async () => (await anyone.publications({ system, token })).data, [system, token]);
  const { value, error, askAgain } = useAsked(ask, OFTEN);
  const [chosen, setChosen] = useState<string>();
  const final = value?.filter(({ status }) => status === "final") ?? [];
  const shown = final.find(({ statement }) => String(statement.period) === chosen) ?? final[0];
  return (
    <Panel title={symbol}>
      {error !== undefined && <Problem of={error} onRetry={askAgain} />}
      {value === undefined && error === undefined && <Loading />}
      {value !== undefined && shown === undefined && (
        <p className="empty">{value.length === 0 ? t.none : t.onItsWay}</p>
      )}
      {shown !== undefined && (
        <>
          <Choice
            label={t.publication}
            value={String(shown.statement.period)}
            onChange={({ target }) => setChosen(target.value)}
          >
            {final.map(({ statement: { period }, time }) => (
              <option key={String(period)} value={String(period)}>
                {t.period(String(period), showTime(time, locale))}
              </option>
            ))}
          </Choice>
          <Place key={String(shown.statement.period)} asset={asset} of={shown} />
        </>
      )}
    </Panel>
  );
}
