// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {ILiabilityAnchor} from "./interfaces/ILiabilityAnchor.sol";
import {SumNode, SumTree} from "./libraries/SumTree.sol";

/// @title The anchor of liabilities and records
/// @notice No owner, no upgrade; nothing is ever overwritten.
contract LiabilityAnchor is ILiabilityAnchor {
    /// @inheritdoc ILiabilityAnchor
    mapping(address system => mapping(address token => mapping(uint64 period => bytes32))) public anchorOf;

    /// @inheritdoc ILiabilityAnchor
    mapping(address system => mapping(bytes32 topic => mapping(bytes32 hash => uint256 time))) public recordedAt;

    /// @inheritdoc ILiabilityAnchor
    function anchor(address token, uint64 period, bytes32 root, uint128 total) external {
        mapping(uint64 period => bytes32) storage anchors = anchorOf[msg.sender][token];
        if (anchors[period] != 0) revert Anchor_AlreadyAnchored(msg.sender, token, period);
        if (period != 0 && anchors[period - 1] == 0) revert Anchor_PeriodSkipped(msg.sender, token, period);

        anchors[period] = _commitment(root, total);

        emit LiabilitiesAnchored(msg.sender, token, period, root, total);
    }

    /// @inheritdoc ILiabilityAnchor
    function anchorRecord(bytes32 topic, bytes32 hash) external {
        if (recordedAt[msg.sender][topic][hash] != 0) return;

        recordedAt[msg.sender][topic][hash] = block.timestamp;

        emit RecordAnchored(msg.sender, topic, hash, block.timestamp);
    }

    /// @inheritdoc ILiabilityAnchor
    function verifyInclusion(
        address system,
        address token,
        uint64 period,
        bytes32 channelId,
        bytes32 salt,
        uint128 balance,
        uint256 index,
        SumNode[] calldata path
    ) external view returns (bool) {
        (bool ok, SumNode memory root) = SumTree.root(SumTree.leaf(channelId, salt, balance), index, path);
        return ok && anchorOf[system][token][period] == _commitment(root.hash, root.sum);
    }

    /// @inheritdoc ILiabilityAnchor
    function isAnchored(
        address system,
        address token,
        uint64 period,
        bytes32 root,
        uint128 total
    ) external view returns (bool) {
        return anchorOf[system][token][period] == _commitment(root, total);
    }

    function _commitment(bytes32 root, uint128 total) private pure returns (bytes32) {
        return Hashes.efficientKeccak256(root, bytes32(uint256(total)));
    }
}
