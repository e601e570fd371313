// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SumNode} from "../libraries/SumTree.sol";

/// @title Liability anchor
/// @notice What systems cannot take back (protocol section 9): per token and period the root and total of a Merkle sum
/// tree over all channels' balances, and hashes of any other records. A system is whoever sends.
///
/// A period's anchor is one slot, `keccak256(abi.encode(root hash, total))`, written once. Periods are numbered from 0
/// without gaps, so that no statement can be left out, slipped in later or made twice; when one was made, the block of
/// its event tells. A total proves no more than that every customer who checks its leaf is in it: compare it with the
/// hub's reserve or the token's cap.
interface ILiabilityAnchor {
    /// @notice The system owes `total` of the token to the leaves under `root`.
    event LiabilitiesAnchored(
        address indexed system,
        address indexed token,
        uint64 period,
        bytes32 root,
        uint128 total
    );
    /// @notice The record existed at `time`.
    event RecordAnchored(address indexed system, bytes32 indexed topic, bytes32 hash, uint256 time);

    /// @notice Thrown when a period is anchored twice.
    error Anchor_AlreadyAnchored(address system, address token, uint64 period);
    /// @notice Thrown when the period before has no anchor.
    error Anchor_PeriodSkipped(address system, address token, uint64 period);

    /// @notice Anchors the sending system's liabilities in a token, once per period.
    /// @param period One more than the last one; 0 first.
    /// @param total Base units.
    function anchor(address token, uint64 period, bytes32 root, uint128 total) external;

    /// @notice Anchors the hash of a record of the sender; a second time changes nothing.
    /// @param topic What kind of record: a hash of its name, such as that of a service's journal.
    function anchorRecord(bytes32 topic, bytes32 hash) external;

    /// @notice Whether a leaf is in the tree that was anchored.
    /// @param index Of the leaf, from the left.
    /// @param path Siblings from the leaf upwards; where there is none, zero hash and sum.
    /// @return False too if any sum on the path exceeds uint128.
    function verifyInclusion(
        address system,
        address token,
        uint64 period,
        bytes32 channelId,
        bytes32 salt,
        uint128 balance,
        uint256 index,
        SumNode[] calldata path
    ) external view returns (bool);

    /// @notice Whether this root and total were anchored.
    function isAnchored(
        address system,
        address token,
        uint64 period,
        bytes32 root,
        uint128 total
    ) external view returns (bool);

    /// @notice `keccak256(abi.encode(root hash, total))`; 0: there is none for this period.
    function anchorOf(address system, address token, uint64 period) external view returns (bytes32);

    /// @notice The timestamp of the block in which `system` first anchored the record; 0: never.
    function recordedAt(address system, bytes32 topic, bytes32 hash) external view returns (uint256);
}
