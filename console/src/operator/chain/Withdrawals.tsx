import { useCallback } from "react";

import { Transaction } from "../../chain/Transaction";
import { Hex } from "../../design/Copyable";
import { Panel } from "../../design/Panel";
import { Tag } from "../../design/Tag";
import { showCount } from "../../format/number";
import { common } from "../../i18n/common";
import { useLanguage, useMessages } from "../../i18n/language";
import { AccountLink } from "../parts/AccountLink";
import { List } from "../parts/List";
import { RecordMoney } from "../parts/RecordMoney";
import { usePages } from "../parts/usePages";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import { Batches } from "./Batches";
import { chainSideTexts } from "./messages";

const TONES = {
  signed: "neutral",
  queued: "warn",
  sent: "warn",
  refused: "bad",
  settled: "good",
  expired: "neutral",
} as const;

/** What goes to the chain, how far it has come, and in which transactions. */
export function Withdrawals() {
  const t = useMessages(chainSideTexts);
  const c = useMessages(common);
  const { locale } = useLanguage();
  const { admin, system } = useOperator();
  const { address } = system;
  const ask = useCallback(
    (query: { readonly cursor?: string }) => admin.withdrawals({ ...query, system: address, pageSize: 25 }),
    [admin, address],
  );
  const pages = usePages(ask, 3_000);
  return (
    <>
      <div>
        <h1>{t.withdrawals}</h1>
        <p className="muted">{t.withdrawalsLead}</p>
      </div>
      {pages.value !== undefined && <Batches of={pages.value.data} />}
      <Panel title={t.withdrawals}>
        <List
          label={t.withdrawals}
          pages={pages}
          keyOf={({ id }) => id}
          empty={t.noWithdrawals}
          columns={[
            { title: c.time, cell: ({ time }) => <When at={time} /> },
            { title: c.account, cell: ({ account }) => <AccountLink of={account} /> },
            { title: t.recipient, cell: ({ recipient }) => <Hex of={recipient} /> },
            { title: c.amount, isNumber: true, cell: (one) => <RecordMoney of={one} /> },
            {
              title: c.state,
              cell: ({ status, confirmations }) => (
                <span className="row" title={t.statusHints[status]}>
                  <Tag tone={TONES[status]}>{t.statuses[status]}</Tag>
                  {confirmations !== null && (
                    <span className="small muted">{t.confirmations(showCount(confirmations, locale))}</span>
                  )}
                </span>
              ),
            },
            {
              title: t.transaction,
              cell: ({ transaction }) => (transaction === null ? "–" : <Transaction of={transaction} short />),
            },
          ]}
        />
      </Panel>
    </>
  );
}
