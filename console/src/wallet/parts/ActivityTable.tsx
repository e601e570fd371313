import { useState } from "react";

import { Button } from "../../design/Button";
import { Money } from "../../design/Money";
import { Table } from "../../design/Table";
import { Tag } from "../../design/Tag";
import { showTime } from "../../format/time";
import { common } from "../../i18n/common";
import { useLanguage, useMessages } from "../../i18n/language";
import { walletTexts } from "../messages";
import { effectOf, type Happening } from "./activity";
import { activityTexts } from "./messages";
import { Receipt } from "./Receipt";

const TONES = { waits: "warn", taken: "good", returned: "neutral" } as const;

/** What happened, each with its details and its proof. */
export function ActivityTable({ of }: { readonly of: readonly Happening[] }) {
  const t = useMessages(activityTexts);
  const { time, amount } = useMessages(common);
  const { nothingYet } = useMessages(walletTexts);
  const { locale } = useLanguage();
  const [key, setKey] = useState<string>();
  // What is on its way to the chain changes while it is looked at.
  const shown = of.find((one) => one.key === key);
  return (
    <>
      <Table
        label={t.what}
        rows={of}
        keyOf={({ key }) => key}
        empty={nothingYet}
        columns={[
          {
            title: t.what,
            cell: ({ entry, outcome }) => (
              <span className="row">
                {t.kinds[entry.type]}
                {outcome !== undefined && <Tag tone={TONES[outcome]}>{t[outcome]}</Tag>}
                {entry.type === "deposited" && !entry.isFinal && <Tag tone="warn">{t.notFinal}</Tag>}
              </span>
            ),
          },
          {
            title: time,
            cell: ({ entry }) => (
              <span className="muted">
                {entry.time === undefined ? "" : showTime(Number(entry.time) * 1_000, locale)}
              </span>
            ),
          },
          {
            title: amount,
            isNumber: true,
            cell: (one) => {
              const effect = effectOf(one);
              return effect === undefined ? "" : <Money amount={effect} of={one.asset} short />;
            },
          },
          {
            title: t.details,
            isNumber: true,
            cell: (one) => (
              <Button kind="quiet" onClick={() => setKey(one.key)}>
                {t.details}
              </Button>
            ),
          },
        ]}
      />
      {shown !== undefined && <Receipt of={shown} onClose={() => setKey(undefined)} />}
    </>
  );
}
