import type { TowerStatus } from "../../../../src/sdk/browser";
import { Problem } from "../../app/Problem";
import type { NamedAsset } from "../../data/chain";
import { Facts } from "../../design/Facts";
import { Tag } from "../../design/Tag";
import { showTime } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import { towerTexts } from "./messages";

interface HandoverProps {
  readonly asset: NamedAsset;
  readonly of: TowerStatus;
}

/** What a watchtower has of one asset, as it said when it was last handed something. */
export function Handover({ asset, of: { confirmed, isCurrent, error } }: HandoverProps) {
  const t = useMessages(towerTexts);
  const { locale } = useLanguage();
  const tone = isCurrent ? "good" : error === undefined ? "neutral" : "bad";
  const said = isCurrent ? (confirmed === undefined ? t.nothingYet : t.current) : t.behind;
  return (
    <div className="stack">
      <div className="row spread">
        <h3>{asset.symbol}</h3>
        <Tag tone={confirmed === undefined && isCurrent ? "neutral" : tone}>{said}</Tag>
      </div>
      {confirmed !== undefined && (
        <Facts
          of={[
            [t.state, String(confirmed.version)],
            [t.note, String(confirmed.seq)],
            [t.received, showTime(Date.parse(confirmed.received), locale)],
            [t.until, confirmed.until === null ? t.unpaid : showTime(Number(confirmed.until) * 1_000, locale)],
            [t.close, confirmed.close === null ? t.noClose : t.closing(confirmed.answers.length)],
          ]}
        />
      )}
      {error !== undefined && <Problem of={error} />}
    </div>
  );
}
