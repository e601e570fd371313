import { useCallback } from "react";

import { StarledgerError } from "../../../../src/errors";
import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { Transaction } from "../../chain/Transaction";
import type { NamedAsset } from "../../data/chain";
import type { anyone } from "../../data/service";
import { useAsked } from "../../data/useAsked";
import { Checks } from "../../design/Checks";
import { Facts } from "../../design/Facts";
import { Money } from "../../design/Money";
import { Notice } from "../../design/Notice";
import { showCount } from "../../format/number";
import { useLanguage, useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { proofTexts } from "./messages";

type Publication = Awaited<ReturnType<typeof anyone.publications>>["data"][number];

interface PlaceProps {
  readonly asset: NamedAsset;
  readonly of: Publication;
}

/** The account's place in a publication, checked as it is looked at: by its own records, its own node, and no word of the service's. */
export function Place({ asset, of: { statement, channels, transactions } }: PlaceProps) {
  const t = useMessages(proofTexts);
  const { locale } = useLanguage();
  const { client } = useAccount();
  const { period } = statement;
  const check = useCallback(() => client.verifyLiability(asset.token, period), [client, asset.token, period]);
  const { value: verified, error, askAgain } = useAsked(check);
  if (error instanceof StarledgerError && error.code === "not_in_publication") {
    return <Notice tone="info">{t.younger}</Notice>;
  }
  if (error !== undefined) return <Problem of={error} onRetry={askAgain} />;
  if (verified === undefined) return <Loading />;
  const { balance, backing } = verified;
  const { total, block } = verified.statement;
  const atBlock = showCount(block, locale);
  const { kind, reserve, issueLimit, asOf } = backing;
  const facts: (readonly [string, React.ReactNode])[] = [
    [t.yours, <Money key="yours" amount={balance} of={asset} />],
    [t.total(showCount(channels, locale)), <Money key="total" amount={total} of={asset} />],
    [t.asOf, atBlock],
  ];
  if (kind !== "collateral") facts.push([t.backing, <Money key="backing" amount={reserve + issueLimit} of={asset} />]);
  if (transactions.anchored !== null) {
    facts.push([t.transaction, <Transaction key="transaction" of={transactions.anchored} short />]);
  }
  return (
    <div aria-live="polite">
      <Facts of={facts} />
      <Checks
        title={t.checks.title}
        of={[
          t.checks.place,
          t.checks.published,
          t.checks.own(atBlock),
          kind === "collateral" ? t.checks.collateral : t.checks.covered[asOf],
        ]}
      />
    </div>
  );
}
