// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AssetSettings, NoticeKind} from "../types/Asset.sol";
import {DisputeRecord} from "../types/Dispute.sol";

/// @title Every event of the hub
interface IHubEvents {
    /// @notice `system` listed `token`; the settings never change.
    event AssetAdded(address indexed system, address indexed token, AssetSettings settings);
    /// @notice `amount` entered the reserve (claims, if any, were funded first).
    event ReserveFunded(address indexed system, address indexed token, uint256 amount);
    /// @notice `amount` was added to what `system` forfeits for cheating.
    event BondFunded(address indexed system, address indexed token, uint256 amount);
    /// @notice `signer` signs states and notes for `system` from now on.
    event SignerAdded(address indexed system, address indexed signer);
    /// @notice `signer` no longer signs for `system`.
    event SignerRetired(address indexed system, address indexed signer);
    /// @notice `signer` signs for the user of channel `id` too, in this epoch.
    event UserSignerAdded(bytes32 indexed id, address indexed signer);
    /// @notice `system` announced to take `value` of its reserve or bond, or to retire the signer `value`.
    event NoticeGiven(address indexed system, NoticeKind indexed kind, address indexed token, uint256 value);
    /// @notice `system` took `amount` after its notice.
    event NoticeExecuted(address indexed system, NoticeKind indexed kind, address indexed token, uint256 amount);

    /// @notice `amount` arrived for channel `id`.
    event Deposited(bytes32 indexed id, uint256 amount);
    /// @notice `amount` arrived to cover channel `id`, without being the user's.
    event CollateralCommitted(bytes32 indexed id, uint256 amount);
    /// @notice `amount` was paid (or set aside, or claimed) to the withdrawal's recipient, `reclaimed` went to the system.
    event Withdrawn(bytes32 indexed id, uint256 amount, uint256 reclaimed);
    /// @notice The item of `user` failed for `reason` (the error's data); the others did not.
    event WithdrawalFailed(address indexed system, address indexed token, address indexed user, bytes reason);
    /// @notice Both agreed to end the epoch.
    event ChannelClosed(bytes32 indexed id, uint256 toUser, uint256 toSystem);

    /// @notice A complete state was stored on chain.
    event StateCheckpointed(bytes32 indexed id, uint64 version);
    /// @notice A close is pending; `record` is what every later call on it must pass.
    event ChannelClosing(bytes32 indexed id, address indexed system, DisputeRecord record);
    /// @notice A newer state stands.
    event StateReplaced(bytes32 indexed id, uint64 version, bytes32 stateHash);
    /// @notice A note worth `value` was shown.
    event NoteProven(bytes32 indexed id, uint64 seq, uint256 value, bytes32 noteHash);
    /// @notice Locks worth `total` of the tree of that state or note are proven by now.
    event LocksProven(bytes32 indexed treeHash, uint256 total);
    /// @notice The user closed with a state that `version` proves revoked, and gets nothing.
    event UserPenalised(bytes32 indexed id, uint64 version, uint256 toSystem, uint256 toTower);
    /// @notice The system closed with what was revoked: `rest` of the collateral and `award` of its bond are forfeit.
    event SystemPenalised(
        address indexed system,
        address indexed user,
        address indexed token,
        uint256 rest,
        uint256 award,
        address tower
    );
    /// @notice The pending close is settled: what the user got now, and what of the collateral was left.
    event ChannelSettled(bytes32 indexed id, uint256 toUser, uint256 rest);

    /// @notice `recipient` could not take `amount`, which waits for it.
    event PayoutOwed(address indexed token, address indexed recipient, uint256 amount);
    /// @notice `recipient` fetched what waited for it.
    event OwedCollected(address indexed token, address indexed recipient, address to, uint256 amount);
    /// @notice The sources could not cover `amount`; it is paid from what comes in.
    event ClaimRecorded(
        address indexed system,
        address indexed token,
        uint256 indexed index,
        address recipient,
        uint256 amount
    );
    /// @notice A claim was paid, in part or whole.
    event ClaimCollected(
        address indexed system,
        address indexed token,
        uint256 indexed index,
        address recipient,
        uint256 amount
    );
    /// @notice A part of the bond is `recipient`'s from `ripeAt` on.
    event AwardRecorded(
        address indexed system,
        address indexed token,
        uint256 indexed index,
        address recipient,
        uint256 amount,
        uint64 ripeAt
    );
    /// @notice An award was paid.
    event AwardCollected(
        address indexed system,
        address indexed token,
        uint256 indexed index,
        address recipient,
        uint256 amount
    );
}
