import { useState } from "react";

import type { AdministrationApi } from "../../../../src/sdk/administration";
import { AskAgain } from "../../app/AskAgain";
import { Field } from "../../design/Field";
import { Notice } from "../../design/Notice";
import { useMessages } from "../../i18n/language";
import { readAmount, written } from "./drafts";
import { assetsTexts } from "./messages";

const LIMITS = ["perPayment", "perDay", "balance"] as const;

export type Limits = Awaited<ReturnType<AdministrationApi["limits"]>>["limits"];

interface LimitFormProps {
  readonly decimals: number;
  readonly of: Limits;
  /** What setting them does. */
  readonly says: string;
  /** Missing for who may only look. */
  readonly set?: (limits: Limits) => Promise<void>;
}

/** How much may be paid and had, to be changed; empty for no limit. */
export function LimitForm({ decimals, of, says, set }: LimitFormProps) {
  const t = useMessages(assetsTexts);
  const [texts, setTexts] = useState(() => LIMITS.map((limit) => written(of[limit], decimals)));
  const [isDone, setDone] = useState(false);
  const amounts = texts.map((text) => readAmount(text, decimals));
  const isWrong = amounts.includes(null);
  const act = async (): Promise<void> => {
    const [perPayment, perDay, balance] = amounts.map((amount) => (amount === 0n ? null : amount));
    await set?.({ perPayment: perPayment ?? null, perDay: perDay ?? null, balance: balance ?? null });
    setDone(true);
  };
  return (
    <>
      {LIMITS.map((limit, index) => (
        <Field
          key={limit}
          label={t[limit]}
          inputMode="decimal"
          disabled={set === undefined}
          value={texts[index]}
          onChange={({ target }) => {
            setDone(false);
            setTexts(texts.map((text, i) => (i === index ? target.value : text)));
          }}
        />
      ))}
      {isWrong && <Notice tone="bad">{t.badNumber}</Notice>}
      {isDone && <Notice tone="good">{t.done}</Notice>}
      {set !== undefined && !isWrong && (
        <div className="row">
          <AskAgain label={t.setLimits} says={says} kind="plain" act={act} />
        </div>
      )}
    </>
  );
}
