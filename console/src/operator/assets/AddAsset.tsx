import { useState } from "react";

import { toAddress } from "../../../../src/protocol";
import { ActForm } from "../../app/ActForm";
import { isAddress } from "../../data/address";
import { useAct } from "../../data/useAct";
import { Field } from "../../design/Field";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { assetsTexts } from "./messages";

/** Takes over a token as the hub lists it. */
export function AddAsset() {
  const t = useMessages(assetsTexts);
  const { admin, system, readAgain } = useOperator();
  const [text, setText] = useState("");
  const [isDone, setDone] = useState(false);
  const { start, isUnderWay, error } = useAct(async () => {
    await admin.addAsset({ system: system.address, token: toAddress(text.trim()) });
    setText("");
    setDone(true);
    readAgain();
  });
  const isWrong = text !== "" && !isAddress(text);
  return (
    <Panel title={t.add}>
      <ActForm onSubmit={start} {...{ isUnderWay, error }} label={t.add} disabled={!isAddress(text)}>
        <div className="narrow">
          <Field
            label={t.token}
            hint={t.addHint}
            wrong={isWrong ? t.badAddress : undefined}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </div>
        {isDone && <Notice tone="good">{t.added}</Notice>}
      </ActForm>
    </Panel>
  );
}
