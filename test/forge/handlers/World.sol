// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IChannelHub} from "../../../contracts/interfaces/IChannelHub.sol";
import {IPreimageRegistry} from "../../../contracts/interfaces/IPreimageRegistry.sol";
import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {TestToken} from "../../../contracts/mocks/TestToken.sol";
import {IssuedToken} from "../../../contracts/token/IssuedToken.sol";
import {AssetSettings, Backing} from "../../../contracts/types/Asset.sol";
import {ChannelRef} from "../../../contracts/types/Messages.sol";
import {deploy, vm} from "../helpers/Forge.sol";
import {Signing} from "../helpers/Signing.sol";

/// @notice What one system has listed.
struct Market {
    uint256 signerKey;
    address system;
    address token;
    Backing backing;
}

/// @notice The hub, two systems, and what they have listed: every backing, one token listed by both, tokens that misbehave
/// and the native coin.
abstract contract World {
    uint32 internal constant PERIOD = 1 days;
    uint32 internal constant WINDOW = 30 hours;
    uint32 internal constant LIMIT = 2 days;
    uint128 internal constant AWARD = 700;
    uint128 internal constant FEE = 5;
    uint256 private constant STAKE = 1_000;
    uint256 internal constant SYSTEM_KEY = 0x5157;
    uint256 internal constant SIGNER_KEY = 0x516E;
    uint256 internal constant USER_KEY = 0xA11CE;
    address internal constant STRANGER = address(0x57A6E5);
    address internal constant TOWER = address(0x70E6);

    IChannelHub public immutable hub;
    IPreimageRegistry internal immutable registry;
    bytes32 internal immutable separator;
    address private immutable first = vm.addr(SYSTEM_KEY);
    address private immutable second = vm.addr(SYSTEM_KEY + 1);
    Market[] internal markets;
    HostileToken[2] internal hostile;

    constructor() {
        registry = IPreimageRegistry(deploy("PreimageRegistry.sol:PreimageRegistry", ""));
        address books = deploy("HubBooks.sol:HubBooks", abi.encode(registry));
        hub = IChannelHub(deploy("ChannelHub.sol:ChannelHub", abi.encode(registry, books)));
        separator = Signing.separator(address(hub));
        vm.deal(address(this), 1e30);

        TestToken plain = new TestToken();
        plain.mint(address(this), 1e30);
        IssuedToken points = new IssuedToken("Points", "PTS", 0, _system(0), 1e13);
        bytes32 role = points.MINTER_ROLE();
        vm.prank(_system(0));
        points.grantRole(role, address(hub));
        vm.prank(_system(0));
        points.grantRole(role, address(this));
        points.mint(address(this), 5e12);
        for (uint256 i = 0; i < 2; ++i) {
            hostile[i] = new HostileToken();
            hostile[i].give(address(this), 1e30);
        }
        hostile[1].setIssuer(_system(1));

        _list(0, address(plain), Backing.Collateral);
        _list(0, address(points), Backing.Issued);
        _list(0, address(hostile[0]), Backing.Reserve);
        _list(1, address(plain), Backing.Reserve);
        _list(1, address(hostile[1]), Backing.Issued);
        _list(1, address(0), Backing.Collateral);
        for (uint256 i = 0; i < 2; ++i) _arm(hostile[i], plain);
    }

    /// A hostile token re-enters by a call that only the hub's guard makes fail.
    function _arm(HostileToken token, TestToken plain) private {
        plain.mint(address(token), 1e30);
        vm.prank(address(token));
        plain.approve(address(hub), type(uint256).max);
        ChannelRef memory ref = ChannelRef(_system(0), STRANGER, address(plain));
        token.setCallback(address(hub), abi.encodeCall(hub.deposit, (ref, 1)));
    }

    function _system(uint256 i) internal view returns (address) {
        return i == 0 ? first : second;
    }

    function _list(uint256 system, address token, Backing backing) private {
        AssetSettings memory settings = AssetSettings(backing, PERIOD, WINDOW, LIMIT, AWARD, FEE);
        _as(_system(system), 0, abi.encodeCall(hub.addAsset, (token, settings)));
        _as(_system(system), 0, abi.encodeCall(hub.addSigner, (vm.addr(SIGNER_KEY + system))));
        markets.push(Market(SIGNER_KEY + system, _system(system), token, backing));
        if (token != address(0)) IERC20(token).approve(address(hub), type(uint256).max);
        uint256 value = token == address(0) ? STAKE : 0;
        hub.fundBond{value: value}(_system(system), token, STAKE);
        hub.fundReserve{value: value}(_system(system), token, STAKE);
    }

    /// Calls the hub as `from`; a refusal is a failure of the run.
    function _as(address from, uint256 value, bytes memory data) internal {
        (bool ok, bytes memory answer) = _try(from, value, data);
        if (ok) return;
        assembly {
            revert(add(answer, 32), mload(answer))
        }
    }

    /// Calls the hub as `from`, with coins of this contract.
    function _try(address from, uint256 value, bytes memory data) internal returns (bool ok, bytes memory answer) {
        if (value != 0) vm.deal(from, from.balance + value);
        if (from != address(this)) vm.prank(from);
        (ok, answer) = address(hub).call{value: value}(data);
    }

    function _held(address token, address account) internal view returns (uint256) {
        return token == address(0) ? account.balance : IERC20(token).balanceOf(account);
    }

    function _random(uint256 seed) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }
}
