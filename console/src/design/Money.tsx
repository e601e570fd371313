import { showAmount, showShort } from "../format/amount";
import { useLanguage } from "../i18n/language";

interface MoneyProps {
  readonly amount: bigint;
  readonly of: { readonly decimals: number; readonly symbol: string };
  /** With no more decimals than a table needs; the whole amount is its title. */
  readonly short?: boolean;
}

/** An amount of an asset. */
export function Money({ amount, of: { decimals, symbol }, short = false }: MoneyProps) {
  const { locale } = useLanguage();
  const whole = showAmount(amount, decimals, locale);
  return (
    <span className="money" title={short ? `${whole} ${symbol}` : undefined}>
      {short ? showShort(amount, decimals, locale) : whole} <span className="muted">{symbol}</span>
    </span>
  );
}
