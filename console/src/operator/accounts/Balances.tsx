import type { OperatorApi } from "../../../../src/sdk/operator";
import { AskAgain } from "../../app/AskAgain";
import { Hex } from "../../design/Copyable";
import { Panel } from "../../design/Panel";
import { Table } from "../../design/Table";
import { Tag } from "../../design/Tag";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { RecordMoney } from "../parts/RecordMoney";
import { useOperator } from "../session/Operator";
import { accountsTexts } from "./messages";
import { TONES } from "./tones";

type Balance = Awaited<ReturnType<OperatorApi["balances"]>>["balances"][number];

/** What an account has, channel by channel. */
export function Balances({ of, onChanged }: { readonly of: readonly Balance[]; readonly onChanged: () => void }) {
  const t = useMessages(accountsTexts);
  const { asset } = useMessages(common);
  const { operator, assetOf, may } = useOperator();
  const close = (id: Balance["channelId"]) => async (): Promise<void> => {
    await operator.closeChannel(id);
    onChanged();
  };
  const money = (balance: Balance, amount: bigint) => <RecordMoney of={{ ...balance, amount }} />;
  return (
    <Panel title={t.balances}>
      <Table
        label={t.balances}
        rows={of}
        keyOf={({ channelId }) => channelId}
        empty={t.noBalances}
        columns={[
          { title: asset, cell: ({ token }) => <strong>{assetOf(token)?.symbol ?? <Hex of={token} />}</strong> },
          { title: t.status, cell: ({ status }) => <Tag tone={TONES[status]}>{t.channelStatuses[status]}</Tag> },
          { title: t.balance, isNumber: true, cell: (one) => money(one, one.balance) },
          { title: t.locked, isNumber: true, cell: (one) => money(one, one.locked) },
          { title: t.available, isNumber: true, cell: (one) => money(one, one.available) },
          ...(may("closeChannel")
            ? [
                {
                  title: t.closeChannel,
                  isNumber: true,
                  cell: ({ channelId, status }: Balance) =>
                    status === "open" && (
                      <AskAgain kind="quiet" label={t.closeChannel} says={t.closeSays} act={close(channelId)} />
                    ),
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}
