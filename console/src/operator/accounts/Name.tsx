import { useState } from "react";

import type { Address } from "../../../../src/protocol";
import { AskAgain } from "../../app/AskAgain";
import { Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { accountsTexts } from "./messages";

interface NameProps {
  readonly account: Address;
  /** With its host; undefined for none. */
  readonly name: string | undefined;
  readonly onChanged: () => void;
}

/** What an account is called, so that it can be paid by it. */
export function Name({ account, name, onChanged }: NameProps) {
  const t = useMessages(accountsTexts);
  const { admin, may } = useOperator();
  const [text, setText] = useState("");
  const wanted = text.trim();
  const give = async (): Promise<void> => {
    await admin.giveAlias(account, wanted);
    setText("");
    onChanged();
  };
  const take = async (): Promise<void> => {
    await admin.takeAlias(account);
    onChanged();
  };
  return (
    <Panel title={t.name}>
      <Field
        label={t.newName}
        hint={t.nameHint}
        autoCapitalize="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="row">
        {wanted !== "" && <AskAgain label={t.giveName} says={t.giveNameSays(wanted)} kind="plain" act={give} />}
        {name !== undefined && may("takeName") && (
          <AskAgain label={t.takeName} says={t.takeNameSays(name)} act={take} />
        )}
      </div>
    </Panel>
  );
}
