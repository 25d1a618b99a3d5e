//! Logs, read as the events that `weir-abi` declares.

use alloy::sol_types::SolEventInterface;
use weir_abi::IAllocator::IAllocatorEvents;
use weir_abi::ICover::ICoverEvents;
use weir_abi::IErc20::IErc20Events;
use weir_abi::IExits::IExitsEvents;
use weir_abi::IGovernor::IGovernorEvents;
use weir_abi::IHub::IHubEvents;
use weir_abi::ILrt::ILrtEvents;
use weir_abi::IRates::IRatesEvents;
use weir_abi::IShare::IShareEvents;
use weir_abi::IVault::IVaultEvents;

use crate::site::Role;
use crate::store::LogRow;

/// An event of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Of the vault.
    Vault(Box<IVaultEvents>),
    /// Of the exits.
    Exits(IExitsEvents),
    /// Of the hub.
    Hub(Box<IHubEvents>),
    /// Of the share token.
    Lrt(IErc20Events),
    /// Of the share token, about itself.
    Token(ILrtEvents),
    /// Of the share token, about the entries of its assets.
    Share(IShareEvents),
    /// Of the allocator.
    Allocator(IAllocatorEvents),
    /// Of the rates.
    Rates(IRatesEvents),
    /// Of bonds and cover.
    Cover(ICoverEvents),
    /// Of the governor.
    Governor(IGovernorEvents),
}

/// Reads a log of a contract of that role; none if no event type knows it.
pub fn decode(role: Role, log: &LogRow) -> Option<Event> {
    fn read<E: SolEventInterface>(log: &LogRow) -> Option<E> {
        E::decode_raw_log(&log.topics, &log.data).ok()
    }
    match role {
        Role::Vault => read(log).map(|event| Event::Vault(Box::new(event))),
        Role::Exits => read(log).map(Event::Exits),
        Role::Hub => read(log).map(|event| Event::Hub(Box::new(event))),
        Role::Lrt => {
            let own = || read(log).map(Event::Token);
            let share = || read(log).map(Event::Share);
            read(log).map(Event::Lrt).or_else(own).or_else(share)
        }
        Role::Allocator => read(log).map(Event::Allocator),
        Role::Rates => read(log).map(Event::Rates),
        Role::Cover => read(log).map(Event::Cover),
        Role::Governor => read(log).map(Event::Governor),
        Role::Other => None,
    }
}
