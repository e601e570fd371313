import { useState } from "react";

import { toAddress, type Address } from "../../../../src/protocol";
import { isAddress } from "../../data/address";
import { Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { Segments } from "../../design/Segments";
import { useMessages } from "../../i18n/language";
import { AssetChoice } from "../parts/AssetChoice";
import { paymentsTexts } from "./messages";
import { PaymentList } from "./PaymentList";
import { KINDS, type Kind } from "./record";
import "../parts/filters.css";

/** Money that moved, newest first, each with what proves it. */
export function Payments() {
  const t = useMessages(paymentsTexts);
  const [kind, setKind] = useState<Kind>("transfers");
  const [text, setText] = useState("");
  const [token, setToken] = useState<Address>();
  const account = isAddress(text) ? toAddress(text.trim()) : undefined;
  const isWrong = text.trim() !== "" && account === undefined;
  return (
    <>
      <h1>{t.title}</h1>
      <Panel>
        <Segments label={t.kind} value={kind} of={KINDS.map((one) => [one, t.kinds[one]])} onChange={setKind} />
        <div className="filters">
          <Field
            label={t.accountFilter}
            wrong={isWrong ? t.badAddress : undefined}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <AssetChoice value={token} onChange={setToken} />
        </div>
        <PaymentList key={`${kind}${account ?? ""}${token ?? ""}`} {...{ kind, account, token }} />
      </Panel>
    </>
  );
}
