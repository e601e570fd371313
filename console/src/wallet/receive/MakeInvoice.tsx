import { useState } from "react";

import { ActForm } from "../../app/ActForm";
import { useAct } from "../../data/useAct";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { AmountField, amountOf, type Draft } from "../../money/AmountField";
import { useAccount } from "../session/Account";
import type { Made } from "./MadeInvoice";
import { receiveTexts } from "./messages";

/** Asks for an amount. */
export function MakeInvoice({ onMade }: { readonly onMade: (made: Made) => void }) {
  const t = useMessages(receiveTexts);
  const { client, holdings } = useAccount();
  const assets = holdings.map(({ asset }) => asset);
  const [draft, setDraft] = useState<Draft>({ asset: assets[0]!, text: "" });
  const amount = amountOf(draft);
  const { start, isUnderWay, error } = useAct(async () => {
    const { asset } = draft;
    onMade({ asset, ...(await client.invoice({ token: asset.token, amount: amount! })) });
  });
  return (
    <Panel title={t.invoice}>
      <p className="muted">{t.invoiceHint}</p>
      <ActForm
        onSubmit={start}
        {...{ isUnderWay, error }}
        label={t.make}
        kind="primary"
        disabled={amount === undefined}
      >
        <AmountField assets={assets} draft={draft} onChange={setDraft} />
      </ActForm>
    </Panel>
  );
}
