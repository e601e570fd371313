// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token without permit that swallows unknown calls, as WETH does
contract SilentToken is ERC20 {
    constructor() ERC20("Silent", "MUTE") {}

    function give(address to, uint256 amount) external {
        _mint(to, amount);
    }

    fallback() external {}
}
