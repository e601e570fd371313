// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ChannelHub} from "../../../contracts/ChannelHub.sol";
import {HubBooks} from "../../../contracts/HubBooks.sol";
import {PreimageRegistry} from "../../../contracts/PreimageRegistry.sol";
import {IChannelHub} from "../../../contracts/interfaces/IChannelHub.sol";
import {TestToken} from "../../../contracts/mocks/TestToken.sol";
import {Asset, AssetSettings, Backing} from "../../../contracts/types/Asset.sol";
import {ChannelView} from "../../../contracts/types/ChannelView.sol";
import {DisputeRecord} from "../../../contracts/types/Dispute.sol";
import {ChannelRef, CloseOrder, Closing, Note, State, Withdrawal} from "../../../contracts/types/Messages.sol";
import {Disputes} from "./Disputes.sol";
import {Check, vm} from "./Forge.sol";
import {Signing} from "./Signing.sol";

/// @notice Three users of one system, each with a channel fully covered by collateral. Off chain they pay and are paid at
/// random; on chain they deposit, withdraw, close with their latest or an old state, and answer each other.
contract HubHandler {
    using Disputes for DisputeRecord;

    uint256 private constant USERS = 3;
    uint256 private constant SYSTEM_KEY = 0x5157;
    uint32 private constant PERIOD = 1 days;

    /// What user and system both know of a channel, off chain.
    struct Ghost {
        uint256 key;
        State[] states;
        Note note;
        DisputeRecord dispute;
        bool closedStale;
        // The balance at the close: what is due at its end.
        uint256 due;
        uint256 got;
        State standing;
        bool replaced;
    }

    IChannelHub public immutable hub;
    TestToken public immutable token;
    address private immutable system = vm.addr(SYSTEM_KEY);
    bytes32 private immutable separator;

    Ghost[USERS] private ghosts;
    uint256 public usersShort;
    uint256 public systemOverpaid;
    uint256 public wrongPenalties;
    uint256 public missedPenalties;
    uint256 public calls;

    constructor() {
        PreimageRegistry registry = new PreimageRegistry();
        HubBooks books = new HubBooks(registry);
        hub = IChannelHub(address(new ChannelHub(registry, address(books))));
        separator = Signing.separator(address(hub));
        token = new TestToken();
        vm.prank(system);
        hub.addAsset(address(token), AssetSettings(Backing.Collateral, PERIOD, PERIOD, PERIOD, 7, 0));
        vm.prank(system);
        hub.addSigner(system);
        token.mint(address(this), 1e30);
        token.approve(address(hub), type(uint256).max);
        hub.fundBond(system, address(token), 100);
        for (uint256 i = 0; i < USERS; ++i) {
            ghosts[i].key = 0xA11CE + i;
            ghosts[i].states.push();
        }
    }

    // What happens off chain

    function pay(uint256 who, uint96 amount) external counted {
        Ghost storage g = ghosts[who % USERS];
        if (_view(g).closing) return;
        uint256 balance = _balance(g);
        if (balance == 0) return;
        State memory next = g.states[g.states.length - 1];
        next.version += 1;
        next.net -= int128(uint128((amount % balance) + 1));
        // Every other state folds the note.
        if (next.version % 2 == 0) {
            next.net += int128(g.note.credited - next.noteCredited);
            (next.noteSeq, next.noteCredited) = (g.note.seq, g.note.credited);
        }
        g.states.push(next);
    }

    function credit(uint256 who, uint96 amount) external counted {
        Ghost storage g = ghosts[who % USERS];
        ChannelView memory c = _view(g);
        if (c.closing) return;
        // U5: no credit beyond what the channel's collateral covers.
        uint256 room = c.collateral - _balance(g);
        if (room == 0) return;
        g.note.seq += 1;
        g.note.credited += uint128((amount % room) + 1);
    }

    // What happens on chain

    function deposit(uint256 who, uint96 amount) external counted {
        hub.deposit(_ref(ghosts[who % USERS]), uint256(amount) + 1);
    }

    function commitCollateral(uint256 who, uint96 amount) external counted {
        hub.commitCollateral(_ref(ghosts[who % USERS]), uint256(amount) + 1);
    }

    function fundReserve(uint96 amount) external counted {
        hub.fundReserve(system, address(token), uint256(amount) + 1);
    }

    function withdraw(uint256 who, uint96 amount, uint96 reclaim) external counted {
        Ghost storage g = ghosts[who % USERS];
        ChannelView memory c = _view(g);
        uint256 balance = _balance(g);
        if (c.closing || balance == 0) return;
        uint256 taken = (amount % balance) + 1;
        uint256 spare = c.collateral - balance;
        uint256 reclaimed = spare == 0 ? 0 : reclaim % (spare + 1);
        Withdrawal memory w = Withdrawal(
            uint128(c.withdrawn + taken),
            uint128(c.reclaimed + reclaimed),
            vm.addr(g.key),
            uint64(block.timestamp + 1)
        );
        bytes memory signature = _sign(g.key, Signing.withdrawal(w, c.id));
        vm.prank(system);
        hub.withdraw(_ref(g), w, signature, "");
    }

    function closeCooperatively(uint256 who) external counted {
        Ghost storage g = ghosts[who % USERS];
        ChannelView memory c = _view(g);
        if (c.closing) return;
        uint256 balance = _balance(g);
        uint256 before = token.balanceOf(vm.addr(g.key));
        Closing memory closing = Closing(
            int128(int256(balance) - int256(c.deposited) + int256(c.withdrawn)),
            uint64(block.timestamp + 1)
        );
        bytes memory signature = _sign(g.key, Signing.closing(closing, c.id));
        vm.prank(system);
        hub.closeCooperatively(_ref(g), closing, signature, "");
        Check.equal(token.balanceOf(vm.addr(g.key)) - before, balance, "cooperative payout");
        _reset(g);
    }

    /// The user closes with its latest state, or an older one.
    function closeAsUser(uint256 who, uint256 age) external counted {
        Ghost storage g = ghosts[who % USERS];
        ChannelView memory c = _view(g);
        if (c.closing) return;
        State memory shown = _shown(g, age);
        bytes memory byState = shown.version == 0 ? bytes("") : _sign(SYSTEM_KEY, Signing.state(shown, c.id));
        bytes memory byNote = g.note.seq == 0 ? bytes("") : _sign(SYSTEM_KEY, Signing.note(g.note, c.id));
        _close(g, shown, g.note, byState, byNote, vm.addr(g.key), _latest(g) >= shown.version + 2);
    }

    /// The system closes with its latest state and note, or with an older state.
    function closeAsSystem(uint256 who, uint256 age) external counted {
        Ghost storage g = ghosts[who % USERS];
        ChannelView memory c = _view(g);
        if (c.closing) return;
        State memory shown = _shown(g, age);
        bytes memory byUser = shown.version == 0 ? bytes("") : _sign(g.key, Signing.state(shown, c.id));
        _close(g, shown, g.note, byUser, "", system, _latest(g) > shown.version);
    }

    /// A watchtower of both sides: shows the latest state in time.
    function answer(uint256 who) external counted {
        _answer(ghosts[who % USERS]);
    }

    /// Time passes; first every watchtower has answered, as it would once in a period.
    function pass(uint32 time) external counted {
        for (uint256 i = 0; i < USERS; ++i) _answer(ghosts[i]);
        vm.warp(block.timestamp + (time % PERIOD));
    }

    function settle(uint256 who) external counted {
        Ghost storage g = ghosts[who % USERS];
        for (uint256 i = 0; i < USERS; ++i) _answer(ghosts[i]);
        if (!_view(g).closing) return;
        uint256 ripe = g.dispute.challengeEnd() + PERIOD;
        if (block.timestamp < ripe) vm.warp(ripe);
        (uint256 userBefore, uint256 systemBefore) = (token.balanceOf(vm.addr(g.key)), token.balanceOf(system));
        hub.settle(_ref(g), g.dispute, g.standing);
        uint256 got = g.got + token.balanceOf(vm.addr(g.key)) - userBefore;
        uint256 systemGot = token.balanceOf(system) - systemBefore;
        if (got < g.due) usersShort += 1;
        bool systemCheated = g.dispute.bySystem() && g.closedStale;
        if (!systemCheated && got > g.due) systemOverpaid += 1;
        if (systemCheated && systemGot != 0) missedPenalties += 1;
        if (!g.dispute.bySystem() && g.closedStale) missedPenalties += 1;
        _reset(g);
    }

    function collectAward(uint256 index) external counted {
        Asset memory asset = hub.assetOf(system, address(token));
        if (asset.awardCount == 0) return;
        index %= asset.awardCount;
        if (hub.awardOf(system, address(token), index).amount == 0) return;
        for (uint256 i = 0; i < USERS; ++i) if (_view(ghosts[i]).closing) return;
        vm.warp(block.timestamp + hub.noticePeriod(system));
        hub.collectAward(system, address(token), index);
    }

    // What the invariants look at

    function held() external view returns (uint256) {
        return token.balanceOf(address(hub));
    }

    function booked() external view returns (uint256 sum) {
        Asset memory asset = hub.assetOf(system, address(token));
        sum = asset.reserve + asset.bond + asset.funded;
        for (uint256 i = 0; i < USERS; ++i) {
            ChannelView memory c = _view(ghosts[i]);
            sum += c.closing ? ghosts[i].dispute.collateral() + c.nextCollateral : c.collateral;
        }
    }

    modifier counted() {
        calls += 1;
        _;
    }

    function _close(
        Ghost storage g,
        State memory shown,
        Note memory note,
        bytes memory byState,
        bytes memory byNote,
        address party,
        bool stale
    ) private {
        g.due = _balance(g);
        uint256 before = token.balanceOf(vm.addr(g.key));
        vm.recordLogs();
        vm.prank(party);
        hub.close(_ref(g), shown, note, byState, byNote, CloseOrder(party, false, uint64(block.timestamp + 1), ""));
        g.dispute = Disputes.find(vm.getRecordedLogs());
        g.got = token.balanceOf(vm.addr(g.key)) - before;
        g.standing = shown;
        g.closedStale = stale;
    }

    /// Shows the latest state if it is newer than what stands: it replaces, or it is the penalty.
    function _answer(Ghost storage g) private {
        ChannelView memory c = _view(g);
        State memory latest = g.states[g.states.length - 1];
        if (!c.closing || latest.version <= g.standing.version) return;
        if (block.timestamp >= g.dispute.challengeEnd()) return;
        bytes32 hash = Signing.state(latest, c.id);
        (uint256 userBefore, uint256 systemBefore) = (token.balanceOf(vm.addr(g.key)), token.balanceOf(system));
        hub.challenge(_ref(g), g.dispute, latest, _sign(g.key, hash), _sign(SYSTEM_KEY, hash), "");
        g.standing = latest;
        if (_view(g).closing) return;
        // The user was penalised at once.
        if (!g.closedStale || g.dispute.bySystem()) wrongPenalties += 1;
        if (token.balanceOf(vm.addr(g.key)) != userBefore) missedPenalties += 1;
        if (token.balanceOf(system) - systemBefore != g.dispute.collateral()) missedPenalties += 1;
        _reset(g);
    }

    function _reset(Ghost storage g) private {
        delete g.states;
        delete g.note;
        delete g.dispute;
        delete g.standing;
        g.states.push();
    }

    /// The latest state, or one of up to three versions before.
    function _shown(Ghost storage g, uint256 age) private view returns (State memory) {
        uint256 last = g.states.length - 1;
        age %= 4;
        return g.states[age > last ? 0 : last - age];
    }

    function _latest(Ghost storage g) private view returns (uint64) {
        return g.states[g.states.length - 1].version;
    }

    function _balance(Ghost storage g) private view returns (uint256) {
        ChannelView memory c = _view(g);
        State memory s = g.states[g.states.length - 1];
        int256 incoming =
            g.note.seq < s.noteSeq ? int256(0) : int256(uint256(g.note.credited)) - int256(uint256(s.noteCredited));
        return uint256(int256(c.deposited) - int256(c.withdrawn) + s.net + incoming);
    }

    function _view(Ghost storage g) private view returns (ChannelView memory) {
        return hub.channelOf(_ref(g));
    }

    function _ref(Ghost storage g) private view returns (ChannelRef memory) {
        return ChannelRef(system, vm.addr(g.key), address(token));
    }

    function _sign(uint256 key, bytes32 structHash) private view returns (bytes memory) {
        return Signing.sign(key, separator, structHash);
    }
}
