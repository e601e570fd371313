import type { Signer } from "ethers";

import type { LockProofStruct } from "../../../typechain-types/contracts/interfaces/IHubBooks";
import {
  complete,
  issued,
  NO_APPOINTMENT,
  pass,
  SETTINGS,
  state,
  type Fixture,
  type ShownDispute,
  type Ref,
} from "./fixture";
import type { NoteMessage, StateMessage } from "./messages";

interface Options {
  sender?: Signer;
  appointment?: string;
  ref?: Ref;
  epoch?: bigint;
}

/** Shows a complete state of a pending close, as a stranger unless told. */
export async function challenge(
  f: Fixture,
  dispute: ShownDispute,
  values: Partial<StateMessage>,
  { sender = f.other, appointment = NO_APPOINTMENT, ref = f.ref, epoch = 0n }: Options = {},
) {
  const shown = await complete(f, values, epoch, ref);
  return f.hub
    .connect(sender)
    .challenge(ref, dispute, shown.state, shown.userSignature, shown.systemSignature, appointment);
}

/** Shows a note of a pending close, as a stranger unless told. */
export async function prove(
  f: Fixture,
  dispute: ShownDispute,
  values: Partial<NoteMessage>,
  {
    sender = f.other,
    appointment = NO_APPOINTMENT,
    ref = f.ref,
    epoch = 0n,
    standing = {},
    locks = [],
  }: Options & { standing?: Partial<StateMessage>; locks?: LockProofStruct[] } = {},
) {
  const shown = await issued(f, values, epoch, ref);
  return f.hub
    .connect(sender)
    .prove(ref, dispute, state(standing), shown.note, shown.systemSignature, locks, appointment);
}

/** Settles as a stranger once a close without locks is ripe. */
export async function settle(
  f: Fixture,
  dispute: ShownDispute,
  standing: Partial<StateMessage> = {},
  { ref = f.ref }: Options = {},
) {
  await pass(SETTINGS.challengePeriod * (dispute.humble ? 2n : 1n) + SETTINGS.claimWindow);
  return f.hub.connect(f.other).settle(ref, dispute, state(standing));
}
