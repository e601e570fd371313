import { FileStore } from "../../../src/sdk";

// A process that locks the store of its first argument and does nothing more.

async function main(): Promise<void> {
  const store = await FileStore.open(process.argv[2]!);
  await store.lock();
  process.send!("locked");
  setInterval(() => undefined, 1_000);
}

void main();
