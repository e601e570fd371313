import { useState } from "react";

import { Buffer } from "buffer";

import { feeFor, toHash, toHex } from "../../../../src/protocol";
import { Problem } from "../../app/Problem";
import { useAct } from "../../data/useAct";
import { Button, ButtonLink } from "../../design/Button";
import { Copyable } from "../../design/Copyable";
import { Facts } from "../../design/Facts";
import { Form } from "../../design/Form";
import { Money } from "../../design/Money";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { SubmitOrBack } from "../../design/SubmitOrBack";
import { formatAmount } from "../../../../src/sdk/amounts";
import { showAmount } from "../../format/amount";
import { useLanguage, useMessages } from "../../i18n/language";
import { AmountField, amountOf, type Draft } from "../../money/AmountField";
import { useAccount } from "../session/Account";
import { payTexts } from "./messages";
import type { Target } from "./target";

interface PayDirectlyProps {
  readonly of: Exclude<Target, { kind: "invoice" }>;
  readonly onBack: () => void;
}

/** A payment without an invoice. */
export function PayDirectly({ of, onBack }: PayDirectlyProps) {
  const t = useMessages(payTexts);
  const { locale } = useLanguage();
  const { client, holdings } = useAccount();
  const wanted = of.kind === "request" ? of.request : undefined;
  const usable = holdings.filter(({ asset }) => wanted === undefined || asset.token === wanted.token);
  const first = usable[0]?.asset;
  const text = first !== undefined && wanted?.amount !== undefined ? formatAmount(wanted.amount, first.decimals) : "";
  const [draft, setDraft] = useState<Draft | undefined>(first && { asset: first, text });
  // The same payment, however often its button is pressed.
  const [mark] = useState(() => wanted?.reference ?? newMark());
  const [isPaid, setPaid] = useState(false);
  const amount = draft && amountOf(draft);
  const fee = draft && amount !== undefined ? feeFor(draft.asset.fees.transfer, amount) : 0n;
  const to = of.kind === "request" ? of.request.to : of.to;
  const { start, isUnderWay, error } = useAct(async () => {
    await client.pay({ to, token: draft!.asset.token, amount: amount!, reference: mark, maxFee: fee });
    setPaid(true);
  });
  if (draft === undefined) return <Notice tone="warn">{t.foreign}</Notice>;
  const { asset } = draft;
  const balance = usable.find((one) => one.asset.token === asset.token)?.balance;
  const facts: (readonly [string, React.ReactNode])[] = [[t.payee, <Copyable key="to" text={to} />]];
  if (of.kind === "account" && of.name !== undefined) facts.unshift([t.name, of.name]);
  if (amount !== undefined) {
    facts.push([t.fee, fee === 0n ? t.free : <Money key="fee" amount={fee} of={asset} />]);
    facts.push([t.total, <Money key="total" amount={amount + fee} of={asset} />]);
  }
  return (
    <div className="narrow">
      <Panel title={t.direct}>
        {isPaid ? (
          <>
            <Notice tone="good" title={t.paid}>
              {t.paidHint}
            </Notice>
            <Facts of={facts} />
            <div className="row">
              <ButtonLink to="/activity">{t.toActivity}</ButtonLink>
              <Button kind="quiet" onClick={onBack}>
                {t.another}
              </Button>
            </div>
          </>
        ) : (
          <Form onSubmit={start}>
            <AmountField
              assets={usable.map((one) => one.asset)}
              draft={draft}
              onChange={setDraft}
              hint={balance && t.available(`${showAmount(balance.available, asset.decimals, locale)} ${asset.symbol}`)}
            />
            <Facts of={facts} />
            <p className="small muted">{t.final}</p>
            {error !== undefined && <Problem of={error} />}
            <SubmitOrBack {...{ isUnderWay, onBack }} label={t.pay} disabled={amount === undefined} back={t.back} />
          </Form>
        )}
      </Panel>
    </div>
  );
}

function newMark() {
  return toHash(toHex(Buffer.from(crypto.getRandomValues(new Uint8Array(32)))));
}
