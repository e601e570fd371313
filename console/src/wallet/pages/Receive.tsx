import { useState } from "react";

import { Copyable } from "../../design/Copyable";
import { Panel } from "../../design/Panel";
import { Qr } from "../../design/Qr";
import { useMessages } from "../../i18n/language";
import { MadeInvoice, type Made } from "../receive/MadeInvoice";
import { MakeInvoice } from "../receive/MakeInvoice";
import { receiveTexts } from "../receive/messages";
import { useAccount } from "../session/Account";

/** Being paid: by an invoice for an amount, or by the address. */
export function Receive() {
  const t = useMessages(receiveTexts);
  const { client } = useAccount();
  const [made, setMade] = useState<Made>();
  return (
    <div className="grid">
      {made === undefined ? (
        <MakeInvoice onMade={setMade} />
      ) : (
        <MadeInvoice key={made.text} made={made} onAnother={() => setMade(undefined)} />
      )}
      <Panel title={t.address}>
        <p className="muted">{t.addressHint}</p>
        <Qr text={client.account} label={t.addressCode} />
        <Copyable text={client.account} />
      </Panel>
    </div>
  );
}
