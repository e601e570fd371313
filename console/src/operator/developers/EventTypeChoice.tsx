import { Choice } from "../../design/Field";
import { useMessages } from "../../i18n/language";
import { EVENT_TYPES } from "./eventTypes";
import { developersTexts } from "./messages";

interface EventTypeChoiceProps {
  /** Empty for all of them. */
  readonly value: string;
  readonly onChange: (type: string) => void;
}

/** One type of event, or all. */
export function EventTypeChoice({ value, onChange }: EventTypeChoiceProps) {
  const t = useMessages(developersTexts);
  return (
    <Choice label={t.typeFilter} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{t.all}</option>
      {EVENT_TYPES.map((type) => (
        <option key={type} value={type}>
          {type}
        </option>
      ))}
    </Choice>
  );
}
