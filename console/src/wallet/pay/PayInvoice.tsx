import { useState } from "react";

import { checkInvoice, domainSeparator, feeFor } from "../../../../src/protocol";
import { Problem } from "../../app/Problem";
import { useAct } from "../../data/useAct";
import { Checks } from "../../design/Checks";
import { Copyable } from "../../design/Copyable";
import { Facts } from "../../design/Facts";
import { Form } from "../../design/Form";
import { Money } from "../../design/Money";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { SubmitOrBack } from "../../design/SubmitOrBack";
import { showTime } from "../../format/time";
import { common } from "../../i18n/common";
import { useLanguage, useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { useNow } from "../../data/useNow";
import { FollowInvoice } from "./FollowInvoice";
import { payTexts } from "./messages";
import type { Target } from "./target";

interface PayInvoiceProps {
  readonly of: Extract<Target, { kind: "invoice" }>;
  readonly onBack: () => void;
}

/** A conditional payment: what the invoice says, whether it holds, and what became of it. */
export function PayInvoice({ of: { text, signed }, onBack }: PayInvoiceProps) {
  const t = useMessages(payTexts);
  const c = useMessages(common);
  const { locale } = useLanguage();
  const { client, holdings } = useAccount();
  const [isLocked, setLocked] = useState(false);
  const now = useNow();
  const { amount, token, account, expiry, hash } = signed.invoice;
  const asset = holdings.find((one) => one.asset.token === token)?.asset;
  const fee = asset === undefined ? 0n : feeFor(asset.fees.payment, amount);
  const { start, isUnderWay, error } = useAct(async () => {
    await client.payInvoice(text, fee);
    setLocked(true);
  });
  if (asset === undefined) return <Notice tone="warn">{t.foreign}</Notice>;
  if (isLocked) return <FollowInvoice hash={hash} onAnother={onBack} />;
  const invalid = problemOf(() => checkInvoice(domainSeparator(client.domain), signed, token));
  const isOver = Number(expiry) * 1_000 <= now;
  return (
    <div className="narrow">
      <Panel title={t.invoice}>
        <Facts
          of={[
            [c.amount, <Money key="amount" amount={amount} of={asset} />],
            [t.fee, fee === 0n ? t.free : <Money key="fee" amount={fee} of={asset} />],
            [t.payee, <Copyable key="to" text={account} />],
            [t.until, showTime(Number(expiry) * 1_000, locale)],
          ]}
        />
        {invalid !== undefined ? (
          <Problem of={invalid} />
        ) : isOver ? (
          <Notice tone="warn">{t.expired}</Notice>
        ) : (
          <Checks title={t.checks} of={[t.signed, t.inTime]} />
        )}
        <p className="small muted">{t.conditional}</p>
        {error !== undefined && <Problem of={error} />}
        <Form onSubmit={start}>
          <SubmitOrBack
            {...{ isUnderWay, onBack }}
            label={t.pay}
            disabled={isOver || invalid !== undefined}
            back={t.back}
          />
        </Form>
      </Panel>
    </div>
  );
}

/** What `act` throws, if it throws. */
function problemOf(act: () => void): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}
