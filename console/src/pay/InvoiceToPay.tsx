import type { Invoice } from "../../../src/protocol";
import type { NamedAsset } from "../data/chain";
import { useNow } from "../data/useNow";
import { ButtonLink } from "../design/Button";
import { Checks } from "../design/Checks";
import { Copyable } from "../design/Copyable";
import { Facts } from "../design/Facts";
import { Money } from "../design/Money";
import { Notice } from "../design/Notice";
import { Panel } from "../design/Panel";
import { Qr } from "../design/Qr";
import { showSpan, showTime } from "../format/time";
import { useLanguage, useMessages } from "../i18n/language";
import { payPageTexts } from "./messages";
import "./invoiceToPay.css";

interface InvoiceToPayProps {
  readonly invoice: Invoice;
  readonly text: string;
  readonly asset: NamedAsset;
}

/** What an invoice asks for, and the ways to pay it. */
export function InvoiceToPay({ invoice, text, asset }: InvoiceToPayProps) {
  const t = useMessages(payPageTexts);
  const { locale } = useLanguage();
  const left = Number(invoice.expiry) - useNow() / 1_000;
  return (
    <Panel>
      <p className="asked">
        <Money amount={invoice.amount} of={asset} />
      </p>
      <Facts
        of={[
          [t.payee, <Copyable key="payee" text={invoice.account} />],
          [t.until, showTime(Number(invoice.expiry) * 1_000, locale)],
          [t.left, showSpan(left, locale)],
        ]}
      />
      {left <= 0 ? (
        <Notice tone="warn">{t.expired}</Notice>
      ) : (
        <>
          <Checks title={t.checks} of={[t.signed]} />
          <ButtonLink to={`/wallet/pay?to=${text}`} kind="primary">
            {t.payHere}
          </ButtonLink>
          <div className="stack">
            <h2>{t.orScan}</h2>
            <Qr text={text.toUpperCase()} label={t.code} />
            <h2>{t.copy}</h2>
            <Copyable text={text} />
          </div>
        </>
      )}
    </Panel>
  );
}
