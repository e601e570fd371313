// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IDepositRouter} from "./interfaces/IDepositRouter.sol";
import {IHubChannels} from "./interfaces/IHubChannels.sol";
import {IPermit2} from "./interfaces/IPermit2.sol";
import {ChannelRef} from "./types/Messages.sol";

/// @title Deposits by permit, beside the hub
/// @dev Holds no rights at the hub: it deposits as anyone may.
contract DepositRouter is IDepositRouter, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    bytes32 private constant DEPOSIT_TYPEHASH = keccak256("ChannelDeposit(address system,address user)");

    string private constant WITNESS_TYPE =
        "ChannelDeposit witness)ChannelDeposit(address system,address user)TokenPermissions(address token,uint256 amount)";

    /// @inheritdoc IDepositRouter
    IHubChannels public immutable hub;

    /// @inheritdoc IDepositRouter
    IPermit2 public immutable permit2;

    /// @param hub_ Where the deposits go.
    /// @param permit2_ Permit2, which has one address on nearly all chains.
    constructor(IHubChannels hub_, IPermit2 permit2_) {
        hub = hub_;
        permit2 = permit2_;
    }

    /// @inheritdoc IDepositRouter
    function depositWithPermit(
        ChannelRef calldata ref,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        IERC20 token = _token(ref.token);
        // What counts is the allowance, not who sent the permit: one seen in the mempool can be sent ahead.
        try IERC20Permit(ref.token).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        uint256 allowed = token.allowance(msg.sender, address(this));
        if (allowed < amount) revert DepositRouter_InsufficientAllowance(allowed, amount);

        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        _deposit(ref, token, token.balanceOf(address(this)) - before);
    }

    /// @inheritdoc IDepositRouter
    function depositWithPermit2(
        address system,
        address user,
        IPermit2.PermitTransferFrom calldata permit,
        address owner,
        bytes calldata signature
    ) external nonReentrant {
        IERC20 token = _token(permit.permitted.token);
        if (address(permit2).code.length == 0) revert DepositRouter_NoPermit2(address(permit2));

        uint256 before = token.balanceOf(address(this));
        permit2.permitWitnessTransferFrom(
            permit,
            IPermit2.SignatureTransferDetails(address(this), permit.permitted.amount),
            owner,
            keccak256(abi.encode(DEPOSIT_TYPEHASH, system, user)),
            WITNESS_TYPE,
            signature
        );
        _deposit(ChannelRef(system, user, address(token)), token, token.balanceOf(address(this)) - before);
    }

    /// @dev The hub takes from its caller alone, so a lasting approval of it endangers nothing.
    function _deposit(ChannelRef memory ref, IERC20 token, uint256 received) private {
        if (token.allowance(address(this), address(hub)) < received)
            token.forceApprove(address(hub), type(uint256).max);
        hub.deposit(ref, received);
    }

    function _token(address token) private pure returns (IERC20) {
        if (token == address(0)) revert DepositRouter_NativeCoin();
        return IERC20(token);
    }
}
