// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {LockProof, Note, State} from "../../../contracts/types/Messages.sol";
import {vm} from "../helpers/Forge.sol";
import {Lock, Locks} from "../helpers/Locks.sol";
import {Signing} from "../helpers/Signing.sol";
import {Closing} from "./Closing.sol";
import {Ghost, Pending} from "./Ghosts.sol";
import {Money} from "./Ledger.sol";

/// @notice What honest parties and their watchtowers do about a close (sections 5 to 7).
abstract contract Answers is Closing {
    using Locks for Lock[2];

    /// Time passes, less than a challenge period; first everybody has answered, as it must once in a period.
    function pass(uint256 time) external {
        _wait(block.timestamp + (time % PERIOD));
    }

    /// A preimage becomes public: now, or in the last second before its lock expires, or the one after.
    function reveal(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        Lock memory lock = (seed % 2 == 0 ? _outgoing(g) : _incoming(g))[(seed >> 1) % 2];
        if (lock.amount == 0) return;
        if ((seed >> 2) % 3 == 0 && lock.expiry > block.timestamp) _wait(lock.expiry - ((seed >> 4) % 2));
        if (revealed[Locks.hash(lock)] == 0) revealed[Locks.hash(lock)] = block.timestamp;
        registry.reveal(lock.preimage);
    }

    /// The owner of a lock shows its preimage to the hub, before or during a close.
    function claimLock(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        bool incoming = seed % 2 == 0;
        Lock[2] memory locks = incoming ? _incoming(g) : _outgoing(g);
        uint256 k = (seed >> 1) % 2;
        if (locks[k].amount == 0) return;
        bytes32 treeHash = incoming ? Signing.note(_lastNote(g), _id(g)) : Signing.state(_lastState(g), _id(g));
        LockProof[] memory proofs = new LockProof[](1);
        bool public_ = (seed >> 2) % 2 == 0;
        proofs[0] = locks.proof(k, !public_);
        // The preimage that is shown now, or the registry's: in time or not?
        uint256 time = public_ ? revealed[Locks.hash(locks[k])] : block.timestamp;
        bool inTime = time != 0 && time < locks[k].expiry;
        if (incoming && g.pending.active && _lastNote(g).seq < g.pending.standing.noteSeq) return;
        (bool ok, ) = incoming ? _tryClaimIncoming(g, proofs) : _tryClaimOutgoing(g, proofs, seed >> 3);
        _hold(ok || !inTime, "2: a lock claimed in time was refused");
        _hold(!ok || inTime, "3: a lock claimed too late was counted");
        if (!ok) return;
        shown[treeHash] |= 1 << k;
        if (incoming && g.pending.active) _noteShown(g, _lastNote(g), false);
    }

    /// Everybody answers every close; then time passes.
    function _wait(uint256 until) internal {
        for (uint256 i = 0; i < _channels(); ++i) _watch(_ghost(i));
        vm.warp(until);
    }

    /// In the challenge period: shows the latest state if another stands, and a note that the system's close hid.
    function _watch(Ghost storage g) internal {
        Pending storage p = g.pending;
        if (!p.active || block.timestamp >= _challengeEnd(g)) return;
        State memory latest = _lastState(g);
        Note memory n = _lastNote(g);
        bool other = Signing.state(latest, _id(g)) != Signing.state(p.standing, _id(g));
        if (other) _challenge(g, latest, p.bySystem || latest.version == p.standing.version ? g.user : STRANGER);
        if (!p.active || p.systemCheated || !_hidden(g, n) || n.seq < p.standing.noteSeq) return;
        _prove(g, n, new LockProof[](0), _appointment(g, g.user));
    }

    /// Shows a complete state: the penalty, or the state stands from now on.
    function _challenge(Ghost storage g, State memory s, address sender) internal {
        Pending storage p = g.pending;
        bytes memory a = _appointment(g, p.bySystem ? g.user : _market(g).system);
        bool tower = a.length != 0;
        Money memory before = _money(g);
        bool penalty = _userCheats(g, s);
        _as(sender, 0, _challengeCall(g, s, a));
        if (penalty) {
            _userPenalised(g, s, before, tower);
            return;
        }
        _hold(hub.channelOf(_ref(g)).closing, "4: an honest closer was penalised");
        p.standing = s;
        _shows(g, s.locksExpiry);
        if (p.bySystem && s.version > p.judged.version) _provesCheat(p, tower);
    }

    /// Shows a note with locks of it.
    function _prove(Ghost storage g, Note memory n, LockProof[] memory locks, bytes memory a) internal {
        _as(STRANGER, 0, _proveCall(g, n, locks, a));
        _noteShown(g, n, a.length != 0);
    }

    /// All of the epoch's collateral goes to the system, but for its tower's share of the forfeit; the user gets nothing.
    function _userPenalised(Ghost storage g, State memory evidence, Money memory a, bool tower) private {
        Money memory b = _money(g);
        Pending storage p = g.pending;
        int256 left = p.funded + evidence.net;
        uint256 forfeit = left > 0 ? _min(uint256(left), p.collateral) : 0;
        uint256 toTower = tower ? (forfeit * 1_000) / 10_000 : 0;
        _hold(!hub.channelOf(_ref(g)).closing, "5: a cheating user was not penalised");
        _hold(b.user == a.user && b.claimed == a.claimed, "5: a cheating user was paid");
        _hold(b.system - a.system == p.collateral - toTower, "5: the forfeit is the system's");
        _hold(b.tower - a.tower == toTower, "5: the tower's share of the forfeit");
        _hold(b.reserve == a.reserve, "3: a penalty touched the reserve");
        _reopen(g);
    }

    function _noteShown(Ghost storage g, Note memory n, bool tower) private {
        _shows(g, n.locksExpiry);
        if (_hidden(g, n) && block.timestamp < _challengeEnd(g)) _provesCheat(g.pending, tower);
    }

    function _provesCheat(Pending storage p, bool tower) private {
        p.systemCheated = true;
        if (tower) p.towered = true;
    }

    function _tryClaimIncoming(Ghost storage g, LockProof[] memory proofs) private returns (bool, bytes memory) {
        Note memory n = _lastNote(g);
        bytes memory data =
            g.pending.active ? _proveCall(g, n, proofs, "") : abi.encodeCall(hub.proveLocks, (_ref(g), n, proofs));
        return _try(STRANGER, 0, data);
    }

    function _tryClaimOutgoing(
        Ghost storage g,
        LockProof[] memory proofs,
        uint256 seed
    ) internal returns (bool, bytes memory) {
        address system = _market(g).system;
        bytes memory a = _appointment(g, system);
        address sender = a.length != 0 && seed % 2 == 0 ? TOWER : system;
        State memory s = _lastState(g);
        return _try(sender, 0, abi.encodeCall(hub.proveLocksOfState, (_ref(g), g.pending.dispute, s, proofs, a)));
    }
}
