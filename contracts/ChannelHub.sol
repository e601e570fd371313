// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Disputes} from "./base/Disputes.sol";
import {HubStorage} from "./base/HubStorage.sol";
import {IPreimageRegistry} from "./interfaces/IPreimageRegistry.sol";

/// @title The channels of all systems, users and tokens in one contract
/// @notice No owner, no upgrade: what it holds moves by the protocol's rules alone. Its whole interface is `IChannelHub`.
/// The layers, from the ground up: `HubStorage` (what is remembered), `Signers` (whose word counts), `Payouts` (how money
/// leaves), `Funding` (by consent), `Disputes` (without consent).
/// @dev A system's own books and the views do not fit beside the rest under the size limit: the hub delegates them to
/// `HubBooks`, whose address is fixed at deployment.
contract ChannelHub is Disputes {
    address private immutable _books;

    /// @param registry Decides which locks were claimed in time.
    /// @param books The `HubBooks` deployed with the same registry.
    constructor(IPreimageRegistry registry, address books) HubStorage(registry) {
        _books = books;
    }

    /// @dev What is not here is in the books: they run on this contract's storage.
    // solhint-disable-next-line no-complex-fallback
    fallback() external payable {
        address books = _books;
        assembly ("memory-safe") {
            let p := mload(0x40)
            calldatacopy(p, 0, calldatasize())
            let ok := delegatecall(gas(), books, p, calldatasize(), 0, 0)
            returndatacopy(p, 0, returndatasize())
            if iszero(ok) {
                revert(p, returndatasize())
            }
            return(p, returndatasize())
        }
    }
}
