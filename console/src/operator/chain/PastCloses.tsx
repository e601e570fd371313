import { useCallback } from "react";

import { Problem } from "../../app/Problem";
import { useAsked } from "../../data/useAsked";
import { Panel } from "../../design/Panel";
import { Table } from "../../design/Table";
import { Tag } from "../../design/Tag";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { newestEvents } from "../developers/newestEvents";
import { AccountLink } from "../parts/AccountLink";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import { chainSideTexts } from "./messages";

const TONES = {
  "channel.closing": "neutral",
  "channel.challenged": "warn",
  "channel.penalised": "bad",
  "channel.settled": "good",
} as const;

type Ended = keyof typeof TONES;

/** What became of closes, newest first. */
export function PastCloses() {
  const t = useMessages(chainSideTexts);
  const { time, account } = useMessages(common);
  const { admin, system } = useOperator();
  const { address } = system;
  const ask = useCallback(
    () => newestEvents(admin, { system: address, type: Object.keys(TONES).join(",") }),
    [admin, address],
  );
  const { value, error } = useAsked(ask, 2_000);
  return (
    <Panel title={t.past}>
      {error !== undefined && <Problem of={error} />}
      {value !== undefined && (
        <Table
          label={t.past}
          rows={value.data}
          keyOf={({ number }) => String(number)}
          empty={t.noPast}
          columns={[
            { title: time, cell: (event) => <When at={event.time} /> },
            {
              title: account,
              cell: (event) => (event.account?.startsWith("0x") === true ? <AccountLink of={event.account} /> : ""),
            },
            {
              title: t.disputes,
              cell: ({ type }) => <Tag tone={TONES[type as Ended]}>{t.ended[type as Ended]}</Tag>,
            },
          ]}
        />
      )}
    </Panel>
  );
}
