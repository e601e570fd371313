// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Appointment, Closing, Note, State, Withdrawal} from "../types/Messages.sol";

/// @notice EIP-712 struct hashes of everything that is signed (protocol section 3).
library MessageHash {
    bytes32 internal constant STATE_TYPEHASH = keccak256(
        "State(bytes32 channelId,uint64 version,int128 net,uint64 noteSeq,uint128 noteCredited,uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo)"
    );

    function hash(State memory s, bytes32 id) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    STATE_TYPEHASH,
                    id,
                    s.version,
                    s.net,
                    s.noteSeq,
                    s.noteCredited,
                    s.locked,
                    s.locksExpiry,
                    s.locksRoot,
                    s.memo
                )
            );
    }

    bytes32 internal constant NOTE_TYPEHASH = keccak256(
        "Note(bytes32 channelId,uint64 seq,uint128 credited,uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo)"
    );

    function hash(Note calldata n, bytes32 id) internal pure returns (bytes32) {
        return
            keccak256(abi.encode(NOTE_TYPEHASH, id, n.seq, n.credited, n.locked, n.locksExpiry, n.locksRoot, n.memo));
    }

    bytes32 internal constant WITHDRAWAL_TYPEHASH = keccak256(
        "Withdrawal(bytes32 channelId,uint128 withdrawn,uint128 reclaimed,address recipient,uint64 deadline)"
    );

    function hash(Withdrawal calldata w, bytes32 id) internal pure returns (bytes32) {
        return keccak256(abi.encode(WITHDRAWAL_TYPEHASH, id, w.withdrawn, w.reclaimed, w.recipient, w.deadline));
    }

    bytes32 internal constant CLOSING_TYPEHASH = keccak256("Closing(bytes32 channelId,int128 net,uint64 deadline)");

    function hash(Closing calldata c, bytes32 id) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLOSING_TYPEHASH, id, c.net, c.deadline));
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

    function hash(Appointment calldata a, bytes32 id, address party) internal pure returns (bytes32) {
        return keccak256(abi.encode(APPOINTMENT_TYPEHASH, id, party, a.tower, a.shareBps, a.until));
    }

    bytes32 internal constant BATCH_TYPEHASH = keccak256("Batch(bytes32 root)");

    function hashBatch(bytes32 root) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH_TYPEHASH, root));
    }
}
