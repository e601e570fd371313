import { useCallback } from "react";

import type { Address } from "../../../../src/protocol";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { EventTable } from "../developers/EventTable";
import { newestEvents } from "../developers/newestEvents";
import { useAsked } from "../../data/useAsked";
import { Problem } from "../../app/Problem";
import { useOperator } from "../session/Operator";
import { accountsTexts } from "./messages";

/** What happened to one account, newest first. */
export function History({ account }: { readonly account: Address }) {
  const t = useMessages(accountsTexts);
  const { admin } = useOperator();
  const ask = useCallback(() => newestEvents(admin, { account }), [admin, account]);
  const { value, error } = useAsked(ask, 5_000);
  return (
    <Panel title={t.history}>
      {error !== undefined && <Problem of={error} />}
      {value !== undefined && <EventTable label={t.history} of={value.data} empty={t.noHistory} />}
    </Panel>
  );
}
