import { useState } from "react";

import { Problem } from "../../app/Problem";
import { useAct } from "../../data/useAct";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Form } from "../../design/Form";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { payTexts } from "./messages";
import { readTarget, type Target } from "./target";

interface ChooseTargetProps {
  /** What a link brought. */
  readonly linked: string;
  readonly onChosen: (target: Target) => void;
}

/** Whom to pay. */
export function ChooseTarget({ linked, onChosen }: ChooseTargetProps) {
  const t = useMessages(payTexts);
  const { client } = useAccount();
  const [text, setText] = useState(linked);
  const { start, isUnderWay, error } = useAct(async () => onChosen(await readTarget(text, client)));
  return (
    <div className="narrow">
      <Panel title={t.title}>
        <Form onSubmit={start}>
          <Field
            label={t.field}
            hint={t.hint}
            autoCapitalize="off"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          {error !== undefined && <Problem of={error} />}
          <div className="row">
            <Button kind="primary" type="submit" busy={isUnderWay} disabled={text.trim() === ""}>
              {t.next}
            </Button>
          </div>
        </Form>
      </Panel>
    </div>
  );
}
