// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Hub_AmountTooLarge, Hub_NothingToMove} from "../interfaces/IHubErrors.sol";
import {IHubBooks} from "../interfaces/IHubBooks.sol";
import {Settlement} from "../libraries/Settlement.sol";
import {TokenTransfer} from "../libraries/TokenTransfer.sol";
import {Asset, Award, Backing, Claim} from "../types/Asset.sol";
import {ChannelRef} from "../types/Messages.sol";
import {HubStorage} from "./HubStorage.sol";

/// @title How money leaves, and what becomes of what cannot (protocol section 2)
abstract contract Payouts is HubStorage {
    /// @dev Pays `amount` from up to `collateral`, then as the backing says; the rest becomes a claim.
    function _payOut(ChannelRef calldata ref, address to, uint256 amount, uint256 collateral) internal {
        uint256 paid = Settlement.min(amount, collateral);
        if (paid < amount) {
            Asset storage asset = _assets[ref.system][ref.token];
            Backing backing = asset.backing;
            if (backing != Backing.Collateral) {
                uint256 reserve = asset.reserve;
                uint256 fromReserve = Settlement.min(amount - paid, reserve);
                asset.reserve = uint128(reserve - fromReserve);
                paid += fromReserve;
            }
            if (backing == Backing.Issued && paid < amount) {
                paid += _tryMint(ref.system, ref.token, amount - paid);
            }
            if (paid < amount) _recordClaim(ref.system, ref.token, asset, to, amount - paid);
        }
        _send(ref.token, to, paid);
    }

    /// @dev Pays now, or sets the tokens aside for a recipient that cannot take them now.
    function _send(address token, address to, uint256 amount) internal {
        if (amount == 0 || TokenTransfer.tryPush(token, to, amount)) return;

        _owed[token][to] += amount;

        emit PayoutOwed(token, to, amount);
    }

    /// @dev Whatever enters the reserve pays claims first.
    function _addToReserve(Asset storage asset, uint256 amount) internal {
        asset.reserve += uint128(_fundClaims(asset, amount));
    }

    /// @dev A collateral asset's payouts do not draw on the reserve, but the claims that they leave do.
    function _reserveToClaims(Asset storage asset) internal {
        if (asset.indebted) asset.reserve = uint128(_fundClaims(asset, asset.reserve));
    }

    function _fundClaims(Asset storage asset, uint256 amount) internal returns (uint256 rest) {
        if (!asset.indebted) return amount;
        uint256 open = asset.claimed - asset.funded;
        uint256 used = Settlement.min(amount, open);
        asset.funded += used;
        if (used == open) asset.indebted = false;
        return amount - used;
    }

    function _recordClaim(address system, address token, Asset storage asset, address to, uint256 amount) private {
        uint256 index = asset.claimCount++;
        _claims[system][token][index] = Claim(to, asset.claimed, amount);
        asset.claimed += amount;
        asset.indebted = true;

        emit ClaimRecorded(system, token, index, to, amount);
    }

    /// @dev Whatever the token does, a failed mint is worth nothing and reverts nothing; what arrives is what counts.
    function _tryMint(address system, address token, uint256 amount) internal returns (uint256) {
        TokenTransfer.requireGas(TokenTransfer.MINT_GAS);
        try IHubBooks(address(this)).mintToHub{gas: TokenTransfer.MINT_GAS}(system, token, amount) returns (
            uint256 minted
        ) {
            return Settlement.min(amount, minted);
        } catch {
            return 0;
        }
    }

    /// @dev Books a part of the bond for `recipient`; the caller has cut it to the bond not yet awarded.
    function _recordAward(
        address system,
        address token,
        Asset storage asset,
        address recipient,
        uint256 amount
    ) internal {
        if (amount == 0) return;
        uint256 index = asset.awardCount++;
        uint64 ripeAt = uint64(block.timestamp + _noticePeriods[system]);
        _awards[system][token][index] = Award(recipient, ripeAt, uint128(amount));
        asset.awarded += uint128(amount);

        emit AwardRecorded(system, token, index, recipient, amount, ripeAt);
    }

    /// @dev Takes tokens from the sender; returns what arrived.
    function _pull(address token, uint256 amount) internal returns (uint256 received) {
        received = TokenTransfer.pull(token, amount);
        if (received == 0) revert Hub_NothingToMove();
        if (received > type(uint112).max) revert Hub_AmountTooLarge(received, type(uint112).max);
    }
}
