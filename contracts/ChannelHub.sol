// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";

import {Disputes} from "./base/Disputes.sol";
import {HubStorage} from "./base/HubStorage.sol";
import {IPreimageRegistry} from "./interfaces/IPreimageRegistry.sol";

/// @title The channels of all systems, users and tokens in one contract
/// @notice No owner, no upgrade: what it holds moves by the protocol's rules alone. Its whole interface is `IChannelHub`.
/// The layers, from the ground up: `HubStorage` (what is remembered), `Signers` (whose word counts), `Payouts` (how money
/// leaves), `Funding` (by consent), `Disputes` (without consent).
/// @dev A system's own books and the views do not fit beside the rest under the size limit: the hub delegates them to
/// `HubBooks`, whose address is fixed at deployment.
contract ChannelHub is Disputes, Proxy {
    address private immutable _books;

    /// @param registry Decides which locks were claimed in time.
    /// @param books The `HubBooks` deployed with the same registry.
    constructor(IPreimageRegistry registry, address books) HubStorage(registry) {
        _books = books;
    }

    function _implementation() internal view override returns (address) {
        return _books;
    }
}
