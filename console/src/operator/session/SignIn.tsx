import { useState } from "react";

import { administrationApi } from "../../../../src/sdk/administration";
import { ActForm } from "../../app/ActForm";
import { SERVICE } from "../../data/service";
import { useAct } from "../../data/useAct";
import { Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { signInTexts } from "./messages";
import type { Caller } from "./rights";

/** Where an operator begins: with an API key, which stays in this tab. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: (key: string, caller: Caller) => void }) {
  const t = useMessages(signInTexts);
  const [key, setKey] = useState("");
  const { start, isUnderWay, error } = useAct(async () => {
    const text = key.trim();
    onSignedIn(text, await administrationApi(SERVICE, text, { tries: 1 }).caller());
  });
  return (
    <div className="stack narrow">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <Panel>
        <ActForm
          onSubmit={start}
          {...{ isUnderWay, error }}
          label={t.enter}
          kind="primary"
          disabled={key.trim() === ""}
        >
          <Field
            label={t.key}
            hint={t.keyHint}
            type="password"
            autoComplete="off"
            value={key}
            onChange={({ target }) => setKey(target.value)}
          />
        </ActForm>
      </Panel>
    </div>
  );
}
