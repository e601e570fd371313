// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract account: refuses or burns gas on native coin, signs by ERC-1271 for an owner that can change
contract HostileAccount is IERC1271 {
    enum Mode {
        Accept,
        Refuse,
        BurnGas
    }

    Mode public mode;
    address public owner;

    constructor(address owner_) payable {
        owner = owner_;
    }

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function setOwner(address owner_) external {
        owner = owner_;
    }

    /// Sends a call as this account.
    function act(address target, uint256 value, bytes calldata data) external payable {
        (bool ok, bytes memory answer) = target.call{value: value}(data);
        if (!ok) {
            assembly {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (mode == Mode.BurnGas) while (true) {}
        (address signer, , ) = ECDSA.tryRecoverCalldata(hash, signature);
        return signer == owner ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    receive() external payable {
        if (mode == Mode.Refuse) revert("refused");
        if (mode == Mode.BurnGas) while (true) {}
    }
}
