import { useEffect, useState } from "react";

import type { SignedInvoice } from "../../../../src/protocol";
import { Button } from "../../design/Button";
import { Copyable } from "../../design/Copyable";
import { Facts } from "../../design/Facts";
import { Money } from "../../design/Money";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { Qr } from "../../design/Qr";
import { Tag } from "../../design/Tag";
import type { NamedAsset } from "../../data/chain";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { receiveTexts } from "./messages";

/** An invoice with its text. */
export interface Made extends SignedInvoice {
  readonly asset: NamedAsset;
  readonly text: string;
}

/** An invoice to show, until it is paid or over. */
export function MadeInvoice({ made, onAnother }: { readonly made: Made; readonly onAnother: () => void }) {
  const t = useMessages(receiveTexts);
  const c = useMessages(common);
  const { client } = useAccount();
  const [state, setState] = useState<"waits" | "paid" | "over">("waits");
  useEffect(() => {
    const left = new AbortController();
    client.paid(made, left.signal).then(
      () => setState("paid"),
      () => {
        if (!left.signal.aborted) setState("over");
      },
    );
    return () => left.abort();
  }, [client, made]);
  return (
    <Panel
      title={t.text}
      aside={<Tag tone={state === "paid" ? "good" : state === "waits" ? "warn" : "neutral"}>{t[state]}</Tag>}
    >
      {state === "paid" && <Notice tone="good">{t.paidHint}</Notice>}
      {state === "waits" && <Qr text={made.text.toUpperCase()} label={t.code} />}
      <Facts
        of={[
          [c.amount, <Money key="amount" amount={made.invoice.amount} of={made.asset} />],
          [t.text, <Copyable key="text" text={made.text} />],
          [
            t.link,
            <Copyable key="link" text={`${location.origin}/pay/${made.text}`} shown={`${location.origin}/pay/…`} />,
          ],
        ]}
      />
      <div className="row">
        <Button onClick={onAnother}>{t.another}</Button>
      </div>
    </Panel>
  );
}
