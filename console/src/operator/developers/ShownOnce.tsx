import { Copyable } from "../../design/Copyable";
import { Notice } from "../../design/Notice";

interface ShownOnceProps {
  readonly title: string;
  readonly hint: string;
  readonly text: string;
}

/** A secret that nobody can ask for again. */
export function ShownOnce({ title, hint, text }: ShownOnceProps) {
  return (
    <Notice tone="good" title={title}>
      <Copyable text={text} />
      <p className="small">{hint}</p>
    </Notice>
  );
}
