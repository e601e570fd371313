import { useState } from "react";

import { ActForm } from "../../app/ActForm";
import { useAct } from "../../data/useAct";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import type { Vault } from "../session/vault";
import { Words } from "../setup/Words";
import { download } from "../../data/download";
import { keyTexts } from "./messages";

/** The key that this browser keeps: as a file, and as words. */
export function OwnKey({ vault }: { readonly vault: Extract<Vault, { kind: "own" }> }) {
  const t = useMessages(keyTexts);
  const [password, setPassword] = useState("");
  const [phrase, setPhrase] = useState<string | null>();
  const { start, isUnderWay, error } = useAct(async () => {
    const { decrypt } = await import("../session/keys");
    setPhrase((await decrypt(vault.keystore, password)).phrase ?? null);
    setPassword("");
  });
  return (
    <Panel title={t.key}>
      <p className="muted">{t.keyFileHint}</p>
      <div className="row">
        <Button onClick={() => download(`starledger-${vault.address.slice(2, 10)}.json`, vault.keystore)}>
          {t.keyFile}
        </Button>
      </div>
      {phrase === undefined ? (
        <ActForm onSubmit={start} {...{ isUnderWay, error }} label={t.showPhrase} disabled={password === ""}>
          <Field
            label={t.password}
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={({ target }) => setPassword(target.value)}
          />
        </ActForm>
      ) : phrase === null ? (
        <Notice>{t.noPhrase}</Notice>
      ) : (
        <Words phrase={phrase} />
      )}
    </Panel>
  );
}
