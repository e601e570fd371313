// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Asset} from "../../../contracts/types/Asset.sol";
import {DisputeRecord} from "../../../contracts/types/Dispute.sol";
import {ChannelRef, Note, State} from "../../../contracts/types/Messages.sol";
import {vm} from "../helpers/Forge.sol";
import {Lock, Locks} from "../helpers/Locks.sol";
import {Signing} from "../helpers/Signing.sol";
import {Market, World} from "./World.sol";

/// @notice A close as section 5 and 6 of the protocol see it; `dispute` is only handed back to the hub.
struct Pending {
    bool active;
    bool bySystem;
    bool humble;
    bool systemCheated;
    bool towered;
    uint256 closedAt;
    // The latest capped expiry of anything shown.
    uint256 expiry;
    int256 funded;
    uint256 paid;
    uint256 collateral;
    State judged;
    State standing;
    uint64 seq;
    uint128 credited;
    DisputeRecord dispute;
}

/// @notice A channel as both sides know it: every complete state and note of the epoch (index 0: the empty ones), their
/// locks, and its money.
struct Ghost {
    uint256 market;
    uint256 key;
    address user;
    uint32 epoch;
    State[] states;
    Note[] notes;
    mapping(uint256 index => Lock[2]) outgoing;
    mapping(uint256 index => Lock[2]) incoming;
    uint256 deposited;
    uint256 withdrawn;
    uint256 reclaimed;
    uint256 collateral;
    uint256 nextDeposited;
    uint256 nextCollateral;
    State checkpoint;
    // Another complete state of the latest version, which the user took for rejected.
    State twin;
    // The system signed a note that it never gave to the user.
    bool forged;
    uint256 extraKey;
    Pending pending;
    DisputeRecord lastDispute;
    State lastStanding;
}

/// @notice Three users, one of them a system itself, and all that happened in their channels, against which the hub is held.
abstract contract Ghosts is World {
    using Locks for Lock[2];

    Ghost[] private ghosts;
    mapping(bytes32 hash => uint256 time) internal revealed;
    mapping(bytes32 treeHash => uint256 bits) internal shown;
    // Of all coins that humble closers have staked.
    uint256 internal fees;
    // The channel in which most of a run happens.
    uint256 private immutable focus;

    // The first that went wrong: the number of the property in docs/INVARIANTS.md, and what.
    string public violation;

    constructor(uint256 focus_) {
        focus = focus_;
        uint256[2][7] memory channels = [
            [uint256(0), USER_KEY],
            [uint256(0), SYSTEM_KEY + 1],
            [uint256(1), USER_KEY],
            [uint256(2), USER_KEY],
            [uint256(3), USER_KEY],
            [uint256(4), USER_KEY + 1],
            [uint256(5), USER_KEY + 1]
        ];
        for (uint256 i = 0; i < 7; ++i) {
            Ghost storage g = ghosts.push();
            (g.market, g.key, g.user) = (channels[i][0], channels[i][1], vm.addr(channels[i][1]));
            g.states.push();
            g.notes.push();
        }
    }

    function _hold(bool kept, string memory what) internal {
        if (!kept && bytes(violation).length == 0) violation = what;
    }

    function _channels() internal view returns (uint256) {
        return ghosts.length;
    }

    function _ghost(uint256 i) internal view returns (Ghost storage) {
        return ghosts[i % ghosts.length];
    }

    function _pick(uint256 seed) internal view returns (Ghost storage) {
        return _ghost(_random(seed) % 4 == 0 ? seed : focus);
    }

    function _market(Ghost storage g) internal view returns (Market storage) {
        return markets[g.market];
    }

    function _ref(Ghost storage g) internal view returns (ChannelRef memory) {
        return ChannelRef(_market(g).system, g.user, _market(g).token);
    }

    function _id(Ghost storage g) internal view returns (bytes32) {
        return keccak256(abi.encode(_market(g).system, g.user, _market(g).token, uint256(g.epoch)));
    }

    function _asset(Ghost storage g) internal view returns (Asset memory) {
        return hub.assetOf(_market(g).system, _market(g).token);
    }

    function _lastState(Ghost storage g) internal view returns (State memory) {
        return g.states[g.states.length - 1];
    }

    function _lastNote(Ghost storage g) internal view returns (Note memory) {
        return g.notes[g.notes.length - 1];
    }

    function _outgoing(Ghost storage g) internal view returns (Lock[2] memory) {
        return g.outgoing[g.states.length - 1];
    }

    function _incoming(Ghost storage g) internal view returns (Lock[2] memory) {
        return g.incoming[g.notes.length - 1];
    }

    /// The sum of the locks whose preimage became public in time, as the tree's owner can show it or has shown it.
    function _claimed(Lock[2] memory locks, bytes32 treeHash) internal view returns (uint256 sum) {
        for (uint256 k = 0; k < 2; ++k) if (_inTime(locks[k], treeHash, k)) sum += locks[k].amount;
    }

    function _inTime(Lock memory lock, bytes32 treeHash, uint256 k) internal view returns (bool) {
        if (lock.amount == 0) return false;
        uint256 time = revealed[Locks.hash(lock)];
        return (time != 0 && time < lock.expiry) || (shown[treeHash] >> k) & 1 == 1;
    }

    /// What is the user's, locks apart (section 3).
    function _balance(Ghost storage g) internal view returns (uint256) {
        State memory s = _lastState(g);
        int256 funded = g.pending.active ? g.pending.funded : int256(g.deposited) - int256(g.withdrawn);
        return uint256(funded + s.net + int256(uint256(_lastNote(g).credited)) - int256(uint256(s.noteCredited)));
    }

    /// What an honest settlement gives the user: its balance with the locks that were claimed in time.
    function _due(Ghost storage g, bool withOutgoing) internal view returns (uint256) {
        uint256 outgoing = withOutgoing ? _claimed(_outgoing(g), Signing.state(_lastState(g), _id(g))) : 0;
        return _balance(g) + _claimed(_incoming(g), Signing.note(_lastNote(g), _id(g))) - outgoing;
    }

    /// A new epoch, with what came in since the close.
    function _reopen(Ghost storage g) internal {
        if (g.pending.active) (g.lastDispute, g.lastStanding) = (g.pending.dispute, g.pending.standing);
        (g.deposited, g.collateral) = (g.nextDeposited, g.nextCollateral);
        (g.withdrawn, g.reclaimed, g.nextDeposited, g.nextCollateral, g.extraKey) = (0, 0, 0, 0, 0);
        g.epoch += 1;
        g.forged = false;
        delete g.pending;
        delete g.states;
        delete g.notes;
        delete g.checkpoint;
        delete g.twin;
        g.states.push();
        g.notes.push();
    }
}
