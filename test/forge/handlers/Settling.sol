// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {LockProof, Note} from "../../../contracts/types/Messages.sol";
import {vm} from "../helpers/Forge.sol";
import {Signing} from "../helpers/Signing.sol";
import {Answers} from "./Answers.sol";
import {Ghost, Pending} from "./Ghosts.sol";
import {Money} from "./Ledger.sol";

/// @notice The end of a close, held against the settlement of section 6 as this ledger computes it.
abstract contract Settling is Answers {
    mapping(uint256 market => uint256 time) internal lastSystemClose;

    function settle(uint256 who) external {
        Ghost storage g = _pick(who);
        _wait(block.timestamp);
        if (!g.pending.active) return;
        _claimAll(g);
        uint256 ripe = _ripe(g);
        _hold(ripe <= g.pending.closedAt + 2 * PERIOD + WINDOW + LIMIT, "9: money was locked for too long");
        if (block.timestamp < ripe) {
            vm.warp(ripe - 1);
            (bool early, ) = _try(STRANGER, 0, _settleCall(g));
            _hold(!early, "2: a close was settled within the claim window");
            if (early) return;
            vm.warp(ripe);
        }
        _settle(g);
    }

    function _ripe(Ghost storage g) internal view returns (uint256) {
        uint256 end = _challengeEnd(g);
        return (end > g.pending.expiry ? end : g.pending.expiry) + WINDOW;
    }

    /// User and system show every lock that was claimed in time.
    function _claimAll(Ghost storage g) private {
        Note memory n = _lastNote(g);
        _hold(
            Signing.state(g.pending.standing, _id(g)) == Signing.state(_lastState(g), _id(g)),
            "2: the latest state does not stand"
        );
        if (n.seq != 0) _prove(g, n, _claims(_incoming(g)), "");
        LockProof[] memory outgoing = _claims(_outgoing(g));
        if (outgoing.length == 0) return;
        (bool ok, ) = _tryClaimOutgoing(g, outgoing, block.timestamp);
        _hold(ok, "3: the system could not show a lock that it paid on");
    }

    function _settle(Ghost storage g) private {
        Pending storage p = g.pending;
        uint256 due = _due(g, !p.systemCheated);
        uint256 toUser = due > p.paid ? due - p.paid : 0;
        uint256 rest = p.collateral - _min(toUser, p.collateral);
        // An honest system's undisputed due is never more than the due.
        _hold(p.systemCheated || g.forged || p.paid <= due, "3: the undisputed due exceeds the due");

        Money memory a = _money(g);
        bytes memory data = _settleCall(g);
        (bool ok, ) = _try(STRANGER, 0, data);
        _hold(ok, "9: a ripe close could not be settled");
        Money memory b = _money(g);
        bool stale = p.standing.version >= uint256(p.judged.version) + 2;
        if (p.humble) fees -= FEE;
        bool coins = _market(g).token == address(0);
        _returned(p, a, b, stale, coins);
        uint256 extra = p.humble && coins ? FEE : 0;
        _checkShares(g, a, b, toUser + (stale ? 0 : extra), rest, stale ? extra : 0);
        _paidOut(g, a, b, toUser, p.collateral);

        if (p.bySystem) lastSystemClose[g.market] = block.timestamp;
        _reopen(g);
        (ok, ) = _try(STRANGER, 0, data);
        _hold(!ok, "8: a close was settled twice");
    }

    /// A penalised system gets nothing: the rest is the user's, or its watchtower's.
    function _checkShares(
        Ghost storage g,
        Money memory a,
        Money memory b,
        uint256 toUser,
        uint256 rest,
        uint256 feeToSystem
    ) private {
        Pending storage p = g.pending;
        uint256 got = b.user + b.claimed - a.user - a.claimed;
        uint256 systemGot = b.system - a.system - feeToSystem;
        uint256 toTower = p.towered ? rest / 10 : 0;
        if (p.systemCheated) {
            _hold(systemGot == 0, "5: a cheating system was paid");
            _hold(got == toUser + rest - toTower, "5: the forfeit is the user's");
            _hold(b.tower - a.tower == toTower, "5: the tower's share of the forfeit");
            _hold(b.awarded - a.awarded == _min(AWARD, a.bond - a.awarded), "5: the award");
        } else {
            _hold(systemGot == rest, "4: an honest system got too little or too much of the rest");
            _hold(b.awarded == a.awarded && b.tower == a.tower, "4: an honest system's bond was awarded");
            _hold(got >= toUser, "2: a user got less than its due");
            _hold(got <= toUser, "3: a system paid more than it owed");
        }
    }

    /// The fee of a humble close is the system's only if it was revoked.
    function _returned(Pending storage p, Money memory a, Money memory b, bool stale, bool coins) private {
        if (coins) return;
        uint256 fee = p.humble ? FEE : 0;
        _hold(b.userFees - a.userFees == (stale ? 0 : fee), "3: the fee of a humble close");
        _hold(b.systemFees - a.systemFees == (stale ? fee : 0), "3: the fee of a stale humble close");
    }
}
