// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";

/// OpenZeppelin's token with permit, and nothing of our own but who may mint: anybody.
contract Token is ERC20, ERC20Permit {
    constructor(string memory name, string memory symbol) ERC20(name, symbol) ERC20Permit(name) {}

    function mint(address to, uint256 value) external {
        _mint(to, value);
    }

    function burn(address from, uint256 value) external {
        _burn(from, value);
    }
}

/// OpenZeppelin's vault over one asset, with the whole of ERC-4626.
contract Vault is ERC4626 {
    constructor(IERC20 asset) ERC20("Vault", "VLT") ERC4626(asset) {}
}

/// What OpenZeppelin's package has no interface for, as ERC-7575 and ERC-7540 print it.
interface IERC7540Redeem {
    function share() external view returns (address);
    function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256 requestId);
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);
}

/// A client that knows of vaults what the standards say, calls them through OpenZeppelin's libraries, and knows nothing of this protocol.
contract Treasury {
    using SafeERC20 for IERC20;

    function enter(IERC4626 vault, uint256 assets) external returns (uint256 shares) {
        require(ERC165Checker.supportsInterface(address(vault), 0x2f0a18c5), "no ERC-7575");
        require(ERC165Checker.supportsInterface(address(vault), 0xe3bc4e65), "no operators");
        require(ERC165Checker.supportsInterface(address(vault), 0x620ee8e4), "no asynchronous redemption");
        require(!ERC165Checker.supportsInterface(address(vault), 0xce3bbe50), "asynchronous deposit");
        require(assets <= vault.maxDeposit(address(this)), "too much");
        IERC20 share = IERC20(IERC7540Redeem(address(vault)).share());
        uint256 had = share.balanceOf(address(this));
        IERC20(vault.asset()).forceApprove(address(vault), assets);
        shares = vault.deposit(assets, address(this));
        require(share.balanceOf(address(this)) == had + shares, "other shares");
    }

    function leave(IERC4626 vault, uint256 shares) external returns (uint256 requestId) {
        IERC7540Redeem requests = IERC7540Redeem(address(vault));
        IERC20(requests.share()).forceApprove(address(vault), shares);
        requestId = requests.requestRedeem(shares, address(this), address(this));
        require(requests.pendingRedeemRequest(requestId, address(this)) == shares, "not pending");
    }

    function collect(IERC4626 vault, uint256 requestId, address receiver) external returns (uint256 assets) {
        uint256 shares = vault.maxRedeem(address(this));
        require(shares == IERC7540Redeem(address(vault)).claimableRedeemRequest(requestId, address(this)), "not claimable");
        uint256 expected = vault.maxWithdraw(address(this));
        assets = vault.redeem(shares, receiver, address(this));
        require(assets == expected, "another amount");
        require(vault.maxRedeem(address(this)) == 0, "not claimed");
    }
}
