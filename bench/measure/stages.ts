import { Session, type Profiler } from "node:inspector/promises";

/** Where the processor's time went, in shares of one. */
export type Stages = Record<"verify" | "hash" | "apply" | "store" | "sign" | "other", number>;

type Frame = Profiler.ProfileNode["callFrame"];

/** The first that a function, or one that called it, belongs to; the innermost function is asked first. */
const STAGES: readonly [keyof Stages, (frame: Frame) => boolean][] = [
  ["verify", ({ functionName, url }) => functionName === "recoverFrom" && url.includes("/src/protocol/")],
  ["sign", ({ functionName, url }) => functionName === "sign" && url.includes("/src/protocol/")],
  ["store", ({ url }) => url.includes("/src/store/")],
  ["hash", ({ functionName }) => functionName === "keccakBytes"],
  ["apply", ({ url }) => url.includes("/src/engine/")],
];

/** Does something, and says where the main thread's time went meanwhile. */
export async function staged(act: () => Promise<unknown>): Promise<Stages> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
  await act();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  return sharesOf(profile);
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Stages {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stages: Stages = { verify: 0, hash: 0, apply: 0, store: 0, sign: 0, other: 0 };
  let busy = 0;
  samples.forEach((id, i) => {
    const node = byId.get(id)!;
    if (node.callFrame.functionName === "(idle)") return;
    const frames: Frame[] = [];
    for (let at: Profiler.ProfileNode | undefined = node; at !== undefined; at = parents.get(at.id)) {
      frames.push(at.callFrame);
    }
    const [stage] = STAGES.find(([, isOf]) => frames.some(isOf)) ?? ["other" as const];
    // Nor what the profile itself takes.
    if (frames.some(({ url }) => url === "node:inspector")) return;
    stages[stage] += timeDeltas[i] ?? 0;
    busy += timeDeltas[i] ?? 0;
  });
  for (const stage of Object.keys(stages) as (keyof Stages)[]) stages[stage] /= busy;
  return stages;
}
