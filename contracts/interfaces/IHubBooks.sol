// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Asset, AssetSettings, Award, Claim, Notice, NoticeKind} from "../types/Asset.sol";
import {ChannelView} from "../types/ChannelView.sol";
import {DisputeRecord} from "../types/Dispute.sol";
import {ChannelRef, LockProof, State, WithdrawalItem} from "../types/Messages.sol";
import {IPreimageRegistry} from "./IPreimageRegistry.sol";

/// @title A system's books, what is recorded for later, and the views
interface IHubBooks {
    // A system's books (sections 1 and 2)

    /// @notice Lists a token of the sending system, once and for all.
    /// @param settings Challenge period 1 hour to 60 days; claim window and lock limit from the challenge period to 60 days.
    function addAsset(address token, AssetSettings calldata settings) external;

    /// @notice Adds to the free tokens that back all of the system's channels in `token`; claims are funded first.
    function fundReserve(address system, address token, uint256 amount) external payable;

    /// @notice Adds to what `system` forfeits for cheating.
    function fundBond(address system, address token, uint256 amount) external payable;

    /// @notice Lets `signer` sign for the sending system, at once.
    function addSigner(address signer) external;

    /// @notice Lets `signer` sign for the sending user too; one per channel and epoch, and the user's own key stays valid.
    function addUserSigner(ChannelRef calldata ref, address signer) external;

    /// @notice Announces to take an amount of the reserve or bond, or to retire a signer. Replaces the notice of that kind.
    /// @param value The amount, or the signer's address as a number (with token zero).
    function giveNotice(NoticeKind kind, address token, uint256 value) external;

    /// @notice Does what was announced, `noticePeriod` after the notice and before twice that; takes at most what is free.
    function executeNotice(NoticeKind kind, address token) external;

    /// @notice Pays an award once it is ripe. Anyone may call; the award's recipient is paid.
    function collectAward(address system, address token, uint256 index) external;

    /// @notice Pays what is covered of a claim; issued tokens are minted for it. Anyone may call; the claimant is paid.
    function collectClaim(address system, address token, uint256 index) external;

    /// @notice Fetches what the sender could not be paid, to any address.
    function collectOwed(address token, address to) external;

    /// @dev Mints for a payout; only the hub calls it, so that whatever the token does can be caught.
    function mintToHub(address system, address token, uint256 amount) external returns (uint256 minted);

    /// @notice Many withdrawals of the sending system; each stands alone, and one that fails is reported by an event.
    function withdrawBatch(address token, WithdrawalItem[] calldata items) external;

    // Recorded for a later close (sections 6 and 7)

    /// @notice Stores a complete state: a later close with an older one is judged, and paid, by it.
    function checkpoint(
        ChannelRef calldata ref,
        State calldata state,
        bytes calldata userSignature,
        bytes calldata systemSignature
    ) external;

    /// @notice Records claimed locks of a state, by the system or its appointed watchtower, before or during a close.
    /// @param record The pending close's record; ignored while none is pending.
    function proveLocksOfState(
        ChannelRef calldata ref,
        DisputeRecord calldata record,
        State calldata state,
        LockProof[] calldata locks,
        bytes calldata appointment
    ) external;

    // Views

    /// @notice The registry that decides which locks were claimed in time.
    function registry() external view returns (IPreimageRegistry);

    /// @notice The channel's current epoch and amounts, or its pending close.
    function channelOf(ChannelRef calldata ref) external view returns (ChannelView memory);

    /// @notice A system's books for a token; `backing` 0: not listed.
    function assetOf(address system, address token) external view returns (Asset memory);

    /// @notice What is left of a claim.
    function claimOf(address system, address token, uint256 index) external view returns (Claim memory);

    /// @notice An award not yet collected.
    function awardOf(address system, address token, uint256 index) external view returns (Award memory);

    /// @notice The pending notice of a kind; `givenAt` 0: none.
    function noticeOf(address system, NoticeKind kind, address token) external view returns (Notice memory);

    /// @notice Seconds from a notice of `system` to its effect.
    function noticePeriod(address system) external view returns (uint256);

    /// @notice Whether `signer` signs for `system`.
    function isSigner(address system, address signer) external view returns (bool);

    /// @notice The key that the user added in that epoch.
    function userSigner(bytes32 id) external view returns (address);

    /// @notice What waits for `recipient` to fetch.
    function owed(address token, address recipient) external view returns (uint256);

    /// @notice The sum of the locks proven of a state or note, by its struct hash.
    function provenLocks(bytes32 treeHash) external view returns (uint128);
}
