import { parseAmount } from "../../../src/sdk/amounts";
import type { NamedAsset } from "../data/chain";
import { Choice, Field } from "../design/Field";
import { common } from "../i18n/common";
import { useMessages } from "../i18n/language";
import "./amountField.css";

/** An amount as it is being written. */
export interface Draft {
  readonly asset: NamedAsset;
  readonly text: string;
}

interface AmountFieldProps {
  readonly assets: readonly NamedAsset[];
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly hint?: React.ReactNode;
}

/** An amount of one of several assets, in whole tokens. */
export function AmountField({ assets, draft, onChange, hint }: AmountFieldProps) {
  const t = useMessages(common);
  const { asset, text } = draft;
  const isWrong = text !== "" && amountOf(draft) === undefined;
  return (
    <div className="amount-field">
      <Field
        label={t.amount}
        inputMode="decimal"
        hint={hint}
        wrong={isWrong ? t.notWholeTokens(asset.decimals) : undefined}
        value={text}
        onChange={({ target }) => onChange({ asset, text: target.value })}
      />
      <Choice
        label={t.asset}
        value={asset.token}
        onChange={({ target }) => onChange({ text, asset: assets.find(({ token }) => token === target.value)! })}
      >
        {assets.map(({ token, symbol }) => (
          <option key={token} value={token}>
            {symbol}
          </option>
        ))}
      </Choice>
    </div>
  );
}

/** Base units; undefined while it is no amount. */
export function amountOf({ asset, text }: Draft): bigint | undefined {
  try {
    return parseAmount(text.trim(), asset.decimals);
  } catch {
    return undefined;
  }
}
