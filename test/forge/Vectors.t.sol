// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {LiabilityAnchor} from "../../contracts/LiabilityAnchor.sol";
import {MessageHash} from "../../contracts/libraries/MessageHash.sol";
import {Settlement} from "../../contracts/libraries/Settlement.sol";
import {SumNode} from "../../contracts/libraries/SumTree.sol";
import {Appointment, Closing, Note, State, Withdrawal} from "../../contracts/types/Messages.sol";
import {Check, vm} from "./helpers/Forge.sol";

/// @notice Gives memory structs to the calldata functions under test.
contract Hasher {
    function state(State calldata s, bytes32 id) external pure returns (bytes32) {
        return MessageHash.hash(s, id);
    }

    function note(Note calldata n, bytes32 id) external pure returns (bytes32) {
        return MessageHash.hash(n, id);
    }

    function withdrawal(Withdrawal calldata w, bytes32 id) external pure returns (bytes32) {
        return MessageHash.hash(w, id);
    }

    function closing(Closing calldata c, bytes32 id) external pure returns (bytes32) {
        return MessageHash.hash(c, id);
    }

    function appointment(Appointment memory a, bytes32 id, address party) external pure returns (bytes32) {
        return MessageHash.hash(a, id, party);
    }
}

/// @notice The contracts' libraries and the TypeScript library compute the same (test/vectors).
contract VectorsTest {
    Hasher private immutable hasher = new Hasher();

    function test_hashes_are_those_of_the_typescript_library() external view {
        string memory json = vm.readFile("test/vectors/hashes.json");
        bytes32[] memory ids = vm.parseJsonBytes32Array(json, ".id");
        for (uint256 i = 0; i < ids.length; ++i) _checkHashes(json, ids[i], i);
        Check.equal(ids.length, 40, "cases");
    }

    function test_trees_are_those_of_the_typescript_library() external view {
        string memory json = vm.readFile("test/vectors/trees.json");
        bytes32[] memory leaves = vm.parseJsonBytes32Array(json, ".leaf");
        bytes32[] memory roots = vm.parseJsonBytes32Array(json, ".root");
        bytes[] memory proofs = vm.parseJsonBytesArray(json, ".proof");
        for (uint256 i = 0; i < leaves.length; ++i) {
            bytes32[] memory proof = new bytes32[](proofs[i].length / 32);
            for (uint256 k = 0; k < proof.length; ++k) proof[k] = _word(proofs[i], k);
            Check.equal(MerkleProof.processProof(proof, leaves[i]), roots[i], "root");
        }
        Check.equal(leaves.length, 24, "cases");
    }

    function test_sum_trees_are_those_of_the_typescript_library() external {
        string memory json = vm.readFile("test/vectors/sumTrees.json");
        bytes32[] memory roots = vm.parseJsonBytes32Array(json, ".root");
        uint256[] memory totals = vm.parseJsonUintArray(json, ".total");
        bytes32[] memory commitments = vm.parseJsonBytes32Array(json, ".commitment");
        LiabilityAnchor anchor = new LiabilityAnchor();
        for (uint64 i = 0; i < roots.length; ++i) {
            anchor.anchor(address(0), i, roots[i], uint128(totals[i]));
            Check.equal(anchor.anchorOf(address(this), address(0), i), commitments[i], "commitment");
            Check.yes(_isIncluded(anchor, json, i), "inclusion");
        }
        Check.equal(roots.length, 24, "cases");
    }

    function test_settlements_are_those_of_the_typescript_library() external view {
        string memory json = vm.readFile("test/vectors/settlements.json");
        int256[] memory funded = vm.parseJsonIntArray(json, ".funded");
        int256[] memory net = vm.parseJsonIntArray(json, ".net");
        uint256[][12] memory u;
        string[12] memory names = [
            "noteSeq",
            "noteCredited",
            "locked",
            "seq",
            "credited",
            "noteLocked",
            "registered",
            "outgoing",
            "systemCheated",
            "collateral",
            "undisputed",
            "due"
        ];
        for (uint256 k = 0; k < 12; ++k) u[k] = vm.parseJsonUintArray(json, string.concat(".", names[k]));
        uint256[] memory forfeits = vm.parseJsonUintArray(json, ".forfeit");
        for (uint256 i = 0; i < funded.length; ++i) {
            State memory s;
            s.net = int128(net[i]);
            s.noteSeq = uint64(u[0][i]);
            s.noteCredited = uint128(u[1][i]);
            s.locked = uint128(u[2][i]);
            bool counts = u[3][i] >= s.noteSeq;
            uint256 best = counts ? u[4][i] + Settlement.min(u[5][i], u[6][i]) : 0;
            uint256 outgoing = u[8][i] == 1 ? 0 : Settlement.min(s.locked, u[7][i]);
            Check.equal(Settlement.due(funded[i], s.net, s.noteCredited, best, outgoing), u[11][i], "due");
            uint128 credited = counts ? uint128(u[4][i]) : s.noteCredited;
            Check.equal(Settlement.due(funded[i], s.net, s.noteCredited, credited, s.locked), u[10][i], "undisputed");
            Check.equal(Settlement.forfeit(funded[i], s.net, u[9][i]), forfeits[i], "forfeit");
        }
        Check.equal(funded.length, 300, "cases");
    }

    function testFuzz_no_settlement_overflows_or_pays_less_than_nothing(
        int112 funded,
        State memory s,
        uint128 credited,
        uint128 locked,
        uint128 outgoing,
        uint112 collateral
    ) external pure {
        uint256 best = uint256(credited) + locked;
        (int128 net, uint128 folded) = (s.net, s.noteCredited);
        uint256 due = Settlement.due(funded, net, folded, best, Settlement.min(s.locked, outgoing));
        Check.atLeast(Settlement.due(funded, net, folded, best, 0), due, "outgoing locks only lower what is due");
        Check.atLeast(due, Settlement.due(funded, net, folded, 0, s.locked), "a note only raises what is due");
        Check.atLeast(collateral, Settlement.forfeit(funded, s.net, collateral), "forfeit");
    }

    function _isIncluded(LiabilityAnchor anchor, string memory json, uint64 i) private view returns (bool) {
        bytes memory path = vm.parseJsonBytesArray(json, ".path")[i];
        SumNode[] memory siblings = new SumNode[](path.length / 64);
        for (uint256 k = 0; k < siblings.length; ++k) {
            (bytes32 hash, uint128 sum) = (_word(path, 2 * k), uint128(uint256(_word(path, 2 * k + 1))));
            siblings[k] = SumNode(hash, sum);
        }
        return
            anchor.verifyInclusion(
                address(this),
                address(0),
                i,
                _at(json, ".channelId", i),
                _at(json, ".salt", i),
                uint128(vm.parseJsonUintArray(json, ".balance")[i]),
                vm.parseJsonUintArray(json, ".index")[i],
                siblings
            );
    }

    function _checkHashes(string memory json, bytes32 id, uint256 i) private view {
        address party = vm.parseJsonAddressArray(json, ".party")[i];
        uint64 deadline = uint64(vm.parseJsonUintArray(json, ".deadline")[i]);
        uint16 shareBps = uint16(vm.parseJsonUintArray(json, ".shareBps")[i]);
        State memory s;
        s.version = uint64(vm.parseJsonUintArray(json, ".version")[i]);
        s.net = int128(vm.parseJsonIntArray(json, ".net")[i]);
        s.noteSeq = uint64(vm.parseJsonUintArray(json, ".seq")[i]);
        s.noteCredited = uint128(vm.parseJsonUintArray(json, ".credited")[i]);
        s.locked = uint128(vm.parseJsonUintArray(json, ".locked")[i]);
        s.locksExpiry = uint64(vm.parseJsonUintArray(json, ".locksExpiry")[i]);
        s.locksRoot = vm.parseJsonBytes32Array(json, ".locksRoot")[i];
        s.memo = vm.parseJsonBytes32Array(json, ".memo")[i];
        Note memory n = Note(s.noteSeq, s.noteCredited, s.locked, s.locksExpiry, s.locksRoot, s.memo);

        bytes32 stateHash = hasher.state(s, id);
        Check.equal(stateHash, _at(json, ".stateHash", i), "state");
        bytes32 noteHash = hasher.note(n, id);
        Check.equal(noteHash, _at(json, ".noteHash", i), "note");
        Withdrawal memory w = Withdrawal(s.noteCredited, s.locked, party, deadline);
        Check.equal(hasher.withdrawal(w, id), _at(json, ".withdrawalHash", i), "withdrawal");
        Check.equal(hasher.closing(Closing(s.net, deadline), id), _at(json, ".closingHash", i), "closing");
        bytes32 close = MessageHash.hashClose(id, party, stateHash, noteHash, shareBps % 2 == 1, deadline);
        Check.equal(close, _at(json, ".closeHash", i), "close");
        Appointment memory a = Appointment(vm.parseJsonAddressArray(json, ".user")[i], shareBps, deadline);
        Check.equal(hasher.appointment(a, id, party), _at(json, ".appointmentHash", i), "appointment");
        Check.equal(MessageHash.hashBatch(stateHash), _at(json, ".batchHash", i), "batch");
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(stateHash))));
        Check.equal(leaf, _at(json, ".batchLeaf", i), "batch leaf");
        leaf = keccak256(bytes.concat(keccak256(abi.encode(s.noteSeq, noteHash, s.noteCredited, deadline))));
        Check.equal(leaf, _at(json, ".lockLeaf", i), "lock leaf");
    }

    function _at(string memory json, string memory key, uint256 i) private pure returns (bytes32) {
        return vm.parseJsonBytes32Array(json, key)[i];
    }

    function _word(bytes memory all, uint256 k) private pure returns (bytes32 word) {
        assembly {
            word := mload(add(all, add(32, mul(32, k))))
        }
    }
}
