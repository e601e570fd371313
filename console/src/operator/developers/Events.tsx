import { useCallback, useState } from "react";

import { Problem } from "../../app/Problem";
import { useAsked } from "../../data/useAsked";
import { Button } from "../../design/Button";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { EventTable } from "./EventTable";
import { EventTypeChoice } from "./EventTypeChoice";
import { developersTexts } from "./messages";
import { newestEvents } from "./newestEvents";

/** The log, newest first. */
export function Events() {
  const t = useMessages(developersTexts);
  const { admin, system } = useOperator();
  const { address } = system;
  const [type, setType] = useState("");
  const [before, setBefore] = useState<bigint>();
  const ask = useCallback(
    () => newestEvents(admin, { system: address, ...(type !== "" && { type }) }, before),
    [admin, address, type, before],
  );
  const { value, error } = useAsked(ask, before === undefined ? 3_000 : 0);
  const choose = (chosen: string): void => {
    setType(chosen);
    setBefore(undefined);
  };
  return (
    <>
      <div>
        <h1>{t.events}</h1>
        <p className="muted">{t.eventsLead}</p>
      </div>
      <Panel>
        <div className="narrow">
          <EventTypeChoice value={type} onChange={choose} />
        </div>
        {error !== undefined && <Problem of={error} />}
        {value !== undefined && <EventTable label={t.events} of={value.data} empty={t.noEvents} />}
        <div className="row spread">
          <Button disabled={before === undefined} onClick={() => setBefore(undefined)}>
            {t.newest}
          </Button>
          <Button disabled={value?.hasMore !== true} onClick={() => setBefore(value?.last)}>
            {t.older}
          </Button>
        </div>
      </Panel>
    </>
  );
}
