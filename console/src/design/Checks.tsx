import "./checks.css";

/** What was checked and holds. */
export function Checks({ title, of }: { readonly title: string; readonly of: readonly string[] }) {
  return (
    <div className="checks">
      <strong className="small">{title}</strong>
      <ul>
        {of.map((check) => (
          <li key={check}>{check}</li>
        ))}
      </ul>
    </div>
  );
}
