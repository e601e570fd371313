import { checkClosing, emptyNote, netOf, recover, type Closing } from "../../protocol";
import type { OwnClosing, SignedClosing } from "../store";
import type { Core } from "./core";

/**
 * Signs a cooperative closing at what the channel stands at; until it is mined or its deadline is final nothing else is
 * signed or believed (S8).
 * @param deadline Unix seconds
 */
export async function agree(core: Core, deadline: bigint): Promise<SignedClosing> {
  const { memory, options, id } = core;
  const { state, held, funds, pending, locks } = memory;
  core.requireOpen();
  const note = held?.note ?? emptyNote(id);
  const closing: Closing = { channelId: id, net: netOf(state, note), deadline };
  const view = { funds, state, note, outgoing: locks.outgoing, pending, creditedAt: () => undefined };
  checkClosing(view, closing, options.asset, core.now());
  const signature = await core.sign({ type: "Closing", value: closing });
  await memory.record({ type: "agreeing", closing, signature });
  return finishAgreement(core, { closing, signature });
}

/** Gets S's signature on what U has signed: the same bytes as often as it takes. */
export async function finishAgreement(core: Core, { closing, signature }: OwnClosing): Promise<SignedClosing> {
  const systemSignature = await core.options.api.closeCooperatively({ closing, signature });
  await core.requireSystem(recover(core.digestOf({ type: "Closing", value: closing }), systemSignature));
  await core.memory.record({ type: "agreed", systemSignature });
  return { closing, signature, systemSignature };
}
