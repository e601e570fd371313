import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from "react";

import "./field.css";

interface Described {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with what was entered. */
  readonly wrong?: string | undefined;
}

/** A labelled input, with what it is for and what is wrong with it told to everybody. */
export function Field({ label, hint, wrong, ...rest }: Described & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Frame {...{ label, hint, wrong }}>
      {(ids) => <input {...rest} {...ids} autoComplete={rest.autoComplete ?? "off"} spellCheck={false} />}
    </Frame>
  );
}

export function TextField({
  label,
  hint,
  wrong,
  ...rest
}: Described & React.TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Frame {...{ label, hint, wrong }}>
      {(ids) => <textarea {...rest} {...ids} autoComplete="off" autoCapitalize="off" spellCheck={false} />}
    </Frame>
  );
}

export function Choice({ label, hint, wrong, ...rest }: Described & SelectHTMLAttributes<HTMLSelectElement>) {
  return <Frame {...{ label, hint, wrong }}>{(ids) => <select {...rest} {...ids} />}</Frame>;
}

interface Ids {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

function Frame({ label, hint, wrong, children }: Described & { readonly children: (ids: Ids) => ReactNode }) {
  const id = useId();
  const about = wrong ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": about === undefined ? undefined : `${id}-about`,
        "aria-invalid": wrong === undefined ? undefined : true,
      })}
      {about !== undefined && (
        <p id={`${id}-about`} className={wrong === undefined ? "hint" : "wrong"}>
          {about}
        </p>
      )}
    </div>
  );
}
