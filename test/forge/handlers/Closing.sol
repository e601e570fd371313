// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MessageHash} from "../../../contracts/libraries/MessageHash.sol";
import {DisputeRecord} from "../../../contracts/types/Dispute.sol";
import {CloseOrder, Note, State} from "../../../contracts/types/Messages.sol";
import {Disputes} from "../helpers/Disputes.sol";
import {vm} from "../helpers/Forge.sol";
import {Signing} from "../helpers/Signing.sol";
import {Consent} from "./Consent.sol";
import {Ghost, Pending} from "./Ghosts.sol";
import {Money} from "./Ledger.sol";

/// @notice Closes by honest and dishonest parties (sections 5 and 6), and what is stored for them beforehand.
abstract contract Closing is Consent {
    /// A complete state is stored on chain.
    function checkpoint(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        State memory s = g.states[seed % g.states.length];
        bool fresh = !g.pending.active && s.version > g.checkpoint.version;
        (bool ok, ) = _try(STRANGER, 0, _checkpointCall(g, s));
        _hold(ok == fresh, "7: a checkpoint neither newer nor refused");
        if (ok) g.checkpoint = s;
    }

    /// The user adds a key for the epoch, once.
    function addKey(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        uint256 key = (seed % 1e9) + 1e9;
        (bool ok, ) = _try(g.user, 0, abi.encodeCall(hub.addUserSigner, (_ref(g), vm.addr(key))));
        _hold(ok == (g.extraKey == 0 && !g.pending.active), "7: a second key, or one during a close");
        if (ok) g.extraKey = key;
    }

    /// User or system closes, with its latest state and note or older ones, by itself or through a relayer.
    function close(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        if (g.pending.active) return;
        bool bySystem = seed % 2 == 0;
        bool humble = !bySystem && (seed >> 1) % 3 == 0;
        State memory s = _someState(g, seed >> 8, bySystem);
        Note memory n = _someNote(g, seed >> 16, bySystem, s);
        State memory judged = g.checkpoint.version > s.version ? g.checkpoint : s;

        Pending storage p = g.pending;
        (p.bySystem, p.humble, p.closedAt) = (bySystem, humble, block.timestamp);
        p.funded = int256(g.deposited) - int256(g.withdrawn);
        (p.judged, p.standing) = (judged, judged);
        bool counts = n.seq != 0 && n.seq >= judged.noteSeq;
        p.seq = counts ? n.seq : judged.noteSeq;
        p.credited = counts && n.credited > judged.noteCredited ? n.credited : judged.noteCredited;
        _shows(g, judged.locksExpiry);
        if (counts) _shows(g, n.locksExpiry);
        if (bySystem) {
            int256 sure =
                p.funded +
                    judged.net +
                    int256(uint256(p.credited - judged.noteCredited)) -
                    int256(uint256(judged.locked));
            p.paid = sure > 0 ? uint256(sure) : 0;
        }
        p.collateral = g.collateral - _min(p.paid, g.collateral);

        Money memory a = _money(g);
        p.dispute = _close(g, s, n, bySystem, humble, (seed >> 32) % 3 == 0);
        p.active = true;
        if (humble) fees += FEE;
        Money memory b = _money(g);
        _hold(b.user + b.claimed - a.user - a.claimed == p.paid, "2: the undisputed due is paid at once");
        _hold(b.system == a.system, "3: the system comes last");
        _paidOut(g, a, b, p.paid, g.collateral);
    }

    /// Whether the close is a cheat of the user's that the system can prove (section 5).
    function _userCheats(Ghost storage g, State memory evidence) internal view returns (bool) {
        Pending storage p = g.pending;
        return !p.bySystem && !p.humble && evidence.version >= uint256(p.judged.version) + 2;
    }

    /// Whether a note proves the close to be a cheat of the system's.
    function _hidden(Ghost storage g, Note memory n) internal view returns (bool) {
        Pending storage p = g.pending;
        if (!p.bySystem || n.seq < p.judged.noteSeq) return false;
        return n.seq > p.seq || n.credited > p.credited;
    }

    function _challengeEnd(Ghost storage g) internal view returns (uint256) {
        return g.pending.closedAt + (g.pending.humble ? 2 : 1) * PERIOD;
    }

    /// The latest expiry of anything shown never falls, and is capped.
    function _shows(Ghost storage g, uint256 expiry) internal {
        expiry = _min(expiry, g.pending.closedAt + LIMIT);
        if (expiry > g.pending.expiry) g.pending.expiry = expiry;
    }

    function _close(
        Ghost storage g,
        State memory s,
        Note memory n,
        bool bySystem,
        bool humble,
        bool relayed
    ) private returns (DisputeRecord memory) {
        address party = bySystem ? _market(g).system : g.user;
        CloseOrder memory order = CloseOrder(party, humble, uint64(block.timestamp + 1), "");
        if (relayed) {
            bytes32 noteHash = n.seq == 0 ? bytes32(0) : Signing.note(n, _id(g));
            bytes32 stateHash = Signing.state(s, _id(g));
            bytes32 hash = MessageHash.hashClose(_id(g), party, stateHash, noteHash, humble, order.deadline);
            order.signature = bySystem ? _sign(_market(g).signerKey, hash) : _signUser(g, hash);
        }
        (bytes memory onState, bytes memory onNote) = _closeSignatures(g, s, n, bySystem);
        bytes memory data = abi.encodeCall(hub.close, (_ref(g), s, n, onState, onNote, order));
        vm.recordLogs();
        _as(relayed ? STRANGER : party, humble ? FEE : 0, data);
        return Disputes.find(vm.getRecordedLogs());
    }

    /// The latest state in half of the cases, else one of the three before it. The system may have kept a twin of the latest.
    function _someState(Ghost storage g, uint256 r, bool bySystem) private returns (State memory) {
        uint256 last = g.states.length - 1;
        if (bySystem && r % 3 == 0 && g.twin.version != 0) {
            g.forged = true;
            return g.twin;
        }
        uint256 age = r % 8 < 4 ? 0 : r % 4;
        return g.states[age > last ? 0 : last - age];
    }

    /// Any note; the system may make itself one.
    function _someNote(Ghost storage g, uint256 r, bool bySystem, State memory s) private returns (Note memory n) {
        if (r % 8 < 4) return _lastNote(g);
        if (!bySystem || r % 8 < 6) return g.notes[(r >> 8) % g.notes.length];
        g.forged = true;
        (n.seq, n.credited) = (type(uint64).max, s.noteCredited);
    }
}
