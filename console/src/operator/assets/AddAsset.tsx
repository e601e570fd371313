import { useState } from "react";

import { toAddress } from "../../../../src/protocol";
import { Problem } from "../../app/Problem";
import { isAddress } from "../../data/address";
import { useAct } from "../../data/useAct";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Form } from "../../design/Form";
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
      <Form onSubmit={start}>
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
        {error !== undefined && <Problem of={error} />}
        <div className="row">
          <Button type="submit" busy={isUnderWay} disabled={!isAddress(text)}>
            {t.add}
          </Button>
        </div>
      </Form>
    </Panel>
  );
}
