//! The tokens, on the chain: the LRT, and those of the devnet.

mod differential;
mod erc20;
mod init;
mod lrt;
mod permit;
mod reth;
mod steth;
mod weth;
mod world;
mod wsteth;
