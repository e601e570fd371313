// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {LockProof} from "../../../contracts/types/Messages.sol";

/// @notice A pending lock; amount 0: none.
struct Lock {
    bytes32 preimage;
    uint128 amount;
    uint64 expiry;
}

/// @notice Trees of up to two locks. The second has an index beyond the leaves that share the slot of the total.
library Locks {
    function total(Lock[2] memory locks) internal pure returns (uint128) {
        return locks[0].amount + locks[1].amount;
    }

    function latest(Lock[2] memory locks) internal pure returns (uint64) {
        return locks[0].expiry > locks[1].expiry ? locks[0].expiry : locks[1].expiry;
    }

    function root(Lock[2] memory locks) internal pure returns (bytes32) {
        if (locks[0].amount == 0) return locks[1].amount == 0 ? bytes32(0) : _leaf(locks[1], 1);
        if (locks[1].amount == 0) return _leaf(locks[0], 0);
        return Hashes.commutativeKeccak256(_leaf(locks[0], 0), _leaf(locks[1], 1));
    }

    /// The lock with its path, and its preimage if it is to be shown here rather than in the registry.
    function proof(Lock[2] memory locks, uint256 k, bool shown) internal pure returns (LockProof memory p) {
        Lock memory lock = locks[k];
        p.index = _index(k);
        p.hash = hash(lock);
        (p.amount, p.expiry) = (lock.amount, lock.expiry);
        if (shown) p.preimage = lock.preimage;
        Lock memory sibling = locks[1 - k];
        if (sibling.amount == 0) return p;
        p.proof = new bytes32[](1);
        p.proof[0] = _leaf(sibling, 1 - k);
    }

    function hash(Lock memory lock) internal pure returns (bytes32) {
        return sha256(abi.encode(lock.preimage));
    }

    function _index(uint256 k) private pure returns (uint64) {
        return k == 0 ? 0 : 130;
    }

    function _leaf(Lock memory lock, uint256 k) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(_index(k), hash(lock), lock.amount, lock.expiry))));
    }
}
