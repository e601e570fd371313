import { useCallback, useState } from "react";

import type { AdministrationApi } from "../../../../src/sdk/administration";
import { AskAgain } from "../../app/AskAgain";
import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import type { NamedAsset } from "../../data/chain";
import { useAsked } from "../../data/useAsked";
import { Field } from "../../design/Field";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { readAmount, written } from "./drafts";
import { assetsTexts } from "./messages";

const LIMITS = ["perPayment", "perDay", "balance"] as const;

type Set = Awaited<ReturnType<AdministrationApi["limits"]>>["limits"];

/** How much accounts may pay and have. */
export function Limits({ asset }: { readonly asset: NamedAsset }) {
  const t = useMessages(assetsTexts);
  const { admin, system } = useOperator();
  const { address } = system;
  const { token } = asset;
  const ask = useCallback(() => admin.limits(address, token), [admin, address, token]);
  const { value, error, askAgain } = useAsked(ask);
  return (
    <Panel title={t.limits}>
      <p className="muted">{t.limitsHint}</p>
      {error !== undefined && <Problem of={error} onRetry={askAgain} />}
      {value === undefined && error === undefined && <Loading />}
      {value !== undefined && <Change asset={asset} of={value.limits} />}
    </Panel>
  );
}

function Change({ asset, of }: { readonly asset: NamedAsset; readonly of: Set }) {
  const t = useMessages(assetsTexts);
  const { admin, system, may } = useOperator();
  const { decimals, token } = asset;
  const [texts, setTexts] = useState(() => LIMITS.map((limit) => written(of[limit], decimals)));
  const [isDone, setDone] = useState(false);
  const amounts = texts.map((text) => readAmount(text, decimals));
  const isWrong = amounts.includes(null);
  const set = async (): Promise<void> => {
    const [perPayment, perDay, balance] = amounts.map((amount) => (amount === 0n ? null : amount));
    await admin.setLimits(system.address, token, {
      perPayment: perPayment ?? null,
      perDay: perDay ?? null,
      balance: balance ?? null,
    });
    setDone(true);
  };
  return (
    <>
      {LIMITS.map((limit, index) => (
        <Field
          key={limit}
          label={t[limit]}
          inputMode="decimal"
          disabled={!may("setLimits")}
          value={texts[index]}
          onChange={({ target }) => {
            setDone(false);
            setTexts(texts.map((text, i) => (i === index ? target.value : text)));
          }}
        />
      ))}
      {isWrong && <Notice tone="bad">{t.badNumber}</Notice>}
      {isDone && <Notice tone="good">{t.done}</Notice>}
      {may("setLimits") && !isWrong && (
        <div className="row">
          <AskAgain label={t.setLimits} says={t.setLimitsSays} kind="plain" act={set} />
        </div>
      )}
    </>
  );
}
