// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Backing} from "../../../contracts/types/Asset.sol";
import {Note, State} from "../../../contracts/types/Messages.sol";
import {Lock, Locks} from "../helpers/Locks.sol";
import {Signing} from "../helpers/Signing.sol";
import {Ghost} from "./Ghosts.sol";
import {Ledger} from "./Ledger.sol";

/// @notice What user and system agree on without the chain, by the rules of section 4.
abstract contract OffChain is Ledger {
    using Locks for Lock[2];

    /// Payments both ways, plain and conditional.
    function trade(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        if (g.pending.active) return;
        for (uint256 steps = (seed % 3) + 1; steps != 0; --steps) {
            seed = _random(seed);
            if (seed % 2 == 0) _writeState(g, seed >> 8);
            else _writeNote(g, seed >> 8);
        }
    }

    /// The user pays: at once or under a lock; what is decided of its locks is folded in, and often the note.
    function _writeState(Ghost storage g, uint256 r) private {
        State memory s = _lastState(g);
        (Lock[2] memory locks, uint128 claimed) = _resolve(_outgoing(g), Signing.state(s, _id(g)));
        delete g.twin;
        if (r % 3 != 0) {
            Note memory n = _lastNote(g);
            s.net += int128(n.credited - s.noteCredited);
            (s.noteSeq, s.noteCredited) = (n.seq, n.credited);
        }
        // Loss of data makes versions jump (S7).
        s.version += r % 16 == 0 ? 2 ** 32 : 1;
        s.net -= int128(claimed);
        uint256 available = _balance(g) - claimed - locks.total();
        // The user first proposed to pay all or nothing, and took that for rejected; the system completed it too, and kept it.
        if (r % 7 == 0 && locks.total() == 0) {
            g.twin = State(s.version, s.net, s.noteSeq, s.noteCredited, 0, 0, 0, keccak256("rejected"));
            if (r % 2 == 0) g.twin.net -= int128(uint128(available));
        }
        if (available != 0) {
            uint128 amount = uint128(((r >> 8) % available) + 1);
            if (r % 5 < 3 || !_add(locks, r, amount)) s.net -= int128(amount);
        }
        (s.locked, s.locksExpiry, s.locksRoot) = (locks.total(), locks.latest(), locks.root());
        s.memo = bytes32(r);
        _store(g.outgoing[g.states.length], locks);
        g.states.push(s);
    }

    /// The system pays: of a collateral asset what it covers (U5), to a user that is careless once in a while also more.
    function _writeNote(Ghost storage g, uint256 r) private {
        Note memory n = _lastNote(g);
        (Lock[2] memory locks, uint128 claimed) = _resolve(_incoming(g), Signing.note(n, _id(g)));
        n.seq += r % 16 == 0 ? 2 ** 32 : 1;
        n.credited += claimed;
        uint256 room = 1e11;
        if (_market(g).backing == Backing.Collateral && r % 8 != 0) {
            uint256 promised = _balance(g) + claimed + locks.total();
            room = g.collateral - _min(promised, g.collateral);
        }
        if (room != 0) {
            uint128 amount = uint128(((r >> 8) % room) + 1);
            if (r % 5 < 3 || !_add(locks, r, amount)) n.credited += amount;
        }
        (n.locked, n.locksExpiry, n.locksRoot) = (locks.total(), locks.latest(), locks.root());
        n.memo = bytes32(r);
        _store(g.incoming[g.notes.length], locks);
        g.notes.push(n);
    }

    /// A lock leaves only because it was claimed in time or has expired unclaimed (S3).
    function _resolve(Lock[2] memory locks, bytes32 treeHash) private view returns (Lock[2] memory, uint128 claimed) {
        for (uint256 k = 0; k < 2; ++k) {
            bool inTime = _inTime(locks[k], treeHash, k);
            if (inTime) claimed += locks[k].amount;
            if (inTime || locks[k].expiry <= block.timestamp) delete locks[k];
        }
        return (locks, claimed);
    }

    function _add(Lock[2] memory locks, uint256 r, uint128 amount) private view returns (bool) {
        uint256 k = locks[0].amount == 0 ? 0 : 1;
        if (locks[k].amount != 0) return false;
        locks[k] = Lock(bytes32(_random(r)), amount, uint64(block.timestamp + 1 + ((r >> 16) % LIMIT)));
        return true;
    }

    function _store(Lock[2] storage place, Lock[2] memory locks) private {
        (place[0], place[1]) = (locks[0], locks[1]);
    }
}
