// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {HTLC} from "../../../contracts/HTLC.sol";
import {IHTLC} from "../../../contracts/interfaces/IHTLC.sol";
import {TestToken} from "../../../contracts/mocks/TestToken.sol";
import {Check, vm} from "./Forge.sol";

/// @notice Four parties lock, claim and refund tokens and native coin at random, rightly and wrongly, against a ledger of
/// its own. No call of the contract may succeed that the ledger forbids, and none fail that it allows.
contract HTLCHandler {
    uint256 private constant PARTIES = 4;
    uint256 private constant PREIMAGES = 4;
    uint256 private constant TIME = 1 hours;

    struct Ghost {
        uint256 token;
        uint256 amount;
        uint256 recipient;
        uint256 payer;
        uint256 preimage;
        uint256 expiry;
        uint256 ends;
    }

    HTLC public immutable htlc = new HTLC();
    TestToken private immutable token = new TestToken();

    Ghost[] private ghosts;
    mapping(bytes32 key => uint256 index) private live;
    // Per token (0: native coin) and party: what it should have.
    uint256[PARTIES][2] private balances;

    constructor() {
        ghosts.push();
        for (uint256 i = 0; i < PARTIES; ++i) {
            token.mint(party(i), 1e30);
            vm.deal(party(i), 1e30);
            vm.prank(party(i));
            token.approve(address(htlc), type(uint256).max);
            (balances[0][i], balances[1][i]) = (1e30, 1e30);
        }
    }

    function lock(uint8 kind, uint8 preimage, uint64 amount, uint8 payer, uint8 recipient, uint16 time) external {
        Ghost memory g = Ghost(
            kind % 2,
            uint256(amount) + 1,
            recipient % PARTIES,
            payer % PARTIES,
            preimage % PREIMAGES,
            block.timestamp + (time % TIME),
            0
        );
        bool allowed = live[_key(g)] == 0 && g.expiry > block.timestamp;
        bytes32 hash = _hash(g);
        vm.prank(party(g.payer));
        try
            htlc.lock{value: g.token == 0 ? g.amount : 0}(
                hash,
                _token(g),
                g.amount,
                uint64(g.expiry),
                party(g.recipient)
            )
        {
            Check.yes(allowed, "a lock that must not be");
        } catch {
            Check.yes(!allowed, "a lock refused");
            return;
        }
        live[_key(g)] = ghosts.length;
        ghosts.push(g);
        balances[g.token][g.payer] -= g.amount;
    }

    function claim(uint256 which, bool wrong) external {
        Ghost storage g = _any(which);
        bool allowed = _isClaimable(g) && !wrong;
        uint256 amount = wrong ? g.amount + 1 : g.amount;
        try htlc.claim(_preimage(g), _token(g), amount, party(g.recipient), party(g.payer)) {
            Check.yes(allowed, "a claim that must not be");
        } catch {
            Check.yes(!allowed, "a claim refused");
            return;
        }
        _end(g, g.recipient);
    }

    function claimTo(uint256 which, uint8 sender, uint8 to) external {
        Ghost storage g = _any(which);
        bool allowed = _isClaimable(g) && sender % PARTIES == g.recipient;
        // Another sender names a lock of its own, which may be there: it is the ledger's business only if it is not.
        Ghost memory named = g;
        named.recipient = sender % PARTIES;
        if (!allowed && live[_key(named)] != 0) return;
        vm.prank(party(sender % PARTIES));
        try htlc.claimTo(_preimage(g), _token(g), g.amount, party(g.payer), party(to % PARTIES)) {
            Check.yes(allowed, "a claim by another that must not be");
        } catch {
            Check.yes(!allowed, "a claim by the recipient refused");
            return;
        }
        _end(g, to % PARTIES);
    }

    /// Two locks of one recipient and token, perhaps the same, perhaps ended.
    function claimMany(uint256 first, uint256 second) external {
        Ghost storage a = _any(first);
        Ghost storage b = _any(second);
        if (a.token != b.token || a.recipient != b.recipient) return;
        IHTLC.Claim[] memory claims = new IHTLC.Claim[](2);
        claims[0] = IHTLC.Claim(_preimage(a), a.amount, party(a.payer));
        claims[1] = IHTLC.Claim(_preimage(b), b.amount, party(b.payer));
        bool both = _isClaimable(b) && _key(a) != _key(b);
        uint256 want = (_isClaimable(a) ? a.amount : 0) + (both ? b.amount : 0);
        try htlc.claimMany(_token(a), party(a.recipient), claims) returns (uint256 total) {
            Check.equal(total, want, "paid by a batch");
        } catch {
            Check.equal(want, 0, "a batch refused");
            return;
        }
        if (_isClaimable(a)) _end(a, a.recipient);
        if (both) _end(b, b.recipient);
    }

    function refund(uint256 which) external {
        Ghost storage g = _any(which);
        bool allowed = _isLive(g) && block.timestamp >= g.expiry;
        try htlc.refund(_hash(g), _token(g), party(g.recipient), party(g.payer)) {
            Check.yes(allowed, "a refund that must not be");
        } catch {
            Check.yes(!allowed, "a refund refused");
            return;
        }
        _end(g, g.payer);
    }

    function pass(uint16 time) external {
        vm.warp(block.timestamp + (time % TIME));
    }

    /// To the second in which a lock expires, or the one before.
    function passToExpiry(uint256 which, bool before) external {
        uint256 expiry = _any(which).expiry;
        uint256 time = before && expiry != 0 ? expiry - 1 : expiry;
        if (time > block.timestamp) vm.warp(time);
    }

    // What the invariants look at

    /// The contract holds exactly the sum of the live locks.
    function checkHeld() external view {
        uint256[2] memory sums;
        for (uint256 i = 1; i < ghosts.length; ++i) if (_isLive(ghosts[i])) sums[ghosts[i].token] += ghosts[i].amount;
        Check.equal(address(htlc).balance, sums[0], "native coin held");
        Check.equal(token.balanceOf(address(htlc)), sums[1], "tokens held");
    }

    /// Nobody has more or less than what was paid, claimed and refunded.
    function checkBalances() external view {
        for (uint256 i = 0; i < PARTIES; ++i) {
            Check.equal(party(i).balance, balances[0][i], "native coin of a party");
            Check.equal(token.balanceOf(party(i)), balances[1][i], "tokens of a party");
        }
    }

    /// A lock ends once, or is live as it was made.
    function checkLocks() external view {
        for (uint256 i = 1; i < ghosts.length; ++i) {
            Ghost storage g = ghosts[i];
            Check.atLeast(1, g.ends, "ends of a lock");
            if (!_isLive(g)) continue;
            (, uint256 amount, uint64 expiry, ) = htlc.lockOf(_hash(g), _token(g), party(g.recipient), party(g.payer));
            Check.equal(amount, g.amount, "amount of a live lock");
            Check.equal(expiry, g.expiry, "expiry of a live lock");
        }
    }

    function party(uint256 i) private pure returns (address) {
        return address(uint160(0xA11CE000 + i));
    }

    /// Any lock there ever was; if its id is live again, the live one.
    function _any(uint256 which) private view returns (Ghost storage) {
        uint256 index = which % ghosts.length;
        uint256 successor = live[_key(ghosts[index])];
        return ghosts[successor == 0 ? index : successor];
    }

    function _isLive(Ghost storage g) private view returns (bool) {
        return g.amount != 0 && g.ends == 0;
    }

    function _isClaimable(Ghost storage g) private view returns (bool) {
        return _isLive(g) && block.timestamp < g.expiry;
    }

    function _end(Ghost storage g, uint256 payee) private {
        live[_key(g)] = 0;
        g.ends += 1;
        balances[g.token][payee] += g.amount;
    }

    function _key(Ghost memory g) private pure returns (bytes32) {
        return keccak256(abi.encode(g.token, g.preimage, g.recipient, g.payer));
    }

    function _token(Ghost memory g) private view returns (address) {
        return g.token == 0 ? address(0) : address(token);
    }

    function _preimage(Ghost memory g) private pure returns (bytes32) {
        return keccak256(abi.encode(g.preimage));
    }

    function _hash(Ghost memory g) private pure returns (bytes32) {
        return sha256(abi.encode(_preimage(g)));
    }
}
