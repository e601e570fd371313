import { useState } from "react";

import { ActForm } from "../../app/ActForm";
import { useAct } from "../../data/useAct";
import { Copyable } from "../../design/Copyable";
import { Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useSession } from "../session/Session";
import type { Vault } from "../session/vault";
import { Forget } from "./Forget";
import { setupTexts } from "./messages";

/** Opens the account that was used here last. */
export function Unlock({ vault }: { readonly vault: Vault }) {
  const t = useMessages(setupTexts);
  const { unlock, connectInjected } = useSession();
  const [password, setPassword] = useState("");
  const { start, isUnderWay, error } = useAct(() => (vault.kind === "own" ? unlock(password) : connectInjected()));
  return (
    <div className="stack narrow">
      <h1>{t.unlockTitle}</h1>
      <Panel>
        <Copyable text={vault.address} />
        <ActForm
          onSubmit={start}
          {...{ isUnderWay, error }}
          label={vault.kind === "own" ? t.unlock : t.injectedUnlock}
          kind="primary"
          disabled={vault.kind === "own" && password === ""}
        >
          {vault.kind === "own" && (
            <Field
              label={t.password}
              type="password"
              autoComplete="current-password"
              autoFocus
              value={password}
              onChange={({ target }) => setPassword(target.value)}
            />
          )}
        </ActForm>
      </Panel>
      <Forget vault={vault} />
    </div>
  );
}
