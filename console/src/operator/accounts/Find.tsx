import { useState } from "react";
import { useLocation } from "wouter";

import { StarledgerError } from "../../../../src/errors";
import { toAddress, type ChannelId } from "../../../../src/protocol";
import type { AdministrationApi } from "../../../../src/sdk/administration";
import type { OperatorApi } from "../../../../src/sdk/operator";
import { ActForm } from "../../app/ActForm";
import { isAddress } from "../../data/address";
import { useAct } from "../../data/useAct";
import { Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { accountsTexts } from "./messages";

const UNKNOWN: ReadonlySet<string> = new Set(["unknown_account", "unknown_alias", "unknown_channel", "bad_alias"]);

/** Leads to one account, by what somebody knows of it. */
export function Find() {
  const t = useMessages(accountsTexts);
  const { admin, operator } = useOperator();
  const [, go] = useLocation();
  const [text, setText] = useState("");
  const [isUnknown, setUnknown] = useState(false);
  const { start, isUnderWay, error } = useAct(async () => {
    try {
      go(`/accounts/${await found(text.trim(), admin, operator)}`);
    } catch (problem) {
      if (!(problem instanceof StarledgerError) || !UNKNOWN.has(problem.code)) throw problem;
      setUnknown(true);
    }
  });
  return (
    <Panel title={t.search}>
      <ActForm onSubmit={start} {...{ isUnderWay, error }} label={t.go} kind="primary" disabled={text.trim() === ""}>
        <Field
          label={t.search}
          hint={t.searchHint}
          wrong={isUnknown ? t.notFound : undefined}
          value={text}
          onChange={({ target }) => {
            setUnknown(false);
            setText(target.value);
          }}
        />
      </ActForm>
    </Panel>
  );
}

async function found(text: string, admin: AdministrationApi, operator: OperatorApi): Promise<string> {
  if (/^0x[0-9a-f]{64}$/i.test(text)) return (await operator.channel(text.toLowerCase() as ChannelId)).key.user;
  if (isAddress(text)) return (await operator.account(toAddress(text))).address;
  return (await admin.byAlias(text)).account;
}
