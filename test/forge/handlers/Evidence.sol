// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {MessageHash} from "../../../contracts/libraries/MessageHash.sol";
import {Appointment, LockProof, Note, State} from "../../../contracts/types/Messages.sol";
import {Lock, Locks} from "../helpers/Locks.sol";
import {Signing} from "../helpers/Signing.sol";
import {Ghost} from "./Ghosts.sol";
import {OffChain} from "./OffChain.sol";

/// @notice What the parties can show: states, notes and locks with the signatures that belong to them.
abstract contract Evidence is OffChain {
    using Locks for Lock[2];

    function _sign(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        return Signing.sign(key, separator, structHash);
    }

    /// The user's own key, or the one that it has added for the epoch.
    function _signUser(Ghost storage g, bytes32 structHash) internal view returns (bytes memory) {
        return _sign(g.extraKey != 0 && uint256(structHash) % 2 == 0 ? g.extraKey : g.key, structHash);
    }

    /// One in two signatures of a system stands on a batch.
    function _signSystem(Ghost storage g, bytes32 structHash) internal view returns (bytes memory) {
        uint256 key = _market(g).signerKey;
        if (uint256(structHash) % 2 == 0) return _sign(key, structHash);
        bytes32 sibling = keccak256(abi.encode("another leaf of the batch", structHash));
        bytes32 root = Hashes.commutativeKeccak256(Signing.leaf(structHash), sibling);
        return bytes.concat(_sign(key, MessageHash.hashBatch(root)), sibling);
    }

    function _challengeCall(Ghost storage g, State memory s, bytes memory a) internal view returns (bytes memory) {
        bytes32 stateHash = Signing.state(s, _id(g));
        return
            abi.encodeCall(
                hub.challenge,
                (_ref(g), g.pending.dispute, s, _signUser(g, stateHash), _signSystem(g, stateHash), a)
            );
    }

    function _proveCall(
        Ghost storage g,
        Note memory n,
        LockProof[] memory locks,
        bytes memory a
    ) internal view returns (bytes memory) {
        bytes memory signed = _signSystem(g, Signing.note(n, _id(g)));
        return abi.encodeCall(hub.prove, (_ref(g), g.pending.dispute, g.pending.standing, n, signed, locks, a));
    }

    function _settleCall(Ghost storage g) internal view returns (bytes memory) {
        return abi.encodeCall(hub.settle, (_ref(g), g.pending.dispute, g.pending.standing));
    }

    function _checkpointCall(Ghost storage g, State memory s) internal view returns (bytes memory) {
        bytes32 stateHash = Signing.state(s, _id(g));
        return abi.encodeCall(hub.checkpoint, (_ref(g), s, _signUser(g, stateHash), _signSystem(g, stateHash)));
    }

    /// Whatever of the tree the registry has in time, each leaf twice: it counts once.
    function _claims(Lock[2] memory locks) internal view returns (LockProof[] memory proofs) {
        proofs = new LockProof[](4);
        uint256 n = 0;
        for (uint256 i = 0; i < 4; ++i) {
            if (_inTime(locks[i % 2], 0, i % 2)) proofs[n++] = locks.proof(i % 2, false);
        }
        assembly {
            mstore(proofs, n)
        }
    }

    /// The party's watchtower, in one of two cases.
    function _appointment(Ghost storage g, address party) internal view returns (bytes memory) {
        if (block.timestamp % 2 == 0) return "";
        return _appoint(g, party, TOWER, party == g.user ? g.key : _market(g).signerKey);
    }

    function _appoint(Ghost storage g, address party, address tower, uint256 key) internal view returns (bytes memory) {
        Appointment memory a = Appointment(tower, 1_000, uint64(block.timestamp + 1));
        bytes memory signature = _sign(key, Signing.appointment(a, _id(g), party));
        return abi.encodePacked(a.tower, a.shareBps, a.until, signature);
    }

    /// The other side's signatures on what a closer shows.
    function _closeSignatures(
        Ghost storage g,
        State memory s,
        Note memory n,
        bool bySystem
    ) internal view returns (bytes memory onState, bytes memory onNote) {
        bytes32 stateHash = Signing.state(s, _id(g));
        if (s.version != 0) onState = bySystem ? _signUser(g, stateHash) : _signSystem(g, stateHash);
        if (n.seq != 0 && !bySystem) onNote = _signSystem(g, Signing.note(n, _id(g)));
    }
}
