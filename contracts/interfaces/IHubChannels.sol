// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DisputeRecord} from "../types/Dispute.sol";
import {ChannelRef, CloseOrder, Closing, LockProof, Note, State, Withdrawal} from "../types/Messages.sol";

/// @title What moves a channel's money
/// @notice Signatures have 65 bytes, or 64 (ERC-2098), and may be empty where the signer sends the transaction itself. S signs
/// a state or note directly or, for many at once, the root of a batch: then the Merkle proof follows its signature, 32 bytes
/// per node. An `appointment` is the victim's of a watchtower, `tower 20 | shareBps 2 | until 8 | signature`, or empty.
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
    /// @param stateSignature The other side's, unless the version is 0.
    /// @param noteSignature S's when the user closes, unless seq is 0; else ignored.
    /// @param order Who closes and until when this transaction is good; signed unless the closer is the sender.
    function close(
        ChannelRef calldata ref,
        State calldata state,
        Note calldata note,
        bytes calldata stateSignature,
        bytes calldata noteSignature,
        CloseOrder calldata order
    ) external payable;

    /// @notice Shows a complete state of a higher version within the challenge period: it replaces, or proves cheating.
    function challenge(
        ChannelRef calldata ref,
        DisputeRecord calldata record,
        State calldata state,
        bytes calldata userSignature,
        bytes calldata systemSignature,
        bytes calldata appointment
    ) external;

    /// @notice Shows a note while a close is pending, with any of its locks that were claimed in time. The greatest value
    /// shown counts. A note that the system's close hid, shown within the challenge period, proves its cheating.
    /// @param standing The state that stands, if a newer one was shown; else ignored.
    function prove(
        ChannelRef calldata ref,
        DisputeRecord calldata record,
        State calldata standing,
        Note calldata note,
        bytes calldata systemSignature,
        LockProof[] calldata locks,
        bytes calldata appointment
    ) external;

    /// @notice Records claimed locks of a note before any close; they count whenever the note is shown.
    function proveLocks(ChannelRef calldata ref, Note calldata note, LockProof[] calldata locks) external;

    /// @notice Pays everyone their due once the claim window is over; the channel is open again at once.
    /// @param standing The state that stands.
    function settle(ChannelRef calldata ref, DisputeRecord calldata record, State calldata standing) external;
}
