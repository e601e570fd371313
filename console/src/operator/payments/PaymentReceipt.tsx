import { Copyable } from "../../design/Copyable";
import { Dialog } from "../../design/Dialog";
import { Facts } from "../../design/Facts";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { RecordMoney } from "../parts/RecordMoney";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import { paymentsTexts } from "./messages";
import { Proof } from "./Proof";
import type { Paid } from "./record";

/** One payment: all of it, and what proves it. */
export function PaymentReceipt({ of, onClose }: { readonly of: Paid; readonly onClose: () => void }) {
  const t = useMessages(paymentsTexts);
  const c = useMessages(common);
  const { may } = useOperator();
  const { time, from, to, fee, refunded, reference, hash, preimage, proof } = of;
  const whole = (amount: bigint) => <RecordMoney of={{ ...of, amount }} short={false} />;
  const facts: (readonly [string, React.ReactNode])[] = [[c.amount, whole(of.amount)]];
  if (time !== undefined) facts.push([c.time, <When key="time" at={time} />]);
  if (from !== undefined) facts.push([t.from, <Copyable key="from" text={from} />]);
  facts.push([t.to, <Copyable key="to" text={to} />]);
  if (fee !== undefined) facts.push([t.fee, whole(fee)]);
  if (refunded > 0n) facts.push([t.refunded, whole(refunded)]);
  if (reference !== undefined && BigInt(reference) !== 0n)
    facts.push([t.reference, <Copyable key="reference" text={reference} />]);
  if (hash !== undefined) facts.push([t.hash, <Copyable key="hash" text={hash} />]);
  if (preimage !== undefined) facts.push([t.preimage, <Copyable key="preimage" text={preimage} />]);
  if (proof !== undefined) {
    facts.push([t.channel, <Copyable key="channel" text={proof.channel} />], [t.version, String(proof.version)]);
  }
  return (
    <Dialog title={t.receipt} closing={c.close} onClose={onClose}>
      {may("seeReceipt") &&
        (proof === undefined ? <p className="muted">{t.unproven}</p> : <Proof key={of.id} of={proof} />)}
      <Facts of={facts} />
    </Dialog>
  );
}
