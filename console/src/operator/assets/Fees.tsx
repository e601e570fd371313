import { useState } from "react";

import type { FeeSchedule } from "../../../../src/protocol";
import { AskAgain } from "../../app/AskAgain";
import type { NamedAsset } from "../../data/chain";
import { Field } from "../../design/Field";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { readAmount, readPercent, written } from "./drafts";
import { assetsTexts } from "./messages";
import "./terms.css";

const KINDS = ["transfer", "payment", "redemption", "withdrawal"] as const;
const PARTS = ["flat", "percent", "min", "max"] as const;

type Rate = NonNullable<FeeSchedule["transfer"]>;
type Draft = Readonly<Record<(typeof PARTS)[number], string>>;
type Drafts = Readonly<Record<(typeof KINDS)[number], Draft>>;

/** What payments cost. */
export function Fees({ asset }: { readonly asset: NamedAsset }) {
  const t = useMessages(assetsTexts);
  const { admin, system, readAgain } = useOperator();
  const { decimals, token, fees } = asset;
  const [drafts, setDrafts] = useState<Drafts>(() => ({
    transfer: draftOf(fees.transfer, decimals),
    payment: draftOf(fees.payment, decimals),
    redemption: draftOf(fees.redemption, decimals),
    withdrawal: draftOf(fees.withdrawal, decimals),
  }));
  const [isDone, setDone] = useState(false);
  const rates = KINDS.map((kind) => [kind, rateOf(drafts[kind], decimals)] as const);
  const isWrong = rates.some(([, rate]) => rate === null);
  const set = async (): Promise<void> => {
    const charged = rates.filter(
      ([, rate]) => rate !== null && (rate.flat > 0n || rate.basisPoints > 0n || rate.min > 0n),
    );
    await admin.setFees(system.address, token, Object.fromEntries(charged));
    setDone(true);
    readAgain();
  };
  return (
    <Panel title={t.fees}>
      <p className="muted">{t.feesHint}</p>
      {KINDS.map((kind) => (
        <fieldset key={kind} className="terms">
          <legend>{t.kinds[kind]}</legend>
          {PARTS.map((part) => (
            <Field
              key={part}
              label={t[part]}
              inputMode="decimal"
              value={drafts[kind][part]}
              onChange={({ target }) => {
                setDone(false);
                setDrafts({ ...drafts, [kind]: { ...drafts[kind], [part]: target.value } });
              }}
            />
          ))}
        </fieldset>
      ))}
      {isWrong && <Notice tone="bad">{t.badNumber}</Notice>}
      {isDone && <Notice tone="good">{t.done}</Notice>}
      {!isWrong && (
        <div className="row">
          <AskAgain label={t.setFees} says={t.setFeesSays} kind="plain" act={set} />
        </div>
      )}
    </Panel>
  );
}

function draftOf(rate: Rate | undefined, decimals: number): Draft {
  return {
    flat: written(rate?.flat, decimals),
    percent: written(rate?.basisPoints, 2),
    min: written(rate?.min, decimals),
    max: written(rate?.max, decimals),
  };
}

function rateOf({ flat, percent, min, max }: Draft, decimals: number): Rate | null {
  const [each, least, most] = [flat, min, max].map((text) => readAmount(text, decimals));
  const basisPoints = readPercent(percent);
  if (each == null || least == null || most == null || basisPoints === null) return null;
  return { flat: each, basisPoints, min: least, max: max.trim() === "" ? null : most };
}
