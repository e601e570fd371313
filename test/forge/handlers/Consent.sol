// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {Backing} from "../../../contracts/types/Asset.sol";
import {Closing, Withdrawal, WithdrawalItem} from "../../../contracts/types/Messages.sol";
import {vm} from "../helpers/Forge.sol";
import {Lock, Locks} from "../helpers/Locks.sol";
import {Signing} from "../helpers/Signing.sol";
import {Evidence} from "./Evidence.sol";
import {Ghost} from "./Ghosts.sol";
import {Money} from "./Ledger.sol";

/// @notice Money in, and out by consent (section 2, 3 and 6), with tokens that behave in ever other ways.
abstract contract Consent is Evidence {
    using Locks for Lock[2];

    /// Money comes into a channel, its collateral, the reserve or the bond.
    function fund(uint256 who, uint256 seed, uint64 amount) external {
        Ghost storage g = _pick(who);
        (address system, address token) = (_market(g).system, _market(g).token);
        uint256 before = _held(token, address(hub));
        uint256 sent = (uint256(amount) % 1e10) + 10;
        bytes memory data;
        if (seed % 8 < 4) data = abi.encodeCall(hub.deposit, (_ref(g), sent));
        else if (seed % 8 < 6) data = abi.encodeCall(hub.commitCollateral, (_ref(g), sent));
        else if (seed % 8 == 6) data = abi.encodeCall(hub.fundReserve, (system, token, sent));
        else data = abi.encodeCall(hub.fundBond, (system, token, sent));
        uint256 reserve = _asset(g).reserve;
        uint256 open = _asset(g).claimed - _asset(g).funded;
        (bool ok, ) = token == address(0) ? _try(address(this), sent, data) : _try(address(this), 0, data);
        // The issuer's tokens may have run out.
        if (!ok && g.market == 1) return;
        _hold(ok, "1: money was refused");
        Backing backing = _market(g).backing;
        uint256 got = _feeOf(token) ? sent - sent / 10 : sent;
        bool burnt = seed % 8 < 4 && backing == Backing.Issued;
        _hold(_held(token, address(hub)) == before + (burnt ? 0 : got), "1: what arrives is what counts");
        if (seed % 8 == 7) return;
        if (seed % 8 == 6 || (seed % 8 < 4 && backing == Backing.Reserve)) {
            _hold(_asset(g).reserve == reserve + got - _min(got, open), "1: claims are funded first");
        }
        if (seed % 8 < 6) _funded(g, seed % 8 < 4 ? got : 0, seed % 8 >= 4 || backing == Backing.Collateral ? got : 0);
    }

    /// The user takes some of its balance, the system of what covers nobody: alone or in a batch, sent by either or by
    /// anyone.
    function withdraw(uint256 who, uint64 amount, uint64 reclaim, uint256 seed) external {
        Ghost storage g = _pick(who);
        uint256 free = _balance(g) - (g.pending.active ? 0 : _outgoing(g).total());
        uint256 taken = uint256(amount) % (free + 1);
        uint256 covered = _market(g).backing == Backing.Collateral ? _balance(g) + _incoming(g).total() - taken : 0;
        uint256 left = g.collateral - _min(taken, g.collateral);
        uint256 reclaimed = left > covered ? uint256(reclaim) % (left - covered + 1) : 0;
        if (taken + reclaimed == 0) return;
        Withdrawal memory w = Withdrawal(
            uint128(g.withdrawn + taken),
            uint128(g.reclaimed + reclaimed),
            g.user,
            uint64(block.timestamp + 1)
        );
        Money memory a = _money(g);
        (address sender, bytes memory data) = _withdrawalCall(g, w, seed);
        if (g.pending.active) {
            (bool ok, ) = _try(sender, 0, data);
            if (seed % 4 != 3) _hold(!ok, "8: a withdrawal from a closing channel");
            return;
        }
        _as(sender, 0, data);
        Money memory b = _money(g);
        _hold(b.user + b.claimed - a.user - a.claimed == taken, "2: a withdrawal paid too little or too much");
        _hold(b.system - a.system == reclaimed, "3: the system reclaimed what was not agreed");
        _paidOut(g, a, b, taken, g.collateral);
        (g.withdrawn, g.reclaimed) = (w.withdrawn, w.reclaimed);
        g.collateral -= _min(taken, g.collateral) + reclaimed;
    }

    /// Both agree to end the epoch.
    function closeCooperatively(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        if (_outgoing(g).total() != 0 || _incoming(g).total() != 0) return;
        uint256 due = _balance(g);
        int256 net = int256(due) - int256(g.deposited) + int256(g.withdrawn);
        if (g.pending.active) net = 0;
        Closing memory c = Closing(int128(net), uint64(block.timestamp + 1));
        bytes32 hash = Signing.closing(c, _id(g));
        bytes memory data = abi.encodeCall(
            hub.closeCooperatively,
            (_ref(g), c, _signUser(g, hash), _sign(_market(g).signerKey, hash))
        );
        if (g.pending.active) {
            (bool ok, ) = _try(STRANGER, 0, data);
            _hold(!ok, "8: a cooperative end of a closing channel");
            return;
        }
        Money memory a = _money(g);
        _as(seed % 2 == 0 ? g.user : STRANGER, 0, data);
        Money memory b = _money(g);
        _hold(b.user + b.claimed - a.user - a.claimed == due, "2: a cooperative end paid too little or too much");
        uint256 rest = g.collateral - _min(due, g.collateral);
        _hold(b.system - a.system == rest, "3: a cooperative end left the system too little or too much");
        _paidOut(g, a, b, due, g.collateral);
        _reopen(g);
    }

    /// A token or wallet behaves in another way from now on.
    function misbehave(uint256 seed) external {
        if (seed % 4 == 0) {
            coinsRefused = !coinsRefused;
            // A wallet whose code reverts.
            vm.etch(_ghost(6).user, coinsRefused ? bytes(hex"5f5ffd") : bytes(""));
            return;
        }
        HostileToken token = hostile[seed % 2];
        token.setMode(HostileToken.Mode((seed >> 8) % 12), address(0));
    }

    function _withdrawalCall(
        Ghost storage g,
        Withdrawal memory w,
        uint256 seed
    ) private view returns (address sender, bytes memory data) {
        bytes32 hash = Signing.withdrawal(w, _id(g));
        bytes memory byUser = _signUser(g, hash);
        bytes memory bySystem = _sign(_market(g).signerKey, hash);
        if (seed % 4 == 0) return (g.user, abi.encodeCall(hub.withdraw, (_ref(g), w, "", bySystem)));
        if (seed % 4 == 1) return (_market(g).system, abi.encodeCall(hub.withdraw, (_ref(g), w, byUser, "")));
        if (seed % 4 == 2) return (STRANGER, abi.encodeCall(hub.withdraw, (_ref(g), w, byUser, bySystem)));
        // Beside an item that fails.
        WithdrawalItem[] memory items = new WithdrawalItem[](2);
        items[0] = WithdrawalItem(STRANGER, w, byUser);
        items[1] = WithdrawalItem(g.user, w, byUser);
        return (_market(g).system, abi.encodeCall(hub.withdrawBatch, (_market(g).token, items)));
    }

    function _feeOf(address token) private view returns (bool) {
        if (token != address(hostile[0]) && token != address(hostile[1])) return false;
        return HostileToken(token).mode() == HostileToken.Mode.Fee;
    }

    function _funded(Ghost storage g, uint256 deposited, uint256 collateral) private {
        if (g.pending.active) {
            g.nextDeposited += deposited;
            g.nextCollateral += collateral;
        } else {
            g.deposited += deposited;
            g.collateral += collateral;
        }
    }
}
