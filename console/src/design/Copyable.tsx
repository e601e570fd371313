import { useState } from "react";

import { useMessages } from "../i18n/language";
import { common } from "../i18n/common";
import "./copyable.css";

interface CopyableProps {
  /** What is copied, whole. */
  readonly text: string;
  /** What is shown of it; all unless given. */
  readonly shown?: string;
}

/** Something that nobody types: a click copies it. */
export function Copyable({ text, shown = text }: CopyableProps) {
  const t = useMessages(common);
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    });
  };
  return (
    <button type="button" className="copyable" onClick={copy} title={text}>
      <code>{shown}</code>
      <span className="copied" role="status">
        {isCopied ? t.copied : ""}
      </span>
      <span className="unseen">{t.copy}</span>
    </button>
  );
}

/** An address or hash, its ends alone. */
export function Hex({ of }: { readonly of: string }) {
  return <Copyable text={of} shown={`${of.slice(0, 8)}…${of.slice(-6)}`} />;
}
