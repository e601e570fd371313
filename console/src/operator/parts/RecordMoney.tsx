import type { Address } from "../../../../src/protocol";
import { Money } from "../../design/Money";
import { useOperator } from "../session/Operator";

interface RecordMoneyProps {
  readonly of: { readonly token: Address; readonly amount: bigint; readonly decimals: number };
  readonly short?: boolean;
}

/** What a record says of money. */
export function RecordMoney({ of: { token, amount, decimals }, short = true }: RecordMoneyProps) {
  const { assetOf } = useOperator();
  const symbol = assetOf(token)?.symbol ?? `${token.slice(0, 8)}…`;
  return <Money amount={amount} of={{ decimals, symbol }} short={short} />;
}
