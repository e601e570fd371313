import { encodeSystemClose } from "../../chain/dispute";
import type { Channel } from "../../engine";
import {
  hashAppointment,
  hashClose,
  hashInvoice,
  hashNote,
  hashState,
  ZERO_HASH,
  type Address,
  type Hex,
  type Invoice,
  type Route,
  type Signature,
  type SignedAppointment,
} from "../../protocol";
import type { SystemSigner } from "../../signer";

/** Signs for a system what others are to hold it to, or to act by for it, besides states and notes. */
export class Orders {
  constructor(private readonly signer: SystemSigner) {}

  /**
   * The call that closes a channel that is frozen for that, until `deadline` (Unix seconds).
   * @param userSignature on the latest state, unless that is the empty one
   * @throws signer_unavailable, signer_refused
   */
  async close(channel: Channel, userSignature: Signature | undefined, deadline: bigint): Promise<Hex> {
    const { id, key, state, note } = channel;
    const noteHash = note.seq === 0n ? ZERO_HASH : hashNote(note);
    const order = { channelId: id, party: key.system, stateHash: hashState(state), noteHash, humble: false, deadline };
    const signature = await this.signer.sign("Close", hashClose(order), order);
    return encodeSystemClose({ key, state, userSignature, note, deadline, signature });
  }

  /**
   * The system's word that what its router gets by `invoice` reaches whom the memo names.
   * @throws signer_unavailable, signer_refused
   */
  async vouch(invoice: Invoice): Promise<Route> {
    return { invoice, signature: await this.signer.sign("Invoice", hashInvoice(invoice), invoice) };
  }

  /**
   * Lets `tower` show locks in the system's name until then (Unix seconds); it has no share in anything.
   * @throws signer_unavailable, signer_refused
   */
  async appoint({ id, key }: Channel, tower: Address, until: bigint): Promise<SignedAppointment> {
    const appointment = { channelId: id, party: key.system, tower, shareBps: 0, until };
    return { appointment, signature: await this.signer.sign("Appointment", hashAppointment(appointment), appointment) };
  }
}
