import type { Address } from "../../../../src/protocol";
import { Choice } from "../../design/Field";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { operatorTexts } from "../messages";
import { useOperator } from "../session/Operator";

interface AssetChoiceProps {
  readonly value: Address | undefined;
  readonly onChange: (token: Address | undefined) => void;
}

/** One of the system's assets, or all of them. */
export function AssetChoice({ value, onChange }: AssetChoiceProps) {
  const { everything } = useMessages(operatorTexts);
  const { asset } = useMessages(common);
  const { assets } = useOperator();
  return (
    <Choice
      label={asset}
      value={value ?? ""}
      onChange={({ target }) => onChange(assets.find(({ token }) => token === target.value)?.token)}
    >
      <option value="">{everything}</option>
      {assets.map(({ token, symbol }) => (
        <option key={token} value={token}>
          {symbol}
        </option>
      ))}
    </Choice>
  );
}
