import { FileStore } from "../../../src/sdk";

// A process that locks the store of its first argument and does nothing more.

async function main(): Promise<void> {
  const store = await FileStore.open(process.argv[2]!);
  await store.lock();
  // Its parent's channel keeps it alive.
  process.once("disconnect", () => process.exit());
  process.send!("locked");
}

void main();
