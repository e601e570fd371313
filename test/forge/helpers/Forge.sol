// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The cheat codes of forge that these tests use.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function addr(uint256 key) external pure returns (address);
    function assume(bool condition) external pure;
    function deal(address account, uint256 balance) external;
    function etch(address account, bytes calldata code) external;
    function getCode(string calldata artifact) external view returns (bytes memory);
    function getRecordedLogs() external returns (Log[] memory);
    function parseJsonAddressArray(string calldata json, string calldata key) external pure returns (address[] memory);
    function parseJsonBytes32Array(string calldata json, string calldata key) external pure returns (bytes32[] memory);
    function parseJsonBytesArray(string calldata json, string calldata key) external pure returns (bytes[] memory);
    function parseJsonIntArray(string calldata json, string calldata key) external pure returns (int256[] memory);
    function parseJsonUintArray(string calldata json, string calldata key) external pure returns (uint256[] memory);
    function prank(address sender) external;
    function readFile(string calldata path) external view returns (string memory);
    function recordLogs() external;
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function warp(uint256 time) external;
}

/// @notice Creates a contract of the project by its name, so that a test need not be compiled again when the contract is.
function deploy(string memory artifact, bytes memory arguments) returns (address created) {
    bytes memory code = abi.encodePacked(vm.getCode(artifact), arguments);
    assembly {
        created := create(0, add(code, 32), mload(code))
    }
    Check.yes(created != address(0), artifact);
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @notice Assertions that revert with both sides.
library Check {
    error NotEqual(string what, uint256 got, uint256 want);
    error NotAtLeast(string what, uint256 got, uint256 least);
    error NotTrue(string what);

    function equal(uint256 got, uint256 want, string memory what) internal pure {
        if (got != want) revert NotEqual(what, got, want);
    }

    function equal(bytes32 got, bytes32 want, string memory what) internal pure {
        equal(uint256(got), uint256(want), what);
    }

    function atLeast(uint256 got, uint256 least, string memory what) internal pure {
        if (got < least) revert NotAtLeast(what, got, least);
    }

    function yes(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }
}
