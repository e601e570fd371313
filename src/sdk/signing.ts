import {
  hashAppointment,
  hashClose,
  hashClosing,
  hashInvoice,
  hashState,
  hashWithdrawal,
  type Appointment,
  type Close,
  type Closing,
  type Hash,
  type Invoice,
  type State,
  type Withdrawal,
} from "../protocol";

/** What a user signs (sections 3 and 7). */
export type SignedMessage =
  | { readonly type: "State"; readonly value: State }
  | { readonly type: "Withdrawal"; readonly value: Withdrawal }
  | { readonly type: "Closing"; readonly value: Closing }
  | { readonly type: "Close"; readonly value: Close }
  | { readonly type: "Invoice"; readonly value: Invoice }
  | { readonly type: "Appointment"; readonly value: Appointment };

/**
 * The struct hash of a message.
 * @throws invalid_hex, out_of_range
 */
export function hashMessage(message: SignedMessage): Hash {
  switch (message.type) {
    case "State":
      return hashState(message.value);
    case "Withdrawal":
      return hashWithdrawal(message.value);
    case "Closing":
      return hashClosing(message.value);
    case "Close":
      return hashClose(message.value);
    case "Invoice":
      return hashInvoice(message.value);
    case "Appointment":
      return hashAppointment(message.value);
  }
}
