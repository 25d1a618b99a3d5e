//! A chain on a port: `cargo run -p weir-chain --example serve -- 8545`.

use std::net::Ipv4Addr;

use weir_chain::{Chain, Config};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).map_or(Ok(0), |port| port.parse())?;
    let chain = Chain::start(Config::default())?;
    let addr = chain.serve((Ipv4Addr::LOCALHOST, port))?;
    println!("http://{addr}");
    for signer in chain.accounts() {
        println!(
            "{} 0x{}",
            signer.address(),
            alloy::hex::encode(signer.to_bytes())
        );
    }
    loop {
        std::thread::park();
    }
}
