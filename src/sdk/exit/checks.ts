import { fail } from "../../errors";
import { digest, domainSeparator, hashNote, hashState, recover, recoverSystem } from "../../protocol";
import type { DisputeHub } from "../chain/disputes";
import type { Evidence } from "./evidence";

/**
 * Checks the signatures of what the user holds against the keys that the hub knows, before anything is sent.
 * @throws invalid_signature, wrong_signer
 */
export async function checkSignatures(hub: DisputeHub, evidence: Evidence): Promise<void> {
  const separator = domainSeparator({ chainId: await hub.node.chainId(), hub: hub.address });
  const { channel, completed, held } = evidence;
  const requireSystem = async (
    structHash: Parameters<typeof recoverSystem>[1],
    signed: Parameters<typeof recoverSystem>[2],
  ) => {
    const signer = recoverSystem(separator, structHash, signed);
    if (!(await hub.accepts(channel.system, signer))) fail("wrong_signer", { got: signer, want: channel.system });
  };
  if (completed !== undefined) {
    const structHash = hashState(completed.state);
    const signer = recover(digest(separator, structHash), completed.userSignature);
    if (signer !== channel.user && signer !== (await hub.userSigner(completed.state.channelId))) {
      fail("wrong_signer", { got: signer, want: channel.user });
    }
    await requireSystem(structHash, completed.systemSignature);
  }
  if (held !== undefined) await requireSystem(hashNote(held.note), held.signed);
}
