// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {LockProof, Note, State} from "../../../contracts/types/Messages.sol";
import {Signing} from "../helpers/Signing.sol";
import {Ghost, Pending} from "./Ghosts.sol";
import {Settling} from "./Settling.sol";

/// @notice What nobody should gain by against a pending close: old evidence, twins, self-made notes, the wrong moment,
/// record or sender.
abstract contract Attacks is Settling {
    function attack(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        if (!g.pending.active) return;
        uint256 r = seed >> 8;
        if (seed % 8 < 2) _showState(g, g.states[r % g.states.length], r >> 8);
        else if (seed % 8 == 2) _showTwin(g);
        else if (seed % 8 == 3) _showOldNote(g, r % g.notes.length);
        else if (seed % 8 == 4) _showOwnNote(g, r);
        else if (seed % 8 == 5) _rush(g, r);
        else if (seed % 8 == 6) _proveAsStranger(g);
        else _mistakeRecord(g, r);
    }

    /// Any complete state, by anybody: it counts only if newer, or shown by the user for a version that stands.
    function _showState(Ghost storage g, State memory s, uint256 r) private {
        Pending storage p = g.pending;
        address sender = [STRANGER, g.user, _market(g).system][r % 3];
        bool newer = s.version > p.standing.version || (s.version == p.standing.version && sender == g.user);
        bool legitimate = s.version != 0 && block.timestamp < _challengeEnd(g) && (_userCheats(g, s) || newer);
        if (legitimate) return _challenge(g, s, sender);
        (bool ok, ) = _try(sender, 0, _challengeCall(g, s, ""));
        _hold(!ok, "4: evidence that proves nothing was taken");
    }

    /// The system completed another state of the latest version and shows that.
    function _showTwin(Ghost storage g) private {
        if (g.twin.version == 0) return;
        g.forged = true;
        _showState(g, g.twin, 0);
    }

    function _showOldNote(Ghost storage g, uint256 i) private {
        Note memory n = g.notes[i];
        LockProof[] memory locks = _claims(g.incoming[i]);
        if (n.seq != 0 && n.seq >= g.pending.standing.noteSeq) return _prove(g, n, locks, "");
        (bool ok, ) = _try(STRANGER, 0, _proveCall(g, n, locks, ""));
        _hold(!ok, "3: a note that was folded in long ago was taken");
    }

    /// The system signs itself a newer note that is worth less, with locks that never expire.
    function _showOwnNote(Ghost storage g, uint256 r) private {
        Note memory n = _lastNote(g);
        n.seq += 1 + uint64(r % 5);
        n.credited -= uint128((r >> 8) % (uint256(n.credited - g.pending.standing.noteCredited) + 1));
        (n.locked, n.locksExpiry, n.locksRoot) = (1e9, type(uint64).max, bytes32(r));
        g.forged = true;
        _prove(g, n, new LockProof[](0), "");
    }

    /// Settles too early, or with a state that does not stand.
    function _rush(Ghost storage g, uint256 r) private {
        Pending storage p = g.pending;
        if (block.timestamp < _ripe(g)) {
            (bool early, ) = _try(STRANGER, 0, _settleCall(g));
            _hold(!early, "2: a close was settled too early");
        }
        State memory s = g.states[r % g.states.length];
        if (Signing.state(s, _id(g)) == Signing.state(p.standing, _id(g))) return;
        (bool ok, ) = _try(STRANGER, 0, abi.encodeCall(hub.settle, (_ref(g), p.dispute, s)));
        _hold(!ok, "2: a close was settled by a state that does not stand");
    }

    /// Nobody but the system and its watchtower shows locks of a state.
    function _proveAsStranger(Ghost storage g) private {
        State memory s = _lastState(g);
        bytes memory a = _appoint(g, _market(g).system, STRANGER, g.key);
        LockProof[] memory locks = _claims(_outgoing(g));
        bytes memory data = abi.encodeCall(hub.proveLocksOfState, (_ref(g), g.pending.dispute, s, locks, a));
        (bool ok, ) = _try(STRANGER, 0, data);
        _hold(!ok, "2: a stranger showed locks of a state");
    }

    /// The record of another channel's close.
    function _mistakeRecord(Ghost storage g, uint256 r) private {
        Ghost storage other = _ghost(r);
        if (_id(other) == _id(g)) return;
        bytes memory data = abi.encodeCall(hub.settle, (_ref(g), other.pending.dispute, g.pending.standing));
        (bool ok, ) = _try(STRANGER, 0, data);
        _hold(!ok, "7: another close's record was taken");
    }
}
