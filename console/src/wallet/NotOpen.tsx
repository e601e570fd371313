import { useState } from "react";

import type { Address } from "../../../src/protocol";
import { Button } from "../design/Button";
import { Copyable } from "../design/Copyable";
import { Field } from "../design/Field";
import { Panel } from "../design/Panel";
import { Qr } from "../design/Qr";
import { useMessages } from "../i18n/language";
import { walletTexts } from "./messages";
import { keepInvitation } from "./session/invitation";
import { useSession } from "./session/Session";

/** What a user does whose account the operator has not opened yet. */
export function NotOpen({ address }: { readonly address: Address }) {
  const t = useMessages(walletTexts).notOpen;
  const { lock } = useSession();
  const [text, setText] = useState("");
  const enter = (): void => {
    keepInvitation(text);
    // The next client carries it.
    void lock();
  };
  return (
    <div className="stack">
      <h1>{t.title}</h1>
      <p className="muted">{t.lead}</p>
      <div className="grid">
        <Panel title={t.address}>
          <Copyable text={address} />
          <Qr text={address} label={t.address} />
          <p className="small muted">{t.waiting}</p>
        </Panel>
        <Panel title={t.invitation}>
          <Field
            label={t.invitation}
            hint={t.invitationHint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="row">
            <Button onClick={enter} disabled={text.trim() === ""}>
              {t.use}
            </Button>
          </div>
        </Panel>
      </div>
    </div>
  );
}
