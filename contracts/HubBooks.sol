// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Batches} from "./base/Batches.sol";
import {Collections} from "./base/Collections.sol";
import {Channel, HubStorage} from "./base/HubStorage.sol";
import {Records} from "./base/Records.sol";
import {Treasury} from "./base/Treasury.sol";
import {IHubBooks} from "./interfaces/IHubBooks.sol";
import {IPreimageRegistry} from "./interfaces/IPreimageRegistry.sol";
import {Asset, Award, Claim, Notice, NoticeKind} from "./types/Asset.sol";
import {ChannelView} from "./types/ChannelView.sol";
import {Head, HeadLib} from "./types/Head.sol";
import {ChannelRef} from "./types/Messages.sol";

/// @title The part of the hub that keeps books: `Treasury`, `Collections`, `Batches`, `Records` and the views
/// @dev Runs on the hub's storage only, by delegation from `ChannelHub`.
contract HubBooks is Treasury, Collections, Batches, Records {
    /// @param registry_ The same registry as the hub's.
    constructor(IPreimageRegistry registry_) HubStorage(registry_) {}

    /// @inheritdoc IHubBooks
    function channelOf(ChannelRef calldata ref) external view returns (ChannelView memory info) {
        Channel storage channel = _channel(ref);
        Head head = channel.head;
        info.epoch = uint32(head.epoch());
        info.id = _id(ref, info.epoch);
        info.closing = head.isClosing();
        if (!info.closing) {
            info.deposited = head.deposited();
            info.collateral = head.collateral();
            info.withdrawn = channel.paid.withdrawn();
            info.reclaimed = channel.paid.reclaimed();
            info.checkpoint = channel.paid.isCheckpointed() ? _checkpoints[info.id].version : 0;
        } else {
            info.disputeHash = head.disputeHash();
            info.replaced = head.has(HeadLib.REPLACED);
            if (info.replaced) info.standingVersion = channel.paid.version();
            if (head.has(HeadLib.SHOWN)) info.shown = channel.shown;
            info.systemCheated = head.has(HeadLib.CHEATED);
            if (head.has(HeadLib.FUNDED)) {
                info.nextDeposited = channel.next.deposited();
                info.nextCollateral = channel.next.collateral();
            }
        }
    }

    /// @inheritdoc IHubBooks
    function assetOf(address system, address token) external view returns (Asset memory) {
        return _assets[system][token];
    }

    /// @inheritdoc IHubBooks
    function claimOf(address system, address token, uint256 index) external view returns (Claim memory) {
        return _claims[system][token][index];
    }

    /// @inheritdoc IHubBooks
    function awardOf(address system, address token, uint256 index) external view returns (Award memory) {
        return _awards[system][token][index];
    }

    /// @inheritdoc IHubBooks
    function noticeOf(address system, NoticeKind kind, address token) external view returns (Notice memory) {
        return _notices[system][kind][token];
    }

    /// @inheritdoc IHubBooks
    function provenLocks(bytes32 treeHash) external view returns (uint128) {
        return _proven[treeHash].total;
    }

    /// @inheritdoc IHubBooks
    function registry() external view returns (IPreimageRegistry) {
        return _registry;
    }

    /// @inheritdoc IHubBooks
    function noticePeriod(address system) external view returns (uint256) {
        return _noticePeriods[system];
    }

    /// @inheritdoc IHubBooks
    function isSigner(address system, address signer) external view returns (bool) {
        return _signers[system][signer];
    }

    /// @inheritdoc IHubBooks
    function userSigner(bytes32 id) external view returns (address) {
        return _userSigners[id];
    }

    /// @inheritdoc IHubBooks
    function owed(address token, address recipient) external view returns (uint256) {
        return _owed[token][recipient];
    }
}
