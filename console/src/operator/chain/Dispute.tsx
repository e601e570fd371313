import type { AdministrationApi } from "../../../../src/sdk/administration";
import { Transaction } from "../../chain/Transaction";
import { Facts } from "../../design/Facts";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { Tag } from "../../design/Tag";
import { showSpan } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import { AccountLink } from "../parts/AccountLink";
import { useOperator } from "../session/Operator";
import { chainSideTexts } from "./messages";
import { useChainNow } from "./useChainNow";

type Pending = Awaited<ReturnType<AdministrationApi["disputes"]>>["data"][number];

const TONES = { waiting: "warn", sent: "warn", done: "good", failed: "bad", cancelled: "neutral" } as const;

/** One close: who closed with what, how long it can be contested, and what is being done. */
export function Dispute({ of }: { readonly of: Pending }) {
  const t = useMessages(chainSideTexts);
  const { locale } = useLanguage();
  const { assetOf } = useOperator();
  const now = useChainNow();
  const { account, token, by, humble, version, standing, latest, challengeEnd, settleableFrom, due, late, sent } = of;
  const left = (until: bigint) => Number(until) - now;
  const isOld = by === "user" && latest >= version + 2n;
  return (
    <Panel
      title={
        <>
          {assetOf(token)?.symbol ?? token} · <AccountLink of={account} />
        </>
      }
      aside={
        <Tag tone={left(challengeEnd) > 0 ? "warn" : "neutral"}>
          {left(challengeEnd) > 0 ? t.left(showSpan(left(challengeEnd), locale)) : t.over}
        </Tag>
      }
    >
      {late && <Notice tone="bad">{t.late}</Notice>}
      {isOld && !humble && <Notice tone="warn">{t.cheat}</Notice>}
      <Facts
        of={[
          [t.by, `${t.parties[by]}${humble ? `, ${t.humbly}` : ""}`],
          [t.closedWith, String(version)],
          [t.stands, String(standing)],
          [t.ours, String(latest)],
          [t.due, due.length === 0 ? t.nothingDue : due.map((one) => t.dues[one]).join(", ")],
          [t.settle, left(settleableFrom) > 0 ? t.in(showSpan(left(settleableFrom), locale)) : t.now],
          [t.transaction, <Transaction key="transaction" of={of.transaction} />],
          ...sent.map(
            ({ name, status, transaction }) =>
              [
                `${t.sent}: ${name}`,
                <span key={name} className="row">
                  <Tag tone={TONES[status]}>{status}</Tag>
                  {transaction !== null && <Transaction of={transaction} short />}
                </span>,
              ] as const,
          ),
        ]}
      />
    </Panel>
  );
}
