/** What the build wrote: per source file its chunk, with what that imports. */
export type Manifest = Readonly<Record<string, Chunk>>;

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
  /** Names in the manifest. */
  readonly imports?: readonly string[];
}

/** The files that a browser loads for these parts, each once; what a part loads later on is left out. */
export function firstLoad(manifest: Manifest, parts: readonly string[]): readonly string[] {
  const files = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`the build has no ${name}`);
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file);
    chunk.imports?.forEach(visit);
  };
  parts.forEach(visit);
  return [...files];
}
