/** How an error is to be taken: `status` as HTTP would say it, `retryable` if the same call can succeed later. */
export interface ErrorKind {
  readonly status: number;
  readonly retryable: boolean;
  readonly message: string;
  readonly hint: string;
}

/** Every error of the project by its stable code; `docs/ERRORS.md` is written from this table. */
export const ERRORS = {
  invalid_hex: kind(400, "A value is not hexadecimal of the right length.", "Send 0x and an even number of digits."),
  invalid_amount: kind(400, "An amount is not a positive whole number in range.", "Send base units as an integer."),
  out_of_range: kind(400, "A number is outside its range.", "Check the range named in the details."),
  invalid_signature: kind(400, "A signature is malformed.", "Send 65 bytes r, s, v with a low s and v 27 or 28."),
  wrong_signer: kind(
    403,
    "A signature is valid, but not by the key that must sign.",
    "Sign with the account's own key.",
  ),
  invalid_proof: kind(400, "A Merkle proof does not fit its tree.", "Fetch the latest proof again."),
  stale_version: kind(409, "A state is not the next version.", "Fetch the channel, then sign the next version."),
  state_mismatch: kind(409, "A state is not what its operations lead to.", "Recompute the state from the latest one."),
  equivocation: kind(
    409,
    "Another state of this version is complete already.",
    "Fetch the channel, then sign the next version.",
  ),
  unknown_note: kind(409, "A fold names a note that was not issued or is too old.", "Fold the latest note."),
  stale_note: kind(409, "A note would take back what an earlier one gave.", "Keep the earlier note and its signature."),
  insufficient_balance: kind(422, "The available balance is too small.", "Send less, or receive first."),
  not_covered: kind(422, "The backing does not cover this credit.", "The operator must add to the backing."),
  crediting_paused: kind(
    409,
    "Nobody is credited in this token for now.",
    "What you have can be withdrawn. Wait until the operator resumes, or ask why it is paused.",
  ),
  allotment_exceeded: kind(422, "The credit exceeds the account's allotment.", "Withdraw first: that restores it."),
  self_payment: kind(422, "Payer and payee are the same account.", "Name another payee."),
  bad_deadline: kind(422, "A deadline has passed or is too far away.", "Choose one within the challenge period."),
  bad_withdrawal: kind(
    422,
    "The withdrawal's totals do not follow from the channel's.",
    "Fetch the channel's funds again.",
  ),
  withdrawal_pending: kind(
    409,
    "Another withdrawal of this channel is pending.",
    "Wait until it is on chain or expired.",
  ),
  withdrawal_expired: kind(
    409,
    "The withdrawal's deadline has passed, and it is not on chain.",
    "Its money is available again: withdraw anew.",
  ),
  closing_pending: kind(409, "A closing of this channel is pending.", "Wait until it is on chain or expired."),
  channel_frozen: kind(
    409,
    "The channel is being closed.",
    "Wait until it is settled; the next epoch opens by itself.",
  ),
  resynchronising: kind(
    409,
    "After a loss of data nothing is signed or believed in this channel before both sides agree anew.",
    "Resynchronise the wallet once `until` (Unix seconds) is final on chain; to leave meanwhile, close humbly.",
  ),
  unknown_lock: kind(404, "There is no such pending lock.", "Fetch the channel's locks again."),
  wrong_preimage: kind(422, "A preimage does not hash to the lock's hash.", "Send the 32 bytes of the invoice's hash."),
  bad_expiry: kind(422, "A lock ends too soon or too late.", "Choose an expiry within the range in the details."),
  too_many_locks: kind(
    422,
    "Too many locks, or too much money in them, are pending in a channel.",
    "Wait until some are settled.",
  ),
  hash_used: kind(409, "The hash was used before, or its preimage is known.", "Ask the payee for a new invoice."),
  lock_pending: kind(409, "The lock's outcome is not decided yet.", "Wait for the preimage or the expiry."),
  lock_expired: kind(409, "The lock has expired.", "A preimage registered on chain before the expiry still counts."),
  wrong_outcome: kind(
    409,
    "A lock is folded though its transfer failed, or given back though its preimage is known.",
    "Fetch the lock's outcome, then sign accordingly.",
  ),
  locks_mismatch: kind(409, "The locks are not those that the note was signed for.", "Fetch the note again."),
  unknown_account: kind(404, "There is no such account.", "Open the account first."),
  unknown_channel: kind(404, "There is no such channel.", "Open the account for this token first."),
  unknown_asset: kind(404, "The system does not list this token.", "Use a token of the asset list."),
  unknown_system: kind(404, "This service does not serve the system.", "Use a system of the list of systems."),
  account_exists: kind(409, "The account is open already.", "Use it."),
  asset_exists: kind(409, "The asset is listed already.", "Settings never change; use it."),
  not_hosted: kind(403, "The service holds no key of this account.", "Sign the state yourself."),
  idempotency_conflict: kind(409, "The key was used with another request.", "Use a new key for a new request."),
  overloaded: kind(503, "The service is busy.", "Try again in a moment.", true),
  stopped: kind(503, "The service is stopping.", "Try again after the restart.", true),
  store_failed: kind(503, "The database did not do what it was asked.", "Nothing has changed: try again.", true),
  outcome_unknown: kind(
    503,
    "Whether it was carried out is not known: the database broke off, or another device of the user's knows.",
    "Send the same request with the same idempotency key again.",
    true,
  ),
  not_leader: kind(503, "Another process leads this system.", "Send the request to the one that leads.", true),
  newer_schema: kind(500, "A newer version of the program has changed the database.", "Run that version."),
  unknown_store: kind(400, "The store's address is of no known kind.", "Give sqlite:FILE or postgres://…"),
  store_corrupt: kind(500, "The store contradicts itself.", "Stop and restore from a backup."),
  journal_unbalanced: kind(
    500,
    "The events of a commit do not account for what its channels gained or lost.",
    "Report this: nothing was stored.",
  ),
  invalid_input: kind(400, "The input is malformed.", "See what the details name."),
  no_close_pending: kind(409, "No close of this channel is pending.", "Close first, or see whether it is settled."),
  not_publishing: kind(
    409,
    "This service cannot publish what the system owes.",
    "Give it the key of the system account (STARLEDGER_GAS_KEYS).",
  ),
  unknown_publication: kind(404, "Nothing was published for this period.", "See GET /v1/proofs."),
  not_in_publication: kind(
    404,
    "The account had no channel of this token when this was published.",
    "Ask for a later publication.",
  ),
  not_published: kind(
    409,
    "The chain does not have what the service says that was published.",
    "Wait until it is final; if it stays so, the service shows others something else: leave.",
  ),
  publication_pending: kind(409, "What was published is not final on the chain yet.", "Come back later.", true),
  balance_unknown: kind(
    409,
    "The balance follows from a state that was signed on another device.",
    "Check it there: that device has the state.",
  ),
  epoch_over: kind(
    409,
    "The channel of that time is settled since.",
    "What it had is on the chain: look there, and at a later publication.",
  ),
  left_out: kind(
    409,
    "The account had money by then, and is not in what was published.",
    "Keep the proof and your records: together they show what the system left out. Then leave.",
  ),
  balance_mismatch: kind(
    409,
    "What was published of the account is not what its own records and node say.",
    "Keep the proof and your records: together they show what the system left out. Then leave.",
  ),
  balance_outdated: kind(
    409,
    "What was published of the account is older than what it held by then.",
    "Keep the proof and your records: together they show what the system left out. Then leave.",
  ),
  backing_mismatch: kind(
    409,
    "The chain had another reserve, bond or issue limit than was published.",
    "Ask another node; if it says the same, the publication is false.",
  ),
  not_backed: kind(
    409,
    "The system owes more than its reserve and what it may issue.",
    "Withdraw: what it has does not suffice for all.",
  ),
  not_yet: kind(409, "It is too early.", "Come back at the time in the details (Unix seconds).", true),
  too_late: kind(409, "The time for this has passed.", "See what the channel's status says can still be done."),
  unknown_state: kind(
    404,
    "The state that stands is not known here.",
    "Give the state in an evidence file: whoever showed it has it.",
  ),
  declined: kind(409, "Nothing was sent: it was not confirmed.", "Answer yes, or pass --yes."),
  chain_unreachable: kind(503, "The chain's node does not answer.", "Check the address, or use another node.", true),
  nodes_disagree: kind(
    503,
    "The chain's nodes do not say the same.",
    "Wait until they have caught up, or replace the one that is wrong.",
    true,
  ),
  chain_rewritten: kind(
    500,
    "A block that counted as final is gone.",
    "Stop, and compare deposits and withdrawals with the chain before going on: channels that differ are frozen; then `starledger reread-chain`. Wait for more confirmations from now on.",
  ),
  withdrawal_refused: kind(
    422,
    "The hub has refused a withdrawal; the others of its batch are settled.",
    "See the hub's error in the details; the user may send it, or wait until its deadline has passed.",
  ),
  no_gas_key: kind(
    409,
    "No key here pays for gas: closes are not answered, and preimages not registered.",
    "Set STARLEDGER_GAS_KEYS; any account with native coin will do.",
  ),
  answer_late: kind(
    503,
    "A dispute's deadline comes near, and what answers it is not mined.",
    "See GET /v1/disputes: give the sender gas money, raise the cap, or look after the node.",
    true,
  ),
  fee_cap: kind(
    503,
    "The chain asks for more than the set cap.",
    "Raise the cap, or wait; what must be in time may be late.",
    true,
  ),
  spending_cap: kind(
    503,
    "An account would spend more on gas in a day than it may.",
    "Raise the cap, or wait; what is vital in a dispute is sent nevertheless.",
    true,
  ),
  low_backing: kind(
    503,
    "What backs a token comes near what is owed in it.",
    "Add to the reserve, or raise the cap.",
    true,
  ),
  low_bond: kind(
    503,
    "A token's bond pays fewer awards than it should.",
    "Add to the bond: whoever is cheated may get less than the asset promises.",
    true,
  ),
  low_balance: kind(503, "An account has too little native coin for gas.", "Send it some.", true),
  transaction_failed: kind(
    422,
    "The transaction cannot be carried out.",
    "See the hub's error in the details, and contracts/interfaces/IHubErrors.sol.",
  ),
  invalid_request: kind(400, "A request is not as documented.", "See the field in the details, and /openapi.json."),
  missing_idempotency_key: kind(
    400,
    "A request that changes something has no idempotency key.",
    "Send the header Idempotency-Key: 1 to 255 printable characters, new for each new request.",
  ),
  unauthorized: kind(
    401,
    "The call needs a valid key or session.",
    "Send the header Authorization: Bearer KEY, or sign in again.",
  ),
  unknown_route: kind(404, "There is no such call.", "See /openapi.json."),
  method_not_allowed: kind(405, "The path has no such method.", "Use one that the header Allow names."),
  too_large: kind(413, "The request's body is too large.", "Send fewer operations at once."),
  unsupported_media_type: kind(415, "The request's body is not JSON.", "Send it as application/json."),
  internal: kind(500, "The service failed in a way that it should not.", "Report this, with the time of the request."),
  unreachable: kind(
    503,
    "The service gave no answer that can be understood: whether the request was carried out is not known.",
    "Send the same request with the same idempotency key again.",
    true,
  ),
  invalid_configuration: kind(500, "A setting is missing or malformed.", "See docs/CONFIGURATION.md."),
  forbidden: kind(403, "The caller may not do this.", "Use a key with the right that is named in the details."),
  invalid_sign_in: kind(
    400,
    "The sign-in message does not say what it must.",
    "Ask for a new nonce, and sign a message of EIP-4361 for the domain that the service is reached at.",
  ),
  budget_exceeded: kind(
    403,
    "The key may not move so much of this token in this period.",
    "Wait until the period is over (Unix seconds), or use a key with a higher limit.",
  ),
  unknown_api_key: kind(404, "There is no such API key.", "See GET /v1/api-keys."),
  signature_refused: kind(403, "The wallet's owner did not sign.", "Ask again; nothing was sent."),
  store_locked: kind(
    409,
    "Another process or tab uses the wallet's store.",
    "Close the other one: two on one store would sign against each other.",
  ),
  wrong_chain: kind(
    409,
    "The account is kept on another chain, hub or system.",
    "Connect to the one in the details, or use another store.",
  ),
  wrong_passphrase: kind(
    403,
    "The passphrase does not open the backup, or the backup was changed.",
    "Try the passphrase again, or another copy of the backup.",
  ),
  wrong_fee: kind(
    409,
    "A state does not pay the fee that the asset's schedule asks for.",
    "Fetch the schedule, then sign again.",
  ),
  fee_too_high: kind(422, "The fee is more than was to be paid at most.", "Raise the limit, or pay less often."),
  limit_exceeded: kind(
    422,
    "The payment goes beyond what the account may pay or have.",
    "See the limit in the details.",
  ),
  invalid_invoice: kind(400, "A text is not an invoice.", "Copy all of it, from sl1 on."),
  unknown_invoice: kind(404, "There is no such invoice.", "Check the hash."),
  invoice_closed: kind(409, "The invoice can no longer be paid, or no longer be changed.", "See its status."),
  underpaid: kind(422, "The payment is less than the invoice asks for.", "Pay the whole amount."),
  unknown_payment: kind(404, "There is no such payment.", "Check the identifier."),
  wrong_usage: kind(400, "The command is not used as documented.", "See its --help."),
  invalid_decimal: kind(
    400,
    "An amount is not a positive decimal number, or has more digits after the point than its asset.",
    "Write whole tokens, as 12.50, with at most the asset's decimals.",
  ),
  missing_secret: kind(400, "A secret is needed that was not given.", "Give it by one of the sources in the details."),
  insecure_file: kind(403, "Others may read a file that is to be private.", "Let its owner alone read it: chmod 600."),
  rate_limited: kind(429, "Too many calls.", "Wait for as many seconds as the header Retry-After says.", true),
  head_too_large: kind(431, "The request's address and headers are too large.", "Send less in them."),
  too_slow: kind(408, "The request did not come in in time.", "Send it again, faster.", true),
  unknown_record: kind(404, "There is no such record.", "See the list that it should be in."),
  too_many_lines: kind(422, "The period has too many entries for one statement.", "Choose a shorter period."),
  invalid_time: kind(400, "A time or day is malformed.", "Send RFC 3339, as 2026-01-31T12:00:00Z or 2026-01-31."),
  too_many_connections: kind(
    429,
    "The caller, or the service, has as many connections as it may.",
    "Close one, or use one for several subscriptions.",
    true,
  ),
  too_many_subscriptions: kind(
    429,
    "The connection has as many subscriptions as it may.",
    "End one, or open another connection.",
  ),
  subscription_exists: kind(
    409,
    "A subscription of this connection has this id.",
    "Give each message an id of its own.",
  ),
  unknown_subscription: kind(404, "The connection has no such subscription.", "Give the id of its subscribe message."),
  unknown_webhook: kind(404, "There is no such webhook.", "List the system's webhooks."),
  too_many_webhooks: kind(422, "The system has as many webhooks as it may.", "Delete one, or let one take more types."),
  unknown_event: kind(404, "There is no event of this number.", "List the system's events."),
  account_frozen: kind(
    403,
    "The operator has stopped what the account pays.",
    "Ask the operator; withdrawing and closing still work.",
  ),
  account_closed: kind(409, "The account is closed.", "Use another account; what is in it can still be withdrawn."),
  account_not_empty: kind(
    409,
    "The account has money or something under way in it.",
    "Pay or withdraw all of it first.",
  ),
  unknown_alias: kind(404, "The name stands for no account here.", "Check the name, or use the account's address."),
  alias_taken: kind(409, "The name stands for another account, or did until lately.", "Choose another name."),
  bad_alias: kind(
    400,
    "The name cannot stand for an account.",
    "Use 3 to 64 letters, digits and single . _ - between them; some words are kept.",
  ),
  name_changed: kind(
    409,
    "The name stands for another account than when it was first used.",
    "Ask the payee by another way, then accept the new account, or pay the old one by its address.",
  ),
  refund_exceeded: kind(422, "No more is given back than was paid.", "Refund what is left, which the details name."),
  wrong_refund: kind(
    422,
    "A refund goes to who paid, in the asset that was paid.",
    "Sign it for the account and asset that the details name.",
  ),
  not_refundable: kind(
    409,
    "The payment has not reached its payee.",
    "Wait until it is settled, or cancel its invoice.",
  ),
  unregistered_signer: kind(
    500,
    "A key is not of any of the system's signers on the hub.",
    "Add the signer on the hub, or configure the key of one that is.",
  ),
  invalid_webhook: kind(
    400,
    "A delivery is not signed by the service that the secret is of.",
    "Give the body byte for byte as it came, its headers, and the webhook's own secret.",
  ),
  stale_webhook: kind(
    400,
    "A delivery was signed too long ago, or is yet to be signed.",
    "Set the clock; the service delivers again what was not taken.",
  ),
  transfer_pending: kind(
    503,
    "The money is on its way to the payee's system.",
    "Ask again with the same idempotency key: nothing is paid twice.",
    true,
  ),
  route_exhausted: kind(
    422,
    "The payee's system has no money set aside for what comes from others; nothing was paid.",
    "Tell the operator, who tops the system's router up, and pay with a new idempotency key.",
  ),
  wrong_route: kind(
    422,
    "A way to another system is not for the payment that was asked for.",
    "Do not pay by it; tell the operator.",
  ),
  returned: kind(422, "The payee gave the money back, or did not claim it in time.", "Ask the payee."),
  missing_events: kind(
    502,
    "The service left out events, or told some twice.",
    "Read the log again after the last number that you have.",
  ),
  bad_appointment: kind(
    422,
    "The watchtower does not work on these terms.",
    "Sign an appointment of the tower and share in the details, for this channel, that ends later than now.",
  ),
  quota_exceeded: kind(
    429,
    "The watchtower keeps no more channels of this account.",
    "Use another watchtower as well.",
  ),
  unknown_deployment: kind(
    500,
    "Where the contracts are on this chain is not known.",
    "Deploy them (npm run deploy), or name the folder with their addresses (STARLEDGER_DEPLOYMENTS).",
  ),
  signer_pays_gas: kind(
    500,
    "A key that pays for gas can sign states too.",
    "Pay for gas with an account that the hub lists as no signer.",
  ),
  signer_unavailable: kind(
    503,
    "The program that holds a key, or a secret, does not answer.",
    "Nothing has changed: try again.",
    true,
  ),
  signer_refused: kind(
    500,
    "The program that holds a key did not sign, or not with that key.",
    "See its log, and docs/SIGNER.md for what it must answer.",
  ),
  not_taken: kind(
    502,
    "The watchtower says that it has less than it was handed.",
    "Use another watchtower as well; this one is tried again.",
    true,
  ),
  wrong_secret: kind(403, "The secret does not open the key.", "Use the secret that the key was stored with."),
} as const satisfies Record<string, ErrorKind>;

/** A stable code of {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS;

/** The one error class: a stable code, and in `details` what was got and what was expected. */
export class StarledgerError extends Error {
  readonly status: number;
  readonly retryable: boolean;
  readonly hint: string;

  constructor(
    readonly code: ErrorCode,
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    const entry: ErrorKind = ERRORS[code];
    const facts = Object.entries(details).map(([name, value]) => `${name}: ${value}`);
    super(facts.length > 0 ? `${entry.message} (${facts.join(", ")})` : entry.message);
    this.name = "StarledgerError";
    this.status = entry.status;
    this.retryable = entry.retryable;
    this.hint = entry.hint;
  }
}

/**
 * Throws the error `code`; what is given in `details` is written out as text.
 * @throws StarledgerError always
 */
export function fail(code: ErrorCode, details: Record<string, unknown> = {}): never {
  throw new StarledgerError(code, Object.fromEntries(Object.entries(details).map(([k, v]) => [k, String(v)])));
}

/** Whatever was thrown, as an error with a code: `internal` for what has none. */
export function asStarledgerError(error: unknown): StarledgerError {
  if (error instanceof StarledgerError) return error;
  return new StarledgerError("internal", { reason: error instanceof Error ? error.message : String(error) });
}

function kind(status: number, message: string, hint: string, retryable = false): ErrorKind {
  return { status, retryable, message, hint };
}
