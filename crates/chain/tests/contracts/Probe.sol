// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// Holds what it is given.
contract Purse {
    uint256 public immutable held;

    constructor() payable {
        held = msg.value;
    }
}

/// Does one thing of each kind that a client can observe.
contract Probe {
    error TooSmall(uint256 given, uint256 least);

    event Set(address indexed by, uint256 indexed tag, uint256 value);
    event Note(bytes data);

    uint256 public value;
    mapping(address => uint256) public seen;

    constructor(uint256 initial) payable {
        value = initial;
    }

    receive() external payable {}

    function set(uint256 tag, uint256 to) external returns (uint256 old) {
        old = value;
        value = to;
        seen[msg.sender] += 1;
        emit Set(msg.sender, tag, to);
    }

    function notes(uint256 count) external {
        for (uint256 i = 0; i < count; i++) emit Note(abi.encode(i));
    }

    function failWithReason() external pure {
        require(false, "not today");
    }

    function failWithError(uint256 given) external pure {
        if (given < 10) revert TooSmall(given, 10);
    }

    function failWithPanic(uint256 by) external pure returns (uint256) {
        return 1 / by;
    }

    function failSilently() external pure {
        revert();
    }

    function spin() external pure {
        while (true) {}
    }

    function grow(uint256 bytes_) external pure returns (uint256 length) {
        bytes memory room = new bytes(bytes_);
        length = room.length;
    }

    /// Needs more gas than it uses: the inner call keeps a 64th part back, and the refund comes at the end.
    function clear() external {
        this.set(0, 1);
        value = 0;
    }

    function world()
        external
        view
        returns (uint256 number, uint256 timestamp, uint256 chainId, uint256 baseFee, address coinbase, bytes32 parent)
    {
        return (block.number, block.timestamp, block.chainid, block.basefee, block.coinbase, blockhash(block.number - 1));
    }

    function create(bytes32 salt) external returns (address made) {
        made = address(new Purse{salt: salt}());
    }

    function give(address payable to, uint256 amount) external {
        (bool ok,) = to.call{value: amount}("");
        require(ok, "refused");
    }
}
