// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice A node of a Merkle sum tree: its hash, and the sum of all balances below it.
struct SumNode {
    bytes32 hash;
    uint128 sum;
}

/// @notice Merkle sum trees: whoever checks its own leaf has checked that its balance is in the total (protocol section 9).
/// A node's hash commits to both children's hashes and to each child's sum, not to the total alone: else a system could
/// show each of two neighbours another split of one sum, and owe only the greater balance. A leaf is hashed twice, from
/// 96 bytes and then 32; a node once, from 128: none is ever taken for the other.
library SumTree {
    /// @notice Leaf of a channel; `salt` hides it from those who see its hash as a neighbour.
    function leaf(bytes32 channelId, bytes32 salt, uint128 balance) internal pure returns (SumNode memory) {
        bytes32 hash = keccak256(bytes.concat(keccak256(abi.encode(channelId, salt, balance))));
        return SumNode(hash, balance);
    }

    /// @notice The root that `path` leads to from `node`.
    /// @param index Of the leaf, from the left; bit k says whether the node k levels up is a right child.
    /// @param path Siblings from the leaf upwards; where there is none, zero hash and sum.
    /// @return ok False if a sum exceeds uint128, or the path is too short for the index.
    function root(
        SumNode memory node,
        uint256 index,
        SumNode[] calldata path
    ) internal pure returns (bool ok, SumNode memory) {
        for (uint256 i = 0; i < path.length; ++i) {
            SumNode calldata sibling = path[i];
            if (sibling.sum > type(uint128).max - node.sum) return (false, node);
            node.hash = index & 1 == 0 ? keccak256(abi.encode(node, sibling)) : keccak256(abi.encode(sibling, node));
            node.sum += sibling.sum;
            index >>= 1;
        }
        return (index == 0, node);
    }
}
