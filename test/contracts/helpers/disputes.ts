import type { Signer } from "ethers";

import type { DisputeStruct } from "../../../typechain-types/contracts/interfaces/IHubChannels";
import type { LockProofStruct } from "../../../typechain-types/contracts/interfaces/IHubBooks";
import { complete, issued, NO_APPOINTMENT, pass, SETTINGS, state, type Fixture } from "./fixture";
import type { NoteMessage, StateMessage } from "./messages";

interface Options {
  by?: Signer;
  appointment?: typeof NO_APPOINTMENT;
  ref?: Fixture["ref"];
  epoch?: bigint;
}

/** Shows a complete state of a pending close, by a stranger unless told. */
export async function challenge(
  f: Fixture,
  dispute: DisputeStruct,
  values: Partial<StateMessage>,
  { by = f.other, appointment = NO_APPOINTMENT, ref = f.ref, epoch = 0n }: Options = {},
) {
  const shown = await complete(f, values, epoch, ref);
  return f.hub
    .connect(by)
    .challenge(ref, dispute, shown.state, shown.userSignature, shown.systemSignature, appointment);
}

/** Shows a note of a pending close, by a stranger unless told. */
export async function prove(
  f: Fixture,
  dispute: DisputeStruct,
  values: Partial<NoteMessage>,
  {
    by = f.other,
    appointment = NO_APPOINTMENT,
    ref = f.ref,
    epoch = 0n,
    standing = {},
    locks = [],
  }: Options & { standing?: Partial<StateMessage>; locks?: LockProofStruct[] } = {},
) {
  const shown = await issued(f, values, epoch, ref);
  return f.hub.connect(by).prove(ref, dispute, state(standing), shown.note, shown.systemSignature, locks, appointment);
}

/** Settles, by a stranger, with the state that stands. */
export function settle(f: Fixture, dispute: DisputeStruct, standing: Partial<StateMessage> = {}, ref = f.ref) {
  return f.hub.connect(f.other).settle(ref, dispute, state(standing));
}

/** Lets a close without locks become ripe for `settle`. */
export function ripen({ humble = false } = {}): Promise<void> {
  return pass(SETTINGS.challengePeriod * (humble ? 2n : 1n) + SETTINGS.claimWindow);
}
