// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {Hub_InvalidLockProof, Hub_LockExpired, Hub_WrongPreimage} from "../interfaces/IHubErrors.sol";
import {IPreimageRegistry} from "../interfaces/IPreimageRegistry.sol";
import {LockProof} from "../types/Messages.sol";
import {Preimage} from "./Preimage.sol";

/// @notice What of one tree of locks is proven: the sum, and which leaves it holds.
struct ProvenLocks {
    uint128 total;
    // The first 128 leaves share the slot of the total.
    uint128 leaves;
    mapping(uint256 word => uint256 bits) more;
}

/// @notice Counts the locks of a tree whose preimage was registered in time, each leaf once (protocol sections 6, 7).
library LockTree {
    /// @param root Root of the tree.
    /// @param until The least of the tree's `locksExpiry` and, once the channel is closing, close time + lock limit.
    /// @return total Sum of all leaves of this tree proven so far.
    function prove(
        ProvenLocks storage self,
        bytes32 root,
        uint256 until,
        LockProof[] calldata locks,
        IPreimageRegistry registry
    ) internal returns (uint128 total) {
        total = self.total;
        uint128 leaves = self.leaves;
        for (uint256 i = 0; i < locks.length; ++i) {
            LockProof calldata lock = locks[i];
            bytes32 leaf = _leaf(lock);
            if (!MerkleProof.verifyCalldata(lock.proof, root, leaf)) revert Hub_InvalidLockProof(lock.index);
            _requireRevealedBefore(lock, until < lock.expiry ? until : lock.expiry, registry);
            bool fresh;
            if (lock.index < 128) {
                uint128 bit = uint128(1) << uint128(lock.index);
                fresh = leaves & bit == 0;
                leaves |= bit;
            } else {
                uint256 bit = 1 << (lock.index & 255);
                uint256 word = self.more[lock.index >> 8];
                fresh = word & bit == 0;
                if (fresh) self.more[lock.index >> 8] = word | bit;
            }
            // A tree whose leaves exceed uint128 is worth no more than its `locked`: saturate.
            if (fresh) total = lock.amount > type(uint128).max - total ? type(uint128).max : total + lock.amount;
        }
        self.total = total;
        self.leaves = leaves;
    }

    function _requireRevealedBefore(LockProof calldata lock, uint256 until, IPreimageRegistry registry) private view {
        uint256 time = block.timestamp;
        if (lock.preimage == 0) time = registry.revealedAt(lock.hash);
        else if (Preimage.hash(lock.preimage) != lock.hash) revert Hub_WrongPreimage(lock.index);
        if (time == 0 || time >= until) revert Hub_LockExpired(lock.index, time, until);
    }

    /// @dev The first four words of a lock in calldata are the encoding of its leaf.
    function _leaf(LockProof calldata lock) private pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            let p := mload(0x40)
            calldatacopy(p, lock, 128)
            mstore(0, keccak256(p, 128))
            leaf := keccak256(0, 32)
        }
    }
}
