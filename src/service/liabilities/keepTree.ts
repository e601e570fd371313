import type { Address, Hash } from "../../protocol";
import type { Store, TreeChunk } from "../../store";
import { chunksOf } from "./chunks";
import type { LiabilityTree } from "./tree";

/** Rows that are made and written before anybody else may do something. */
const ROWS = 2;

/** Keeps a tree in slices, between which `pause` lets others work. */
export async function keepTree(
  { publications }: Pick<Store, "publications">,
  system: Address,
  secret: Hash,
  tree: LiabilityTree,
  pause: () => Promise<unknown>,
): Promise<void> {
  let rows: TreeChunk[] = [];
  for (const chunk of chunksOf(tree)) {
    if (rows.push(chunk) < ROWS) continue;
    await publications.addChunks(system, secret, rows);
    rows = [];
    await pause();
  }
  if (rows.length > 0) await publications.addChunks(system, secret, rows);
}
