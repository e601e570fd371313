// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {IIssuedToken} from "../interfaces/IIssuedToken.sol";

/// @title A token that misbehaves in one way at a time
contract HostileToken is ERC20, IIssuedToken {
    enum Mode {
        Normal,
        Fee,
        Revert,
        ReturnFalse,
        ReturnNothing,
        ReturnHuge,
        BurnGas,
        Reenter,
        MintReverts,
        MintsNothing,
        MintsHalf,
        IssuerReverts
    }

    Mode public mode;
    address public issuer_;
    /// Transfers to this account misbehave; to all accounts if zero.
    address public victim;
    address public callee;
    bytes public callData;
    bytes public answer;

    constructor() ERC20("Hostile", "HOST") {}

    function setIssuer(address account) external {
        issuer_ = account;
    }

    function setMode(Mode mode_, address victim_) external {
        mode = mode_;
        victim = victim_;
    }

    function setCallback(address callee_, bytes calldata data) external {
        callee = callee_;
        callData = data;
    }

    function issuer() external view returns (address) {
        if (mode == Mode.IssuerReverts) revert("no issuer");
        return issuer_;
    }

    function give(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function mint(address to, uint256 amount) external {
        if (mode == Mode.MintReverts) revert("no mint");
        if (mode == Mode.MintsNothing) return;
        _mint(to, mode == Mode.MintsHalf ? amount / 2 : amount);
    }

    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (victim == address(0) || victim == to) {
            if (mode == Mode.Revert) revert("blocked");
            if (mode == Mode.ReturnFalse) return false;
            if (mode == Mode.BurnGas) while (true) {}
            if (mode == Mode.Reenter) _callBack();
            if (mode == Mode.ReturnNothing || mode == Mode.ReturnHuge) {
                super.transfer(to, amount);
                uint256 size = mode == Mode.ReturnHuge ? 100_000 : 0;
                assembly {
                    mstore(0, 1)
                    return(0, size)
                }
            }
        }
        return super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (mode == Mode.Reenter) _callBack();
        if (mode == Mode.Fee) {
            _burn(from, amount / 10);
            amount -= amount / 10;
        }
        return super.transferFrom(from, to, amount);
    }

    function _callBack() private {
        bool ok;
        (ok, answer) = callee.call(callData);
        require(!ok, "re-entered");
    }
}
