import { useState } from "react";

import { Button } from "../design/Button";
import { Copyable, Hex } from "../design/Copyable";
import { Field } from "../design/Field";
import { Panel } from "../design/Panel";
import { Qr } from "../design/Qr";
import { useMessages } from "../i18n/language";
import { walletTexts } from "./messages";
import { keepInvitation } from "./session/invitation";
import type { OpenWallet } from "./session/openWallet";
import { useSession } from "./session/Session";

/** What a user does whose account the operator has not opened yet. */
export function NotOpen({ wallet }: { readonly wallet: OpenWallet }) {
  const address = wallet.client.account;
  const t = useMessages(walletTexts).notOpen;
  const { lock, leaveSystem } = useSession();
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
      {wallet.systems > 1 && (
        <div className="row">
          <span className="muted">{t.system}</span>
          <Hex of={wallet.client.system} />
          <Button kind="quiet" onClick={() => void leaveSystem()}>
            {t.otherSystem}
          </Button>
        </div>
      )}
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
