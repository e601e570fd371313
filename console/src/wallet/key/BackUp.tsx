import { useState } from "react";

import { ActForm } from "../../app/ActForm";
import { useAct } from "../../data/useAct";
import { Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { download } from "../../data/download";
import { keyTexts } from "./messages";

/** All that was signed, as one encrypted file. */
export function BackUp() {
  const t = useMessages(keyTexts);
  const { client } = useAccount();
  const [passphrase, setPassphrase] = useState("");
  const { start, isUnderWay, error } = useAct(async () => {
    const day = new Date().toISOString().slice(0, 10);
    download(`starledger-${client.account.slice(2, 10)}-${day}.backup`, await client.backup(passphrase));
  });
  return (
    <Panel title={t.records}>
      <p className="muted">{t.recordsHint}</p>
      <ActForm onSubmit={start} {...{ isUnderWay, error }} label={t.download} disabled={passphrase === ""}>
        <Field
          label={t.passphrase}
          type="password"
          autoComplete="new-password"
          value={passphrase}
          onChange={({ target }) => setPassphrase(target.value)}
        />
      </ActForm>
    </Panel>
  );
}
