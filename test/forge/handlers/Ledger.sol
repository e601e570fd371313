// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {Asset, Backing} from "../../../contracts/types/Asset.sol";
import {ChannelView} from "../../../contracts/types/ChannelView.sol";
import {Ghost, Ghosts} from "./Ghosts.sol";
import {Market} from "./World.sol";

/// @notice What everybody has at one moment: tokens in hand and tokens that wait for them.
struct Money {
    uint256 user;
    uint256 system;
    uint256 tower;
    uint256 userFees;
    uint256 systemFees;
    uint256 owed;
    uint256 reserve;
    uint256 claimed;
    uint256 bond;
    uint256 awarded;
}

/// @notice Claims as they were recorded, and the hub's books against its tokens.
abstract contract Ledger is Ghosts {
    struct Claimed {
        address recipient;
        uint256 start;
        uint256 left;
    }

    mapping(uint256 market => Claimed[]) internal claims;
    mapping(uint256 market => uint256) internal claimsPaid;
    bool internal coinsRefused;

    function tokens() external view returns (address[5] memory) {
        return [markets[0].token, markets[1].token, markets[2].token, markets[4].token, address(0)];
    }

    function held(address token) external view returns (uint256) {
        return _held(token, address(hub));
    }

    /// What the hub must hold, to the last unit.
    function booked(address token) external view returns (uint256 sum) {
        for (uint256 m = 0; m < markets.length; ++m) {
            if (markets[m].token != token) continue;
            Asset memory asset = hub.assetOf(markets[m].system, token);
            sum += asset.reserve + asset.bond + asset.funded - claimsPaid[m];
        }
        for (uint256 i = 0; i < _channels(); ++i) {
            Ghost storage g = _ghost(i);
            if (_market(g).token != token) continue;
            sum += g.pending.active ? g.pending.collateral + g.nextCollateral : g.collateral;
        }
        address[6] memory accounts = [_ghost(0).user, _ghost(5).user, _system(0), _system(1), TOWER, STRANGER];
        for (uint256 i = 0; i < 6; ++i) sum += hub.owed(token, accounts[i]);
        if (token == address(0)) sum += fees;
    }

    /// Whether the hub's view of a channel is the ghost's.
    function agrees(uint256 i) external view returns (bool) {
        Ghost storage g = _ghost(i);
        ChannelView memory c = hub.channelOf(_ref(g));
        if (c.epoch != g.epoch || c.id != _id(g) || c.closing != g.pending.active) return false;
        if (c.closing) return c.nextDeposited == g.nextDeposited && c.nextCollateral == g.nextCollateral;
        return
            c.deposited == g.deposited &&
            c.collateral == g.collateral &&
            c.withdrawn == g.withdrawn &&
            c.reclaimed == g.reclaimed;
    }

    /// Nothing is free while a claim is open, and no more is awarded than the bond holds.
    function solvent(uint256 m) external view returns (bool) {
        Asset memory asset = hub.assetOf(markets[m].system, markets[m].token);
        return
            asset.funded <= asset.claimed &&
            (asset.funded == asset.claimed || asset.reserve == 0 || asset.backing == Backing.Collateral) &&
            asset.awarded <= asset.bond;
    }

    function _money(Ghost storage g) internal view returns (Money memory m) {
        Market storage market = _market(g);
        uint256 owedToUser = hub.owed(market.token, g.user);
        uint256 owedToSystem = hub.owed(market.token, market.system);
        m.owed = owedToUser + owedToSystem;
        m.user = _held(market.token, g.user) + owedToUser;
        m.system = _held(market.token, market.system) + owedToSystem;
        m.tower = _held(market.token, TOWER) + hub.owed(market.token, TOWER);
        m.userFees = g.user.balance + hub.owed(address(0), g.user);
        m.systemFees = market.system.balance + hub.owed(address(0), market.system);
        Asset memory asset = _asset(g);
        (m.reserve, m.claimed, m.bond, m.awarded) = (asset.reserve, asset.claimed, asset.bond, asset.awarded);
    }

    /// Section 2: collateral first, then as the backing says, the rest a claim.
    function _paidOut(Ghost storage g, Money memory a, Money memory b, uint256 amount, uint256 collateral) internal {
        uint256 rest = amount - _min(amount, collateral);
        uint256 claim = b.claimed - a.claimed;
        if (claim != 0) claims[g.market].push(Claimed(g.user, a.claimed, claim));
        Backing backing = _market(g).backing;
        uint256 fromReserve = backing == Backing.Collateral ? 0 : _min(rest, a.reserve);
        _hold(a.reserve - b.reserve == fromReserve, "1: a payout took more or less than its share of the reserve");
        rest -= fromReserve;
        if (backing != Backing.Issued) _hold(claim == rest, "1: what the sources lack is a claim");
        if (backing == Backing.Issued)
            _hold(claim == 0 || (claim <= rest && _mintsFail(g)), "1: what can be minted is");
        _hold(b.owed == a.owed || _blocked(g), "1: a payout that nobody blocked was set aside");
    }

    function _mintsFail(Ghost storage g) internal view returns (bool) {
        return g.market == 1 || hostile[1].mode() >= HostileToken.Mode.MintReverts;
    }

    function _blocked(Ghost storage g) internal view returns (bool) {
        address token = _market(g).token;
        if (token == address(0)) return coinsRefused;
        if (token != address(hostile[0]) && token != address(hostile[1])) return false;
        HostileToken.Mode mode = HostileToken(token).mode();
        return
            mode == HostileToken.Mode.Revert ||
            mode == HostileToken.Mode.ReturnFalse ||
            mode == HostileToken.Mode.BurnGas;
    }

    function _min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
