import type { LedgerEvent } from "../../../src/engine";
import { fromHex, type Address } from "../../../src/protocol";
import { Examination } from "../../../src/service/examination";
import type { World } from "../world";
import type { Backup } from "./backups";

const ALL = Number.MAX_SAFE_INTEGER;

/** The operators copy the disk. */
export async function backUp({ machine, systems, backups }: World): Promise<void> {
  const store = await machine.open();
  const lastEvents = new Map<Address, bigint>();
  for (const { address } of systems) lastEvents.set(address, await store.log.last(address));
  await store.close();
  backups.add({ image: machine.image(), lastEvents });
}

/**
 * The machine dies, and its disk with it. The next has a copy of an earlier time, and the operators say so before anything is started
 * (`starledger declare-loss`).
 */
export async function loseDisk(world: World, { image, lastEvents }: Backup): Promise<void> {
  const { machine, systems, stage } = world;
  for (const { address, losses, time, terms } of systems) {
    losses.lose(lastEvents.get(address)!, time + terms.settings.challengePeriod);
  }
  const had = await eventsOf(world);
  machine.replaceDisk(image);
  stage.orders.forget(had, await eventsOf(world));
  // Whoever led is dead, and its lease has run out.
  machine.database.exec("UPDATE leases SET until = 0");
  for (const { witness } of systems) {
    witness.lose((table, channel) => {
      const column = table === "states" ? "version" : "seq";
      // Beyond what a number of JavaScript's holds exactly.
      const sql = `SELECT CAST(max(${column}) AS TEXT) AS last FROM ${table} WHERE channel = ?`;
      const { last } = machine.database.prepare(sql).get([fromHex(channel)]) as { last: string | null };
      return BigInt(last ?? 0);
    });
  }
  const examination = await Examination.open(`sqlite:${machine.databaseFile}`);
  for (const system of systems) await examination.declareLoss(system.address, system.time);
  await examination.close();
}

/** All that is on the disk. */
async function eventsOf({ machine, systems }: World): Promise<LedgerEvent[]> {
  const store = await machine.open();
  const logs = await Promise.all(systems.map(({ address }) => store.log.events(address, { after: 0n, limit: ALL })));
  await store.close();
  return logs.flat();
}
