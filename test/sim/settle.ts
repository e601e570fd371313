import { isLossAlone, type LedgerEvent } from "../../src/engine";
import { balance, maximum, type Address, type Note, type State } from "../../src/protocol";
import { deliverAll } from "./arrive";
import { passTime } from "./clock";
import { departure } from "./departure";
import { Violation } from "./violation";
import type { World } from "./world";

/** Rounds in which everything must come to rest. */
const ROUNDS = 60;
const HOUR = 3_600;
/** Seconds from block to block: a round makes final what was mined before it. */
const BLOCK = 180;

/**
 * Lets no more faults happen until nothing is under way; then everybody has what it must have.
 * @throws Violation
 */
export async function settle(world: World): Promise<void> {
  for (let round = 0; !(await isAtRest(world)); round++) {
    if (round === ROUNDS) throw new Violation(`property 9: ${whatIsLeft(world)}`);
    await everybodyActs(world, round);
    await world.requireBegunAnew();
    if (world.stage.violation !== undefined) throw world.stage.violation;
  }
  for (const customer of world.customers) await world.quiet(customer.look());
  await world.requireConserved();
  await departure(world, await requireEntitlements(world));
}

async function everybodyActs(world: World, round: number): Promise<void> {
  const { systems, tower, customers, operators } = world;
  for (const system of systems) if (system.service === undefined) await world.quiet(system.start());
  if (!tower.isAlive) await world.quiet(tower.start());
  for (const customer of customers) if (!customer.isAlive && !customer.isAway) await world.quiet(customer.start());
  for (const escape of world.escapes) escape.begin();
  await deliverAll(world);
  // What is still held is given up, or given, before its time is over.
  for (const customer of customers) {
    for (const hash of customer.held) {
      const isPromised = customer.wallet.incoming.some((lock) => lock.hash === hash);
      if (isPromised && round % 2 === 0) customer.does("reveal", () => customer.wallet.reveal(hash));
    }
    if (customer.system.losses.count > 0) customer.catchUp();
    await deliverAll(world);
    customer.does("resume", () => customer.wallet.resume());
    await deliverAll(world);
    customer.does("sync", () => customer.wallet.sync());
    await deliverAll(world);
  }
  for (const operator of operators) operator.asksForAll();
  await deliverAll(world);
  await passTime(world, HOUR / 4, BLOCK);
  await deliverAll(world);
}

async function isAtRest(world: World): Promise<boolean> {
  const { systems, customers, operators, stage } = world;
  await world.quiet();
  if (!(await stage.evm.isIdle()) || !world.escapes.every(({ isOver }) => isOver)) return false;
  if (stage.network.size > 0 || operators.some(({ isWaiting }) => isWaiting)) return false;
  if (!customers.every(({ isAlive, doing, isHandedOver }) => isAlive && doing === 0 && isHandedOver)) return false;
  for (const { service } of systems) if (service === undefined || [...service.openHtlcs()].length > 0) return false;
  const gone = world.gone.map(({ address }) => address);
  for (const system of systems) if (!(await world.quiet(system.isQuietAcross(gone)))) return false;
  for (const { address, system } of world.accounts) {
    const { pending, status, freeze } = system.service!.channelOf(address, world.token)!;
    // Whoever has left begins nothing anew.
    const isGone = world.gone.some((one) => one.address === address) && isLossAlone(freeze);
    if (pending !== null || (status === "frozen" && !isGone)) return false;
  }
  return customers.every(({ wallet, system }) => {
    const channel = system.service!.channel(wallet.id)!;
    const isCurrent = channel.state.version === wallet.state.version && seqOf(channel) === seqOf(wallet);
    return isCurrent && wallet.outgoing.length + wallet.incoming.length === 0;
  });
}

/** The last note that counts: what was folded is not kept. */
function seqOf({ state, note }: { readonly state: State; readonly note: Note }): bigint {
  return maximum(state.noteSeq, note.seq);
}

function whatIsLeft({ systems, customers, accounts, operators, stage }: World): string {
  const left = customers.flatMap(({ name, isAlive, doing, wallet, isHandedOver, system }) => {
    const channel = system.service?.channel(wallet.id);
    const [state, note] = [channel?.state.version, channel && seqOf(channel)];
    const [out, into] = [wallet.outgoing.length, wallet.incoming.length];
    const knows = `state ${wallet.state.version} of ${state}, note ${seqOf(wallet)} of ${note}, ${out} locks out, ${into} in`;
    return isAlive &&
      isHandedOver &&
      doing === 0 &&
      out + into === 0 &&
      wallet.state.version === state &&
      seqOf(wallet) === note
      ? []
      : [`${name} (${knows}, doing ${doing})`];
  });
  const htlcs = systems.flatMap(({ service }) =>
    [...(service?.openHtlcs() ?? [])].map(({ status, payer }) => {
      const user = service!.channel(payer)?.key.user;
      return `${status}, of ${accounts.find(({ address }) => address === user)?.name ?? user}`;
    }),
  );
  return (
    [...left, `${htlcs.length} transfers (${htlcs.join(", ")})`, `${stage.network.size} messages`].join("; ") +
    (operators.some(({ isWaiting }) => isWaiting) ? "; an operator waits" : "")
  );
}

/** What everybody has is what follows from what was asked for and happened: at the service, and as the wallets can prove. */
async function requireEntitlements(world: World): Promise<Map<Address, bigint>> {
  const { systems, stage, customers } = world;
  const events: LedgerEvent[] = [];
  for (const { service } of systems) {
    events.push(...(await world.quiet(service!.events({ after: 0n, limit: Number.MAX_SAFE_INTEGER }))));
  }
  for (const { type } of events) stage.count(type);
  stage.orders.requireNothingElse(events);
  const due = stage.orders.balances(events, new Map(systems.flatMap(({ losses }) => [...losses.begun])));
  for (const { name, address, isHostile, past, system } of world.gone) {
    if (!isHostile) continue;
    // What the service has forgotten it cannot answer with.
    const { count, begun } = system.losses;
    const most = count > 0 && !begun.has(address) ? past.most : (due.get(address) ?? 0n);
    const got = await world.tokensOf(address);
    if (got > most) throw new Violation(`property 3: ${name} got ${got} by closing, not ${most} at most`);
  }
  const honest = [...world.accounts, ...world.routers].filter(({ address }) =>
    world.gone.every((one) => one.address !== address),
  );
  for (const { name, address, system } of honest) {
    const { funds, state, note } = system.service!.channelOf(address, world.token)!;
    const got = balance(funds, state, note) + (await world.tokensOf(address));
    if (got !== (due.get(address) ?? 0n))
      throw new Violation(`property 2: ${name} has ${got}, not ${due.get(address)}`);
  }
  for (const { name, wallet, address } of customers) {
    if (wallet.balance + (await world.tokensOf(address)) !== due.get(address)) {
      throw new Violation(`property 2: ${name} can prove ${wallet.balance}, not ${due.get(address)}`);
    }
  }
  return due;
}
