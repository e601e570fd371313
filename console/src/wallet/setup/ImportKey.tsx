import { useState } from "react";

import { Problem } from "../../app/Problem";
import { useAct } from "../../data/useAct";
import { Field, TextField } from "../../design/Field";
import { Form } from "../../design/Form";
import { Panel } from "../../design/Panel";
import { SubmitOrBack } from "../../design/SubmitOrBack";
import { useMessages } from "../../i18n/language";
import type { Secret } from "../session/keys";
import { ChoosePassword } from "./ChoosePassword";
import { setupTexts } from "./messages";

/** A key that there is already: as words or digits, or in a file. */
export function ImportKey({ onBack }: { readonly onBack: () => void }) {
  const t = useMessages(setupTexts);
  const [secret, setSecret] = useState<Secret>();
  const [text, setText] = useState("");
  const [file, setFile] = useState<File>();
  const [password, setPassword] = useState("");
  const { start, isUnderWay, error } = useAct(async () => {
    const { decrypt, readSecret } = await import("../session/keys");
    setSecret(file === undefined ? readSecret(text) : await decrypt(await file.text(), password));
  });
  if (secret !== undefined) return <ChoosePassword secret={secret} isImported onBack={onBack} />;
  return (
    <div className="stack narrow">
      <h1>{t.import}</h1>
      <Panel>
        <Form onSubmit={start}>
          <TextField
            label={t.secret}
            hint={t.secretHint}
            value={text}
            onChange={({ target }) => setText(target.value)}
            disabled={file !== undefined}
          />
          <Field
            label={t.file}
            hint={t.fileHint}
            type="file"
            accept="application/json"
            onChange={({ target }) => setFile(target.files?.[0])}
          />
          {file !== undefined && (
            <Field
              label={t.filePassword}
              type="password"
              value={password}
              onChange={({ target }) => setPassword(target.value)}
            />
          )}
          {error !== undefined && <Problem of={error} />}
          <SubmitOrBack
            {...{ isUnderWay, onBack }}
            label={t.import}
            disabled={file === undefined && text.trim() === ""}
            back={t.back}
          />
        </Form>
      </Panel>
    </div>
  );
}
