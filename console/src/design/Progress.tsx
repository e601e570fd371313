import "./progress.css";

export interface Step {
  readonly title: string;
  readonly detail?: React.ReactNode;
  readonly state: "done" | "now" | "later" | "failed";
}

/** What happens one after the other, and how far it has come. */
export function Progress({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <ol className="progress">
      {steps.map(({ title, detail, state }) => (
        <li key={title} className={state} aria-current={state === "now" ? "step" : undefined}>
          <span>{title}</span>
          {detail !== undefined && <div className="small muted">{detail}</div>}
        </li>
      ))}
    </ol>
  );
}
