// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {
    Hub_NotAllowed,
    Hub_NotIssuer,
    Hub_NotNow,
    Hub_NothingToMove,
    Hub_TransferFailed
} from "../interfaces/IHubErrors.sol";
import {IHubBooks} from "../interfaces/IHubBooks.sol";
import {IIssuedToken} from "../interfaces/IIssuedToken.sol";
import {Settlement} from "../libraries/Settlement.sol";
import {TokenTransfer} from "../libraries/TokenTransfer.sol";
import {Asset, Award, Backing, Claim} from "../types/Asset.sol";
import {Payouts} from "./Payouts.sol";

/// @title Fetching what could not be paid at once: owed payouts, claims, awards (protocol section 2)
abstract contract Collections is IHubBooks, Payouts {
    /// @inheritdoc IHubBooks
    function collectOwed(address token, address to) external nonReentrant {
        _requireAccount(to);
        uint256 amount = _owed[token][msg.sender];
        if (amount == 0) revert Hub_NothingToMove();

        _owed[token][msg.sender] = 0;

        emit OwedCollected(token, msg.sender, to, amount);

        if (!TokenTransfer.push(token, to, amount)) revert Hub_TransferFailed(token, to, amount);
    }

    /// @inheritdoc IHubBooks
    function collectClaim(address system, address token, uint256 index) external nonReentrant {
        Asset storage asset = _asset(system, token);
        Claim memory claim = _claims[system][token][index];
        uint256 end = claim.start + claim.amount;
        _reserveToClaims(asset);
        if (asset.backing == Backing.Issued && asset.funded < end) {
            _fundClaims(asset, _tryMint(system, token, end - asset.funded));
        }
        uint256 covered = Settlement.min(asset.funded, end);
        if (covered <= claim.start) revert Hub_NothingToMove();
        uint256 amount = covered - claim.start;

        _claims[system][token][index].start = claim.start + amount;
        _claims[system][token][index].amount = claim.amount - amount;

        emit ClaimCollected(system, token, index, claim.recipient, amount);

        _send(token, claim.recipient, amount);
    }

    /// @inheritdoc IHubBooks
    function mintToHub(address system, address token, uint256 amount) external returns (uint256) {
        if (msg.sender != address(this)) revert Hub_NotAllowed(msg.sender);
        address issuer = IIssuedToken(token).issuer();
        if (issuer != system) revert Hub_NotIssuer(issuer, system);
        uint256 before = IERC20(token).balanceOf(address(this));
        IIssuedToken(token).mint(address(this), amount);
        return IERC20(token).balanceOf(address(this)) - before;
    }

    /// @inheritdoc IHubBooks
    function collectAward(address system, address token, uint256 index) external nonReentrant {
        Award memory award = _awards[system][token][index];
        if (award.amount == 0) revert Hub_NothingToMove();
        if (block.timestamp < award.ripeAt) revert Hub_NotNow(award.ripeAt, type(uint256).max);
        Asset storage asset = _assets[system][token];

        delete _awards[system][token][index];
        asset.bond -= award.amount;
        asset.awarded -= award.amount;

        emit AwardCollected(system, token, index, award.recipient, award.amount);

        _send(token, award.recipient, award.amount);
    }
}
