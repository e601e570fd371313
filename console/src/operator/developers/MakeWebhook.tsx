import { useState } from "react";

import { ActForm } from "../../app/ActForm";
import { useAct } from "../../data/useAct";
import { Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { EventTypeChoice } from "./EventTypeChoice";
import { developersTexts } from "./messages";
import type { Happened } from "./newestEvents";
import { ShownOnce } from "./ShownOnce";

/** Names an address to be told from now on. */
export function MakeWebhook({ onMade }: { readonly onMade: () => void }) {
  const t = useMessages(developersTexts);
  const { admin, system } = useOperator();
  const [url, setUrl] = useState("");
  const [description, setDescription] = useState("");
  const [type, setType] = useState("");
  const [secret, setSecret] = useState<string>();
  const { start, isUnderWay, error } = useAct(async () => {
    const types = type === "" ? null : [type as Happened["type"]];
    const made = await admin.makeWebhook({ system: system.address, url: url.trim(), description, types });
    setSecret(made.secret);
    setUrl("");
    setDescription("");
    onMade();
  });
  return (
    <Panel title={t.make}>
      {secret !== undefined && <ShownOnce title={t.secret} hint={t.secretHint} text={secret} />}
      <ActForm onSubmit={start} {...{ isUnderWay, error }} label={t.make} disabled={url.trim() === ""}>
        <div className="filters">
          <Field
            label={t.url}
            hint={t.urlHint}
            type="url"
            value={url}
            onChange={({ target }) => setUrl(target.value)}
          />
          <Field label={t.description} value={description} onChange={({ target }) => setDescription(target.value)} />
          <EventTypeChoice value={type} onChange={setType} />
        </div>
      </ActForm>
    </Panel>
  );
}
