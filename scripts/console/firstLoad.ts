/** What the build wrote: per source file its chunk, with what that imports. */
export type Manifest = Readonly<Record<string, Chunk>>;

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
  /** Names in the manifest. */
  readonly imports?: readonly string[];
  /** What it loads later on; names in the manifest. */
  readonly dynamicImports?: readonly string[];
}

/** Where every page begins, whatever it is. */
const BEGINNING: readonly string[] = ["index.html", "src/start.tsx"];

/** The files that a browser loads first for a part, each once; what it loads later on is left out. */
export function firstLoad(manifest: Manifest, part: string): readonly string[] {
  return filesOf(manifest, part, (_, { imports = [] }) => imports);
}

/** The files that a browser ever loads for a part, each once; the other parts, which begin as it does, are left out. */
export function everLoaded(manifest: Manifest, part: string): readonly string[] {
  const later = (name: string, { dynamicImports = [] }: Chunk) => (BEGINNING.includes(name) ? [] : dynamicImports);
  return filesOf(manifest, part, (name, chunk) => [...(chunk.imports ?? []), ...later(name, chunk)]);
}

function filesOf(
  manifest: Manifest,
  part: string,
  next: (name: string, chunk: Chunk) => readonly string[],
): readonly string[] {
  const files = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`the build has no ${name}`);
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file);
    next(name, chunk).forEach(visit);
  };
  [...BEGINNING, part].forEach(visit);
  return [...files];
}
