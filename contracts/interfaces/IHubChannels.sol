// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Dispute} from "../types/Dispute.sol";
import {
    Appointment,
    ChannelRef,
    CloseOrder,
    CloseSignatures,
    Closing,
    LockProof,
    Note,
    State,
    SystemSignature,
    Withdrawal,
    WithdrawalItem
} from "../types/Messages.sol";

/// @title What moves a channel's money
interface IHubChannels {
    // By consent (sections 2, 3 and 6)

    /// @notice Pays into a channel, for anyone; counts for the next epoch while a close is pending.
    function deposit(ChannelRef calldata ref, uint256 amount) external payable;

    /// @notice Adds tokens that cover this channel alone, without being the user's.
    function commitCollateral(ChannelRef calldata ref, uint256 amount) external payable;

    /// @notice Pays the user up to the new total, then the system up to its own. Contract wallets may sign by ERC-1271.
    function withdraw(
        ChannelRef calldata ref,
        Withdrawal calldata withdrawal,
        bytes calldata userSignature,
        bytes calldata systemSignature
    ) external;

    /// @notice Many withdrawals of the sending system; each stands alone, and one that fails is reported by an event.
    function withdrawBatch(address token, WithdrawalItem[] calldata items) external;

    /// @dev One item of a batch; only the hub calls it, so that its failure can be caught.
    function withdrawItem(
        ChannelRef calldata ref,
        Withdrawal calldata withdrawal,
        bytes calldata userSignature
    ) external;

    /// @notice Ends the epoch at once as both have signed. Contract wallets may sign by ERC-1271.
    function closeCooperatively(
        ChannelRef calldata ref,
        Closing calldata closing,
        bytes calldata userSignature,
        bytes calldata systemSignature
    ) external;

    // Without consent (sections 5 to 7)

    /// @notice Starts to close with the closer's latest state and note. By the system: the user's undisputed due is paid
    /// at once. Humbly (by the user only, with the asset's `staleFee` sent along): twice the period, and no penalty.
    /// @param order Who closes and until when this transaction is good; signed unless the closer is the sender.
    function close(
        ChannelRef calldata ref,
        State calldata state,
        Note calldata note,
        CloseSignatures calldata signatures,
        CloseOrder calldata order
    ) external payable;

    /// @notice Shows a complete state of a higher version within the challenge period: it replaces, or proves cheating.
    /// @param appointment The victim's appointment of a watchtower, or a zero tower.
    function challenge(
        ChannelRef calldata ref,
        Dispute calldata dispute,
        State calldata state,
        bytes calldata userSignature,
        SystemSignature calldata systemSignature,
        Appointment calldata appointment
    ) external;

    /// @notice Shows a note while a close is pending, with any of its locks that were claimed in time. The greatest value
    /// shown counts. A note that the system's close hid, shown within the challenge period, proves its cheating.
    /// @param standing The state that stands, if a newer one was shown; else ignored.
    function prove(
        ChannelRef calldata ref,
        Dispute calldata dispute,
        State calldata standing,
        Note calldata note,
        SystemSignature calldata systemSignature,
        LockProof[] calldata locks,
        Appointment calldata appointment
    ) external;

    /// @notice Pays everyone their due once the claim window is over; the channel is open again at once.
    /// @param standing The state that stands.
    function settle(ChannelRef calldata ref, Dispute calldata dispute, State calldata standing) external;
}
