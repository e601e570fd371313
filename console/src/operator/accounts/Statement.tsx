import { useState } from "react";

import type { Address } from "../../../../src/protocol";
import { ActForm } from "../../app/ActForm";
import { download } from "../../data/download";
import { useAct } from "../../data/useAct";
import { Choice, Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { accountsTexts } from "./messages";
import "../parts/filters.css";

const DAY = 86_400_000;

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** An account's statement of some days in UTC, as a file. */
export function Statement({ account, tokens }: { readonly account: Address; readonly tokens: readonly Address[] }) {
  const t = useMessages(accountsTexts);
  const { asset } = useMessages(common);
  const { admin, assetOf } = useOperator();
  const [token, setToken] = useState(tokens[0]!);
  const [from, setFrom] = useState(() => dayOf(Date.now() - 30 * DAY));
  const [to, setTo] = useState(() => dayOf(Date.now() + DAY));
  const { start, isUnderWay, error } = useAct(async () => {
    const csv = await admin.statement(account, token, { from: Date.parse(from), to: Date.parse(to) });
    download(`statement-${account.slice(2, 10)}-${assetOf(token)?.symbol ?? token}-${from}.csv`, csv);
  });
  return (
    <Panel title={t.statement}>
      <ActForm onSubmit={start} {...{ isUnderWay, error }} label={t.download} disabled={from === "" || to === ""}>
        <p className="muted">{t.statementHint}</p>
        <div className="filters">
          <Choice
            label={asset}
            value={token}
            onChange={({ target }) => setToken(tokens.find((one) => one === target.value)!)}
          >
            {tokens.map((one) => (
              <option key={one} value={one}>
                {assetOf(one)?.symbol ?? one}
              </option>
            ))}
          </Choice>
          <Field label={t.from} type="date" value={from} onChange={({ target }) => setFrom(target.value)} />
          <Field label={t.to} type="date" value={to} onChange={({ target }) => setTo(target.value)} />
        </div>
      </ActForm>
    </Panel>
  );
}
