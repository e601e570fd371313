import { useState } from "react";
import { useLocation } from "wouter";

import { toAddress } from "../../../../src/protocol";
import { ActForm } from "../../app/ActForm";
import { isAddress } from "../../data/address";
import { useAct } from "../../data/useAct";
import { Choice, Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { accountsTexts } from "./messages";

/** Opens an account in all assets of the system. */
export function OpenAccount() {
  const t = useMessages(accountsTexts);
  const { operator, system, assets } = useOperator();
  const [, go] = useLocation();
  const [custody, setCustody] = useState<"self" | "hosted">("self");
  const [text, setText] = useState("");
  const isWrong = text !== "" && !isAddress(text);
  const { start, isUnderWay, error } = useAct(async () => {
    const shared = { tokens: assets.map(({ token }) => token), system: system.address };
    const opening =
      custody === "self"
        ? ({ custody, ...shared, address: toAddress(text.trim()) } as const)
        : ({ custody, ...shared } as const);
    const { address } = await operator.openAccount(opening);
    go(`/accounts/${address}`);
  });
  return (
    <Panel title={t.open}>
      <ActForm
        onSubmit={start}
        {...{ isUnderWay, error }}
        label={t.open}
        disabled={assets.length === 0 || (custody === "self" && !isAddress(text))}
      >
        <Choice
          label={t.whose}
          hint={t.openHint}
          value={custody}
          onChange={({ target }) => setCustody(target.value === "self" ? "self" : "hosted")}
        >
          <option value="self">{t.custodies.self}</option>
          <option value="hosted">{t.custodies.hosted}</option>
        </Choice>
        {custody === "self" && (
          <Field
            label={t.addressLabel}
            wrong={isWrong ? t.badAddress : undefined}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </ActForm>
    </Panel>
  );
}
