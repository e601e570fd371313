import { useCallback, useState } from "react";

import type { Address } from "../../../../src/protocol";
import { Button } from "../../design/Button";
import { Tag } from "../../design/Tag";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { AccountLink } from "../parts/AccountLink";
import { List } from "../parts/List";
import { RecordMoney } from "../parts/RecordMoney";
import { usePages } from "../parts/usePages";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import { paymentsTexts } from "./messages";
import { PaymentReceipt } from "./PaymentReceipt";
import { paymentsOf, type Kind, type Paid } from "./record";

const TONES = { pending: "warn", settled: "good", failed: "neutral" } as const;

interface PaymentListProps {
  readonly kind: Kind;
  readonly account: Address | undefined;
  readonly token: Address | undefined;
}

export function PaymentList({ kind, account, token }: PaymentListProps) {
  const t = useMessages(paymentsTexts);
  const c = useMessages(common);
  const { admin, system } = useOperator();
  const { address } = system;
  const [shown, setShown] = useState<Paid>();
  const ask = useCallback(
    (query: { readonly cursor?: string }) => {
      const filter = { ...(account === undefined ? { system: address } : { account }), ...(token && { token }) };
      return paymentsOf(admin, kind, { ...query, ...filter, pageSize: 25 });
    },
    [admin, kind, address, account, token],
  );
  const pages = usePages(ask, 3_000);
  return (
    <>
      <List
        label={t.title}
        pages={pages}
        keyOf={({ id }) => id}
        empty={t.none}
        columns={[
          {
            title: kind === "payments" ? c.state : c.time,
            cell: ({ time, status }) =>
              time === undefined ? <Tag tone={TONES[status]}>{t.statuses[status]}</Tag> : <When at={time} />,
          },
          { title: t.from, cell: ({ from }) => (from === undefined ? "–" : <AccountLink of={from} />) },
          { title: t.to, cell: ({ to }) => <AccountLink of={to} /> },
          { title: c.amount, isNumber: true, cell: (paid) => <RecordMoney of={paid} /> },
          {
            title: t.receipt,
            isNumber: true,
            cell: (paid) => (
              <Button kind="quiet" onClick={() => setShown(paid)}>
                {t.receipt}
              </Button>
            ),
          },
        ]}
      />
      {shown !== undefined && <PaymentReceipt of={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}
