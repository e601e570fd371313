// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Asset, Award, Backing, NoticeKind} from "../../../contracts/types/Asset.sol";
import {vm} from "../helpers/Forge.sol";
import {Ghost} from "./Ghosts.sol";
import {Replays} from "./Replays.sol";

/// @notice What waits is fetched, and what a system may take out it takes: claims, owed payouts, awards, notices (section 2).
abstract contract Collecting is Replays {
    function collectClaim(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        uint256 count = claims[g.market].length;
        if (count == 0) return;
        Claimed storage claim = claims[g.market][seed % count];
        (uint256 had, uint256 end) = (_has(g, claim.recipient), claim.start + claim.left);
        Asset memory asset = _asset(g);
        uint256 covered = _min(asset.claimed, asset.funded + asset.reserve);
        bytes memory data = abi.encodeCall(hub.collectClaim, (_market(g).system, _market(g).token, seed % count));
        (bool ok, ) = _try(STRANGER, 0, data);
        // What was minted for it, if anything, covers it too.
        if (ok && _asset(g).funded > covered) covered = _asset(g).funded;
        uint256 due = covered > claim.start ? _min(covered, end) - claim.start : 0;
        bool mintable = _market(g).backing == Backing.Issued && !_mintsFail(g);
        _hold(ok == (due != 0) && (!mintable || ok || claim.left == 0), "8: a funded claim was refused");
        if (!ok) return;
        _hold(_has(g, claim.recipient) - had == due, "8: a claim paid too little or too much");
        (claim.start, claim.left) = (claim.start + due, claim.left - due);
        claimsPaid[g.market] += due;
    }

    function collectOwed(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        (address account, address token) = (seed % 2 == 0 ? g.user : _market(g).system, _market(g).token);
        uint256 amount = hub.owed(token, account);
        uint256 had = _held(token, STRANGER);
        (bool ok, ) = _try(account, 0, abi.encodeCall(hub.collectOwed, (token, STRANGER)));
        // The stranger's wallet takes coins; a token that blocks everybody still does.
        _hold(ok == (amount != 0 && (token == address(0) || !_blocked(g))), "1: an owed payout was refused");
        _hold(_held(token, STRANGER) - had == (ok ? amount : 0), "1: an owed payout paid too little or too much");
    }

    function collectAward(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        (address system, address token) = (_market(g).system, _market(g).token);
        uint256 count = _asset(g).awardCount;
        if (count == 0) return;
        Award memory award = hub.awardOf(system, token, seed % count);
        bytes memory data = abi.encodeCall(hub.collectAward, (system, token, seed % count));
        if (award.amount != 0 && block.timestamp < award.ripeAt) {
            (bool early, ) = _try(STRANGER, 0, data);
            _hold(!early, "5: an award was paid before the notice time");
            if (seed % 3 != 0) return;
            _wait(award.ripeAt);
        }
        uint256 had = _has(g, award.recipient);
        (bool ok, ) = _try(STRANGER, 0, data);
        _hold(ok == (award.amount != 0), "5: an award was refused, or paid twice");
        _hold(_has(g, award.recipient) - had == award.amount, "5: an award paid too little or too much");
    }

    /// The system announces to take reserve or bond, and takes it too early, in time, or too late.
    function notice(uint256 who, uint256 seed, uint64 value) external {
        Ghost storage g = _pick(who);
        (address system, address token) = (_market(g).system, _market(g).token);
        NoticeKind kind = seed % 2 == 0 ? NoticeKind.Reserve : NoticeKind.Bond;
        _as(system, 0, abi.encodeCall(hub.giveNotice, (kind, token, value % 1e11)));
        uint256 period = hub.noticePeriod(system);
        _hold(period > 2 * (PERIOD + WINDOW) + LIMIT, "2: the notice period is too short");
        if (seed % 3 == 0) return _takeNothing(system, kind, token, block.timestamp);
        if (seed % 3 == 1) return _takeNothing(system, kind, token, block.timestamp + 2 * period);
        _takeNothing(system, kind, token, block.timestamp + period - 1);
        vm.warp(block.timestamp + 1);
        Asset memory asset = _asset(g);
        uint256 open = _min(asset.claimed - asset.funded, asset.reserve);
        uint256 free = kind == NoticeKind.Reserve ? asset.reserve - open : _freeBond(g, asset);
        free = _min(free, value % 1e11);
        uint256 had = _has(g, system);
        (bool ok, ) = _try(system, 0, abi.encodeCall(hub.executeNotice, (kind, token)));
        _hold(ok == (free != 0), "5: a notice let out what is needed, or kept what is free");
        _hold(_has(g, system) - had == (ok ? free : 0), "5: a notice let out too little or too much");
    }

    function _takeNothing(address system, NoticeKind kind, address token, uint256 time) private {
        _wait(time);
        (bool ok, ) = _try(system, 0, abi.encodeCall(hub.executeNotice, (kind, token)));
        _hold(!ok, "2: a notice was executed before or after its time");
    }

    /// No bond is free while a close by the system is pending, within a period after one, or where it is awarded.
    function _freeBond(Ghost storage g, Asset memory asset) private view returns (uint256) {
        for (uint256 i = 0; i < _channels(); ++i) {
            Ghost storage other = _ghost(i);
            if (other.market == g.market && other.pending.active && other.pending.bySystem) return 0;
        }
        uint256 last = lastSystemClose[g.market];
        return last != 0 && block.timestamp <= last + PERIOD ? 0 : asset.bond - asset.awarded;
    }

    function _has(Ghost storage g, address account) private view returns (uint256) {
        address token = _market(g).token;
        return _held(token, account) + hub.owed(token, account);
    }
}
