import { useState } from "react";

import { Problem } from "../../app/Problem";
import { useAct } from "../../data/useAct";
import { Copyable } from "../../design/Copyable";
import { Field } from "../../design/Field";
import { Form } from "../../design/Form";
import { Panel } from "../../design/Panel";
import { SubmitOrBack } from "../../design/SubmitOrBack";
import { useMessages } from "../../i18n/language";
import type { Secret } from "../session/keys";
import { useSession } from "../session/Session";
import { setupTexts } from "./messages";

const SHORTEST = 10;

interface ChoosePasswordProps {
  readonly secret: Secret;
  /** The key was there before, and maybe records of what it has signed. */
  readonly isImported?: boolean;
  readonly onBack: () => void;
}

/** The password that the key is kept under in this browser; then the wallet opens. */
export function ChoosePassword({ secret, isImported = false, onBack }: ChoosePasswordProps) {
  const t = useMessages(setupTexts);
  const { keep } = useSession();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [file, setFile] = useState<File>();
  const [passphrase, setPassphrase] = useState("");
  const { start, isUnderWay, error } = useAct(async () => {
    const backup = file && { file: new Uint8Array(await file.arrayBuffer()), passphrase };
    await keep(secret, password, backup);
  });
  const isShort = password.length < SHORTEST;
  return (
    <Panel title={t.password}>
      <Form onSubmit={start}>
        <Copyable text={secret.address} />
        <Field
          label={t.password}
          hint={t.passwordHint}
          type="password"
          autoComplete="new-password"
          wrong={password !== "" && isShort ? t.passwordShort : undefined}
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
        <Field
          label={t.again}
          type="password"
          autoComplete="new-password"
          wrong={again !== "" && !password.startsWith(again) ? t.different : undefined}
          value={again}
          onChange={({ target }) => setAgain(target.value)}
        />
        {isImported && (
          <Field
            label={t.backup}
            hint={t.backupHint}
            type="file"
            onChange={({ target }) => setFile(target.files?.[0])}
          />
        )}
        {file !== undefined && (
          <Field
            label={t.passphrase}
            type="password"
            value={passphrase}
            onChange={({ target }) => setPassphrase(target.value)}
          />
        )}
        {error !== undefined && <Problem of={error} />}
        <SubmitOrBack
          {...{ isUnderWay, onBack }}
          label={t.keep}
          disabled={isShort || password !== again}
          back={t.back}
        />
      </Form>
    </Panel>
  );
}
