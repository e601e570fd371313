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
import {Asset, Award, Backing, Claim, Notice, NoticeKind} from "../types/Asset.sol";
import {DisputeLib, DisputeRecord, Reward, Shown} from "../types/Dispute.sol";
import {Head} from "../types/Head.sol";
import {Judged} from "../types/Judged.sol";
import {ChannelRef} from "../types/Messages.sol";
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
    using DisputeLib for DisputeRecord;

    mapping(bytes32 key => Channel) internal _channels;
    mapping(bytes32 id => Judged) internal _checkpoints;
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
        return _channels[_hash(ref, 0, 96)];
    }

    function _id(ChannelRef calldata ref, uint256 epoch) internal pure returns (bytes32) {
        return _hash(ref, epoch, 128);
    }

    /// @dev Hashes `size` bytes of `abi.encode(ref, epoch)`: three words of calldata, which must be addresses, or one channel
    /// would have many names.
    function _hash(ChannelRef calldata ref, uint256 epoch, uint256 size) private pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let p := mload(0x40)
            calldatacopy(p, ref, 96)
            if shr(160, or(or(mload(p), mload(add(p, 32))), mload(add(p, 64)))) {
                revert(0, 0)
            }
            mstore(add(p, 96), epoch)
            result := keccak256(p, size)
        }
    }

    function _openHead(ChannelRef calldata ref, Channel storage channel) internal view returns (Head head, bytes32 id) {
        head = channel.head;
        id = _id(ref, head.epoch());
        if (head.isClosing()) revert Hub_ChannelClosing(id);
        // Whoever first wrote the head had this checked.
        if (Head.unwrap(head) == 0) _requireParties(ref);
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
        DisputeRecord calldata record
    ) internal view returns (Head head, bytes32 id) {
        head = channel.head;
        id = _id(ref, head.epoch());
        if (!head.isClosing()) revert Hub_ChannelOpen(id);
        uint216 got = record.hashCalldata();
        if (got != head.disputeHash()) revert Hub_WrongDispute(id, got, head.disputeHash());
    }
}
