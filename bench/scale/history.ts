import Database from "libsql";

import { fromHex } from "../../src/protocol";
import { closeDays } from "../../src/service/dayCloser";
import { accountStatement, assetStatement } from "../../src/service/statements";
import { DAY, openStore, type Store } from "../../src/store";
import { prepared } from "../measure/made";
import { timed, type Took } from "../measure/timed";
import { hosted } from "../scenarios/hosted";
import { World } from "../scenarios/world";
import { inProcess } from "../transports/transport";
import { withFreshFile } from "./freshFile";

const ACCOUNTS = 100;
const PAYMENTS = 10_000;
/** Events of one day. */
const A_DAY = 5_000;
/** Of each reading that is measured. */
const TIMES = 20;

/**
 * What payments, lists, statements, the books and a start cost after so many events. The history is written into the file,
 * there and back between accounts, day by day, so that the books hold; then its days are closed, as the service does.
 */
export function historyAt(events: number, payments = PAYMENTS) {
  return withFreshFile(async (file) => {
    const url = `sqlite:${file}`;
    const store = await openStore(url);
    const world = await World.start(store, "hosted", ACCOUNTS);
    await world.open(ACCOUNTS);
    await world.fund();
    const { system } = world.service.identity;
    await world.service.stop();
    write(file, world, events);
    const { took: closing } = await timed(() => closeDays({ store, system }));
    const { took: start } = await timed(() => world.startAgain());
    const report = await readings(await world.again(), store, events, payments);
    await store.close();
    return { ...report, closeDayMicrosPerEvent: hundredths(closing.micros / events), startMillis: millis(start) };
  });
}

async function readings(world: World, store: Store, events: number, payments: number) {
  const { service, token } = world;
  const { system } = service.identity;
  const [account] = world.addresses as [World["addresses"][number]];
  const way = inProcess(service);
  await (
    await prepared(way, hosted.plan(world, payments / 2))
  )(() => "max");
  const paid = await (await prepared(way, hosted.plan(world, payments)))(() => "max");
  const each = async (act: () => Promise<unknown>) => {
    const { took } = await timed(async () => {
      for (let i = 0; i < TIMES; i++) await act();
    });
    return Math.round(took.micros / TIMES);
  };
  const day = Math.floor(Date.now() / DAY) * DAY - 2 * DAY;
  const period = { from: day, to: day + DAY };
  const report = {
    ...{ growth: "history", events, paymentMicros: Math.round(paid.micros / payments) },
    pageMicros: await each(() => store.log.events(system, { account, order: "descending", limit: 100 })),
    accountStatementMicros: await each(() => accountStatement(service, account, token, period)),
    assetStatementMicros: await each(() => assetStatement(service, token, period)),
    booksMicros: await each(() => store.log.totals(system, token)),
  };
  await service.stop();
  return report;
}

/** The last of them comes two days before now. */
function write(file: string, { service, token, addresses }: World, events: number): void {
  const db = new Database(file);
  const system = fromHex(service.identity.system);
  db.exec("CREATE TEMP TABLE people (n INTEGER PRIMARY KEY, address BLOB NOT NULL)");
  const insert = db.prepare("INSERT INTO people VALUES (?, ?)");
  addresses.forEach((address, n) => insert.run([n, fromHex(address)]));
  const { count } = db.prepare("SELECT count(*) AS count FROM events").get([]) as { count: number };
  const began = (Math.floor(Date.now() / DAY) - 2) * DAY + DAY - 1 - Math.floor(((events - 1) * DAY) / A_DAY);
  db.prepare("UPDATE events SET time = ?").run([began]);
  db.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
      INSERT INTO events (system, number, commit_id, time, type, account, counterparty, token, amount, data)
      SELECT ?, ? + 1 + i, 1, ? + CAST(i AS INTEGER) * ${DAY} / ${A_DAY}, 'money.transferred',
        (SELECT address FROM people WHERE n = ((i / 2) * 7919 + (i % 2)) % ${ACCOUNTS}),
        (SELECT address FROM people WHERE n = ((i / 2) * 7919 + 1 - (i % 2)) % ${ACCOUNTS}), ?, '1', '{}' FROM n`,
  ).run([events, system, count, began, fromHex(token)]);
  db.close();
}

function millis({ micros }: Took): number {
  return Math.round(micros / 1_000);
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
