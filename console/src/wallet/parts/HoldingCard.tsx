import { Money } from "../../design/Money";
import { Panel } from "../../design/Panel";
import { Tag } from "../../design/Tag";
import { showShort } from "../../format/amount";
import { useLanguage, useMessages } from "../../i18n/language";
import { serviceTexts } from "../../public/messages";
import { walletTexts } from "../messages";
import type { Holding } from "../session/Account";
import "./holdingCard.css";

/** What the account has of one asset. */
export function HoldingCard({ of: { asset, balance } }: { readonly of: Holding }) {
  const t = useMessages(walletTexts);
  const { backings } = useMessages(serviceTexts);
  const { locale } = useLanguage();
  const { symbol, decimals, settings } = asset;
  const parts = [
    [t.locked, balance?.locked],
    [t.promised, balance?.promised],
    [t.withdrawing, balance?.withdrawing],
  ] as const;
  return (
    <Panel
      title={symbol}
      aside={
        balance?.status === "closing" ? (
          <Tag tone="warn">{t.closing}</Tag>
        ) : (
          <span className="small muted">{backings[settings.backing][0]}</span>
        )
      }
    >
      <p className="holding">
        <span data-testid={`balance-${symbol}`}>
          {balance === undefined ? "…" : showShort(balance.balance, decimals, locale, 6)}
        </span>
      </p>
      <ul className="small muted">
        {parts.map(
          ([name, amount]) =>
            amount !== undefined &&
            amount > 0n && (
              <li key={name} className="row spread">
                {name} <Money amount={amount} of={asset} short />
              </li>
            ),
        )}
      </ul>
      {balance?.status === "closing" && <p className="small muted">{t.closingHint}</p>}
    </Panel>
  );
}
