// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {
    Hub_BadDeadline,
    Hub_ChannelClosing,
    Hub_ChannelOpen,
    Hub_InvalidAddress,
    Hub_UnknownAsset,
    Hub_WrongDispute
} from "../interfaces/IHubErrors.sol";
import {IHubEvents} from "../interfaces/IHubEvents.sol";
import {IPreimageRegistry} from "../interfaces/IPreimageRegistry.sol";
import {ProvenLocks} from "../libraries/LockTree.sol";
import {Settlement} from "../libraries/Settlement.sol";
import {Asset, Award, Backing, Claim, Notice, NoticeKind} from "../types/Asset.sol";
import {Dispute, DisputeLib, Reward, Shown} from "../types/Dispute.sol";
import {Head} from "../types/Head.sol";
import {ChannelRef, State} from "../types/Messages.sol";
import {Paid} from "../types/Paid.sol";

/// @notice Everything the hub remembers of a channel; see `Head` and `Paid` for what the slots mean when.
struct Channel {
    Head head;
    Paid paid;
    // Only while closing, and only as the flags of `head` say:
    Shown shown;
    Head next;
    Reward reward;
}

/// @title Everything the hub remembers, and how it is found
/// @dev `ChannelHub` and `HubBooks` run on this one layout: the hub delegates to the books.
abstract contract HubStorage is IHubEvents, ReentrancyGuardTransient {
    using DisputeLib for Dispute;

    mapping(bytes32 key => Channel) internal _channels;
    mapping(bytes32 id => State) internal _checkpoints;
    mapping(bytes32 id => address signer) internal _userSigners;
    mapping(bytes32 treeHash => ProvenLocks) internal _proven;

    mapping(address system => mapping(address token => Asset)) internal _assets;
    mapping(address system => mapping(address signer => bool)) internal _signers;
    mapping(address system => uint256 period) internal _noticePeriods;
    mapping(address system => mapping(NoticeKind kind => mapping(address token => Notice))) internal _notices;
    mapping(address system => mapping(address token => mapping(uint256 index => Claim))) internal _claims;
    mapping(address system => mapping(address token => mapping(uint256 index => Award))) internal _awards;
    mapping(address token => mapping(address recipient => uint256)) internal _owed;

    IPreimageRegistry internal immutable _registry;

    constructor(IPreimageRegistry registry) {
        _registry = registry;
    }

    /// @dev A channel's storage is the same in every epoch; its id, which is signed, is not.
    function _channel(ChannelRef calldata ref) internal view returns (Channel storage) {
        return _channels[keccak256(abi.encode(ref.system, ref.user, ref.token))];
    }

    function _id(ChannelRef calldata ref, uint32 epoch) internal pure returns (bytes32) {
        return keccak256(abi.encode(ref.system, ref.user, ref.token, uint256(epoch)));
    }

    function _openHead(ChannelRef calldata ref, Channel storage channel) internal view returns (Head head, bytes32 id) {
        head = channel.head;
        id = _id(ref, head.epoch());
        if (head.isClosing()) revert Hub_ChannelClosing(id);
    }

    function _asset(address system, address token) internal view returns (Asset storage asset) {
        asset = _assets[system][token];
        if (asset.backing == Backing.None) revert Hub_UnknownAsset(system, token);
    }

    function _requireAccount(address account) internal view {
        if (account == address(0) || account == address(this)) revert Hub_InvalidAddress(account);
    }

    function _requireParties(ChannelRef calldata ref) internal view {
        _requireAccount(ref.user);
        if (ref.user == ref.system) revert Hub_InvalidAddress(ref.user);
    }

    /// @dev No deadline is further away than one challenge period.
    function _requireDeadline(uint64 deadline, uint256 challengePeriod) internal view {
        if (deadline < block.timestamp || deadline > block.timestamp + challengePeriod) {
            revert Hub_BadDeadline(deadline, block.timestamp, block.timestamp + challengePeriod);
        }
    }

    function _closingHead(
        ChannelRef calldata ref,
        Channel storage channel,
        Dispute calldata dispute
    ) internal view returns (Head head, bytes32 id) {
        head = channel.head;
        id = _id(ref, head.epoch());
        if (!head.isClosing()) revert Hub_ChannelOpen(id);
        uint216 got = dispute.hash();
        if (got != head.disputeHash()) revert Hub_WrongDispute(id, got, head.disputeHash());
    }

    /// @dev No lock counts as further away than the lock limit after the close.
    function _capped(uint256 expiry, uint256 closedAt, Asset storage asset) internal view returns (uint56) {
        return uint56(Settlement.min(expiry, closedAt + asset.lockLimit));
    }
}
