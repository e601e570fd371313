import "./words.css";

/** A recovery phrase, each word with its place. */
export function Words({ phrase }: { readonly phrase: string }) {
  return (
    <ol className="words">
      {phrase.split(" ").map((word, index) => (
        <li key={index}>{word}</li>
      ))}
    </ol>
  );
}
