//! LRT: the share token of one vault. Its interface, with what each function promises, is `weir_abi::ILrt`, with `IErc20` and
//! `IErc2612`.
//!
//! The vault and the supply share one slot, so that a mint or a burn reads and writes one beside the balance.
#![no_std]
#![no_main]

#[macro_use]
extern crate alloc;

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, B256, U256, aliases::U96};
use stylus_sdk::{
    ArbResult,
    host::VM,
    prelude::*,
    storage::{StorageAddress, StorageB256, StorageMap, StorageU96},
};
use weir_abi::{
    IErc20::{self, *},
    IErc2612::{self, *},
    ILrt::{self, *},
    IShare::{self, VaultUpdate, setVaultCall, supportsInterfaceCall},
    IShared::{TextTooLong, Unauthorized},
    IVault::wiringCall,
};
use weir_shell::{
    Outcome, access, call as other, deployer, erc20::Erc20, log, permit::Permits, route, text,
};

/// The supply stays under 2^96 wei, so that a share amount fits in 96 bits everywhere.
const MAX_SUPPLY: U256 = U256::from_limbs([u64::MAX, u32::MAX as u64, 0, 0]);

/// ERC-165, and the share token of ERC-7575.
const INTERFACES: [[u8; 4]; 2] = [[0x01, 0xff, 0xc9, 0xa7], [0xf8, 0x15, 0xc0, 0x3d]];

#[storage]
struct Lrt {
    vault: StorageAddress,
    supply: StorageU96,
    erc20: Erc20,
    permits: Permits,
    name: StorageB256,
    symbol: StorageB256,
    entries: StorageMap<Address, StorageAddress>,
}

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    // SAFETY: the one accessor of the contract's storage, made once a call.
    let mut lrt = unsafe { Lrt::new(U256::ZERO, 0, vm.clone()) };
    let caller = vm.msg_sender();
    route! {
        &vm, &input;
        implements IErc20::IErc20Calls, IErc2612::IErc2612Calls, ILrt::ILrtCalls, IShare::IShareCalls;
        returns {
            nameCall: _ => Ok(lrt.name()),
            symbolCall: _ => Ok(text::unpack(lrt.symbol.get())),
            decimalsCall: _ => Ok(18),
            totalSupplyCall: _ => Ok(U256::from(lrt.supply.get())),
            balanceOfCall: c => Ok(lrt.erc20.balance_of(c.account)),
            allowanceCall: c => Ok(lrt.erc20.allowance(c.owner, c.spender)),
            transferCall: c => lrt.erc20.transfer(caller, c.to, c.value).map(|()| true),
            approveCall: c => lrt.erc20.approve(caller, c.spender, c.value).map(|()| true),
            transferFromCall: c => lrt.erc20.transfer_from(caller, c).map(|()| true),
            noncesCall: c => Ok(lrt.permits.nonce(c.owner)),
            DOMAIN_SEPARATORCall: _ => Ok(lrt.permits.domain_separator(&lrt.name())),
            eip712DomainCall: _ => Ok(lrt.permits.domain(lrt.name())),
            vaultCall: _ => Ok(lrt.vault.get()),
            IShare::vaultCall: c => Ok(lrt.entries.get(c.asset)),
            supportsInterfaceCall: c => Ok(INTERFACES.contains(&c.interfaceId.0)),
        }
        acts {
            permitCall: c => lrt.permit(c),
            mintCall: c => lrt.mint(caller, c.to, c.value),
            burnCall: c => lrt.burn(caller, c.from, c.value),
            transferByVaultCall: c => lrt.transfer_by_vault(caller, c.from, c.to, c.value),
            setVaultCall: c => lrt.set_entry(c.asset, c.entry),
            initCall: c => lrt.init(c),
        }
    }
}

impl Lrt {
    fn init(&mut self, call: initCall) -> Outcome<()> {
        deployer::take(self.vm())?;
        let initCall {
            vault,
            name,
            symbol,
        } = call;
        self.name.set(pack(&name)?);
        self.symbol.set(pack(&symbol)?);
        self.vault.set(vault);
        log!(self.vm(), Initialized [] { vault, name, symbol });
        Ok(())
    }

    fn name(&self) -> String {
        text::unpack(self.name.get())
    }

    fn permit(&mut self, call: permitCall) -> Outcome<()> {
        self.permits.redeem(&self.name(), &call)?;
        self.erc20.approve(call.owner, call.spender, call.value)
    }

    fn mint(&mut self, caller: Address, to: Address, value: U256) -> Outcome<()> {
        self.only_vault(caller)?;
        let increased = U256::from(self.supply.get()).saturating_add(value);
        if increased > MAX_SUPPLY {
            return Err(ERC20ExceededCap {
                increasedSupply: increased,
                cap: MAX_SUPPLY,
            }
            .into());
        }
        self.supply.set(U96::wrapping_from(increased));
        self.erc20.mint(to, value)
    }

    fn burn(&mut self, caller: Address, from: Address, value: U256) -> Outcome<()> {
        self.only_vault(caller)?;
        self.erc20.burn(from, value)?;
        // What was held was a part of the supply.
        self.supply
            .set(self.supply.get().wrapping_sub(U96::wrapping_from(value)));
        Ok(())
    }

    fn transfer_by_vault(
        &mut self,
        caller: Address,
        from: Address,
        to: Address,
        value: U256,
    ) -> Outcome<()> {
        self.only_vault(caller)?;
        self.erc20.transfer(from, to, value)
    }

    fn set_entry(&mut self, asset: Address, entry: Address) -> Outcome<()> {
        let (wiring,) = other::view(self.vm(), self.vault.get(), wiringCall {})?;
        access::only(self.vm(), wiring.governor)?;
        self.entries.setter(asset).set(entry);
        log!(self.vm(), VaultUpdate [asset] { vault: entry });
        Ok(())
    }

    fn only_vault(&self, caller: Address) -> Outcome<()> {
        if caller == self.vault.get() {
            Ok(())
        } else {
            Err(Unauthorized { caller }.into())
        }
    }
}

fn pack(text: &str) -> Outcome<B256> {
    text::pack(text).ok_or_else(|| {
        TextTooLong {
            length: U256::from(text.len()),
        }
        .into()
    })
}
