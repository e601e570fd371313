import { useState, type ReactNode } from "react";

import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Table } from "../../design/Table";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { operatorTexts } from "../messages";
import { AccountLink } from "../parts/AccountLink";
import { RecordMoney } from "../parts/RecordMoney";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import { developersTexts } from "./messages";
import type { Happened } from "./newestEvents";
import "./event.css";

interface EventTableProps {
  readonly label: string;
  readonly of: readonly Happened[];
  readonly empty: ReactNode;
}

/** Events of the log, each with all that it says. */
export function EventTable({ label, of, empty }: EventTableProps) {
  const t = useMessages(developersTexts);
  const { details } = useMessages(operatorTexts);
  const c = useMessages(common);
  const { assetOf } = useOperator();
  const [shown, setShown] = useState<Happened>();
  const side = (one: string | null) => (one?.startsWith("0x") === true ? <AccountLink of={one} /> : (one ?? ""));
  return (
    <>
      <Table
        label={label}
        rows={of}
        keyOf={({ number }) => String(number)}
        empty={empty}
        columns={[
          { title: t.number, cell: ({ number }) => String(number) },
          { title: c.time, cell: ({ time }) => <When at={time} /> },
          { title: t.type, cell: ({ type }) => <code>{type}</code> },
          {
            title: t.who,
            cell: ({ account, counterparty }) => (
              <span>
                {side(account)}
                {counterparty !== null && <> → {side(counterparty)}</>}
              </span>
            ),
          },
          {
            title: c.amount,
            isNumber: true,
            cell: ({ token, amount }) => {
              const asset = token === null ? undefined : assetOf(token);
              return amount === null || token === null ? (
                ""
              ) : (
                <RecordMoney of={{ token, amount, decimals: asset?.decimals ?? 0 }} />
              );
            },
          },
          {
            title: details,
            isNumber: true,
            cell: (event) => (
              <Button kind="quiet" onClick={() => setShown(event)}>
                {details}
              </Button>
            ),
          },
        ]}
      />
      {shown !== undefined && (
        <Dialog title={`${shown.type} ${shown.number}`} closing={c.close} onClose={() => setShown(undefined)}>
          <pre className="event" tabIndex={0}>
            {JSON.stringify(shown, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2)}
          </pre>
        </Dialog>
      )}
    </>
  );
}
