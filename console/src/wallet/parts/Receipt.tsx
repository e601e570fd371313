import { useCallback } from "react";

import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { Transaction } from "../../chain/Transaction";
import { useAsked } from "../../data/useAsked";
import { Checks } from "../../design/Checks";
import { Copyable } from "../../design/Copyable";
import { Dialog } from "../../design/Dialog";
import { Facts } from "../../design/Facts";
import { Money } from "../../design/Money";
import { showTime } from "../../format/time";
import { common } from "../../i18n/common";
import { useLanguage, useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import type { Happening } from "./activity";
import { Confirmation } from "./Confirmation";
import { activityTexts } from "./messages";

/** One thing that happened: all of it, and what proves it. */
export function Receipt({ of, onClose }: { readonly of: Happening; readonly onClose: () => void }) {
  const t = useMessages(activityTexts);
  const c = useMessages(common);
  const { locale } = useLanguage();
  const { asset, entry, preimage } = of;
  const facts: (readonly [string, React.ReactNode])[] = [];
  if (entry.time !== undefined) facts.push([c.time, showTime(Number(entry.time) * 1_000, locale)]);
  if ("amount" in entry) facts.push([c.amount, <Money key="amount" amount={entry.amount} of={asset} />]);
  if (entry.type === "locked") facts.push([t.fee, <Money key="fee" amount={entry.fee} of={asset} />]);
  if (entry.type === "deposited") facts.push([t.transaction, <Transaction key="transaction" of={entry.transaction} />]);
  if ("to" in entry) facts.push([t.to, <Copyable key="to" text={entry.to} />]);
  if (entry.type === "withdrawn") facts.push([t.recipient, <Copyable key="recipient" text={entry.recipient} />]);
  if ("hash" in entry) facts.push([t.hash, <Copyable key="hash" text={entry.hash} />]);
  if (preimage !== undefined) facts.push([t.preimage, <Copyable key="preimage" text={preimage} />]);
  if ("reference" in entry && BigInt(entry.reference) !== 0n)
    facts.push([t.reference, <Copyable key="reference" text={entry.reference} />]);
  if (entry.type === "received") facts.push([t.note, String(entry.noteSeq)]);
  if (entry.version !== undefined) facts.push([t.version, String(entry.version)]);
  return (
    <Dialog title={t.kinds[entry.type]} closing={c.close} onClose={onClose}>
      <Facts of={facts} />
      {entry.type === "deposited" && <Confirmation of={entry} />}
      {entry.type === "received" && <Checks title={t.checks.title} of={[t.checks.note]} />}
      {entry.type !== "adopted" && entry.version !== undefined && <Proof of={of} version={entry.version} />}
    </Dialog>
  );
}

/** The state that says so, its signatures checked again as it is looked at. */
function Proof({ of: { asset }, version }: { readonly of: Happening; readonly version: bigint }) {
  const t = useMessages(activityTexts);
  const { client } = useAccount();
  const check = useCallback(() => client.receipt(asset.token, version), [client, asset, version]);
  const { value, error } = useAsked(check);
  if (error !== undefined) return <Problem of={error} />;
  if (value === undefined) return <Loading />;
  return <Checks title={t.checks.title} of={[t.checks.user, t.checks.system, t.checks.memo]} />;
}
