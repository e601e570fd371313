// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Appointment, Closing, Note, State, Withdrawal} from "../types/Messages.sol";

/// @notice EIP-712 struct hashes of everything that is signed (protocol section 3).
/// @dev A struct in calldata is already encoded as EIP-712 wants its fields: one copy does. A word too large for its field
/// gives a hash that nobody signed, and reverts where the field is read.
library MessageHash {
    bytes32 internal constant STATE_TYPEHASH = keccak256(
        "State(bytes32 channelId,uint64 version,int128 net,uint64 noteSeq,uint128 noteCredited,uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo)"
    );

    function hash(State calldata s, bytes32 id) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := s
        }
        return _hash(STATE_TYPEHASH, id, offset, 256);
    }

    bytes32 internal constant NOTE_TYPEHASH = keccak256(
        "Note(bytes32 channelId,uint64 seq,uint128 credited,uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo)"
    );

    function hash(Note calldata n, bytes32 id) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := n
        }
        return _hash(NOTE_TYPEHASH, id, offset, 192);
    }

    bytes32 internal constant WITHDRAWAL_TYPEHASH = keccak256(
        "Withdrawal(bytes32 channelId,uint128 withdrawn,uint128 reclaimed,address recipient,uint64 deadline)"
    );

    function hash(Withdrawal calldata w, bytes32 id) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := w
        }
        return _hash(WITHDRAWAL_TYPEHASH, id, offset, 128);
    }

    bytes32 internal constant CLOSING_TYPEHASH = keccak256("Closing(bytes32 channelId,int128 net,uint64 deadline)");

    function hash(Closing calldata c, bytes32 id) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := c
        }
        return _hash(CLOSING_TYPEHASH, id, offset, 64);
    }

    bytes32 internal constant CLOSE_TYPEHASH = keccak256(
        "Close(bytes32 channelId,address party,bytes32 stateHash,bytes32 noteHash,bool humble,uint64 deadline)"
    );

    function hashClose(
        bytes32 id,
        address party,
        bytes32 stateHash,
        bytes32 noteHash,
        bool humble,
        uint64 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLOSE_TYPEHASH, id, party, stateHash, noteHash, humble, deadline));
    }

    bytes32 internal constant APPOINTMENT_TYPEHASH = keccak256(
        "Appointment(bytes32 channelId,address party,address tower,uint16 shareBps,uint64 until)"
    );

    function hash(Appointment memory a, bytes32 id, address party) internal pure returns (bytes32) {
        return keccak256(abi.encode(APPOINTMENT_TYPEHASH, id, party, a.tower, a.shareBps, a.until));
    }

    bytes32 internal constant BATCH_TYPEHASH = keccak256("Batch(bytes32 root)");

    function hashBatch(bytes32 root) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH_TYPEHASH, root));
    }

    /// @dev Hashes the type, the channel, and `size` bytes of calldata at `offset`.
    function _hash(bytes32 typeHash, bytes32 id, uint256 offset, uint256 size) private pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let p := mload(0x40)
            mstore(p, typeHash)
            mstore(add(p, 32), id)
            calldatacopy(add(p, 64), offset, size)
            result := keccak256(p, add(size, 64))
        }
    }
}
