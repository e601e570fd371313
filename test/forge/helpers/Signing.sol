// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MessageHash} from "../../../contracts/libraries/MessageHash.sol";
import {Appointment, Closing, Note, State, Withdrawal} from "../../../contracts/types/Messages.sol";
import {vm} from "./Forge.sol";

/// @notice Signs as users and systems do off chain, with struct hashes written out anew.
library Signing {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    function separator(address hub) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("Starledger"), keccak256("1"), block.chainid, hub));
    }

    function sign(uint256 key, bytes32 separator_, bytes32 structHash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", separator_, structHash)));
        return abi.encodePacked(r, s, v);
    }

    function state(State memory s, bytes32 id) internal pure returns (bytes32) {
        return keccak256(abi.encode(MessageHash.STATE_TYPEHASH, id, s));
    }

    function note(Note memory n, bytes32 id) internal pure returns (bytes32) {
        bytes32 typeHash = MessageHash.NOTE_TYPEHASH;
        return keccak256(abi.encode(typeHash, id, n.seq, n.credited, n.locked, n.locksExpiry, n.locksRoot, n.memo));
    }

    function withdrawal(Withdrawal memory w, bytes32 id) internal pure returns (bytes32) {
        bytes32 typeHash = MessageHash.WITHDRAWAL_TYPEHASH;
        return keccak256(abi.encode(typeHash, id, w.withdrawn, w.reclaimed, w.recipient, w.deadline));
    }

    function closing(Closing memory c, bytes32 id) internal pure returns (bytes32) {
        return keccak256(abi.encode(MessageHash.CLOSING_TYPEHASH, id, c.net, c.deadline));
    }

    function appointment(Appointment memory a, bytes32 id, address party) internal pure returns (bytes32) {
        return keccak256(abi.encode(MessageHash.APPOINTMENT_TYPEHASH, id, party, a.tower, a.shareBps, a.until));
    }

    /// A leaf of a batch that the system signs at once.
    function leaf(bytes32 structHash) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(structHash))));
    }
}
