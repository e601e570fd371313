import { build, type BuildOptions } from "esbuild";

/** A program as one file that runs in browsers and needs nothing of Node. */
export async function bundle(
  options: Pick<BuildOptions, "define" | "entryPoints" | "stdin" | "format">,
): Promise<string> {
  const { outputFiles } = await build({
    format: "esm",
    ...options,
    bundle: true,
    minify: true,
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]!.text;
}
