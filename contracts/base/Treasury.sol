// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {
    Hub_AmountTooLarge,
    Hub_AssetExists,
    Hub_InvalidAddress,
    Hub_InvalidSetting,
    Hub_NotAllowed,
    Hub_NotIssuer,
    Hub_NotNow,
    Hub_NothingToMove,
    Hub_SignerExists
} from "../interfaces/IHubErrors.sol";
import {IHubBooks} from "../interfaces/IHubBooks.sol";
import {IIssuedToken} from "../interfaces/IIssuedToken.sol";
import {Settlement} from "../libraries/Settlement.sol";
import {Asset, AssetSettings, Backing, Notice, NoticeKind} from "../types/Asset.sol";
import {ChannelRef} from "../types/Messages.sol";
import {Payouts} from "./Payouts.sol";
import {Signers} from "./Signers.sol";

/// @title A system's assets, reserve, bond, signers and notices (protocol sections 1 and 2)
abstract contract Treasury is IHubBooks, Payouts, Signers {
    /// @notice The contract's minimums and maximums for what a system may set, in seconds.
    uint256 internal constant MIN_CHALLENGE_PERIOD = 1 hours;
    uint256 internal constant MAX_PERIOD = 60 days;

    /// @inheritdoc IHubBooks
    function addAsset(address token, AssetSettings calldata settings) external {
        Asset storage asset = _assets[msg.sender][token];
        if (asset.backing != Backing.None) revert Hub_AssetExists(msg.sender, token);
        _requireSettings(settings);
        if (settings.backing == Backing.Issued) {
            address issuer = IIssuedToken(token).issuer();
            if (issuer != msg.sender) revert Hub_NotIssuer(issuer, msg.sender);
        }

        // Longer than twice the longest (challenge period + claim window) plus the lock limit; a humble close has
        // twice the challenge period.
        uint256 period = 2 * (2 * uint256(settings.challengePeriod) + settings.claimWindow) + settings.lockLimit + 1;

        asset.backing = settings.backing;
        asset.challengePeriod = settings.challengePeriod;
        asset.claimWindow = settings.claimWindow;
        asset.lockLimit = settings.lockLimit;
        asset.award = settings.award;
        asset.staleFee = settings.staleFee;
        if (period > _noticePeriods[msg.sender]) _noticePeriods[msg.sender] = period;

        emit AssetAdded(msg.sender, token, settings);
    }

    /// @inheritdoc IHubBooks
    function fundReserve(address system, address token, uint256 amount) external payable nonReentrant {
        Asset storage asset = _asset(system, token);
        uint256 received = _pull(token, amount);

        _addToReserve(asset, received);

        emit ReserveFunded(system, token, received);
    }

    /// @inheritdoc IHubBooks
    function fundBond(address system, address token, uint256 amount) external payable nonReentrant {
        Asset storage asset = _asset(system, token);
        uint256 received = _pull(token, amount);

        asset.bond += uint128(received);

        emit BondFunded(system, token, received);
    }

    /// @inheritdoc IHubBooks
    function giveNotice(NoticeKind kind, address token, uint256 value) external {
        if (kind == NoticeKind.Signer) _requireSignerValue(token, value);
        _notices[msg.sender][kind][token] = Notice(value, uint64(block.timestamp));

        emit NoticeGiven(msg.sender, kind, token, value);
    }

    /// @inheritdoc IHubBooks
    function executeNotice(NoticeKind kind, address token) external nonReentrant {
        Notice memory notice = _notices[msg.sender][kind][token];
        if (notice.givenAt == 0) revert Hub_NothingToMove();
        // The period of today, which a listing since may have made longer.
        uint256 ripeAt = notice.givenAt + _noticePeriods[msg.sender];
        uint256 lapsesAt = ripeAt + _noticePeriods[msg.sender];
        if (block.timestamp < ripeAt || block.timestamp >= lapsesAt) revert Hub_NotNow(ripeAt, lapsesAt);
        delete _notices[msg.sender][kind][token];

        if (kind == NoticeKind.Signer) {
            _signers[msg.sender][address(uint160(notice.value))] = false;
            emit SignerRetired(msg.sender, address(uint160(notice.value)));
        } else {
            uint256 amount =
                kind == NoticeKind.Reserve ? _takeReserve(token, notice.value) : _takeBond(token, notice.value);
            if (amount == 0) revert Hub_NothingToMove();
            emit NoticeExecuted(msg.sender, kind, token, amount);
            _send(token, msg.sender, amount);
        }
    }

    /// @inheritdoc IHubBooks
    function addSigner(address signer) external {
        _requireAccount(signer);

        _signers[msg.sender][signer] = true;

        emit SignerAdded(msg.sender, signer);
    }

    /// @inheritdoc IHubBooks
    function addUserSigner(ChannelRef calldata ref, address signer) external {
        _requireAccount(signer);
        if (msg.sender != ref.user) revert Hub_NotAllowed(msg.sender);
        (, bytes32 id) = _openHead(ref, _channel(ref));
        if (_userSigners[id] != address(0)) revert Hub_SignerExists(id, _userSigners[id]);

        _userSigners[id] = signer;

        emit UserSignerAdded(id, signer);
    }

    function _takeReserve(address token, uint256 want) private returns (uint256 amount) {
        Asset storage asset = _assets[msg.sender][token];
        _reserveToClaims(asset);
        amount = Settlement.min(want, asset.reserve);
        asset.reserve -= uint128(amount);
    }

    /// @dev No bond leaves while a close by the system is pending or within a challenge period after one.
    function _takeBond(address token, uint256 want) private returns (uint256 amount) {
        Asset storage asset = _assets[msg.sender][token];
        uint256 freeAt =
            asset.systemCloses != 0 ? type(uint256).max : uint256(asset.lastSystemClose) + asset.challengePeriod;
        if (block.timestamp <= freeAt) revert Hub_NotNow(freeAt, type(uint256).max);
        amount = Settlement.min(want, asset.bond - asset.awarded);
        asset.bond -= uint128(amount);
    }

    /// @dev A signer has one notice, readable as it stands: no second one under a token, no alias of its address.
    function _requireSignerValue(address token, uint256 value) private pure {
        if (token != address(0)) revert Hub_InvalidAddress(token);
        if (value > type(uint160).max) revert Hub_AmountTooLarge(value, type(uint160).max);
    }

    function _requireSettings(AssetSettings calldata s) private pure {
        if (s.backing == Backing.None) revert Hub_InvalidSetting("backing", 0, 1, 3);
        _requireWithin("challengePeriod", s.challengePeriod, MIN_CHALLENGE_PERIOD, MAX_PERIOD);
        _requireWithin("claimWindow", s.claimWindow, s.challengePeriod, MAX_PERIOD);
        _requireWithin("lockLimit", s.lockLimit, s.challengePeriod, MAX_PERIOD);
    }

    function _requireWithin(string memory name, uint256 got, uint256 min, uint256 max) private pure {
        if (got < min || got > max) revert Hub_InvalidSetting(name, got, min, max);
    }
}
