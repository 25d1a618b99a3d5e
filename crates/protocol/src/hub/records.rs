//! The hub's records.

use alloy_primitives::{Address, U256, address};

use crate::clock::Epoch;
use crate::word::{field64, halves, put, word};

/// Slashed assets that nobody is to have are due to this address, which nobody holds the key of.
pub const BURN: Address = address!("000000000000000000000000000000000000dEaD");

/// What a vault and an operator agree to. They never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// May file slash requests.
    pub slasher: Address,
    /// May veto them until they are executed.
    pub resolver: Address,
    /// Speaks for the service about its rewards; zero if nobody does.
    pub reward_manager: Address,
    /// To whom slashed assets are due, where the vault has approved the resolver; zero if they burn everywhere.
    pub sink: Address,
    /// How long the resolver may think before a request can be armed, seconds; shorter than a vault's epoch.
    pub veto_window_s: u64,
    /// Most that may be slashed of one operator for one epoch of offence.
    pub max_wad: u64,
}

/// A service's numbers, one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Of the terms; 0 means that there is no such service.
    pub max_wad: u64,
    /// Of the terms, seconds.
    pub veto_window_s: u64,
    /// Requests neither vetoed, executed nor lapsed.
    pub undecided: u8,
    /// Requests that were vetoed, up to two.
    pub vetoes: u8,
    /// It may not file until then, Unix seconds.
    pub cool_until_s: u64,
}

impl Service {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        Self {
            max_wad: field64(low, 0, 64),
            veto_window_s: field64(low, 64, 32),
            undecided: field64(low, 96, 8) as u8,
            vetoes: field64(low, 104, 8) as u8,
            cool_until_s: field64(high, 0, 40),
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let low = put(self.max_wad.into(), 64, 32, self.veto_window_s.into())?;
        let low = put(low, 96, 8, self.undecided.into())?;
        let low = put(low, 104, 8, self.vetoes.into())?;
        Some(word(low, put(0, 0, 40, self.cool_until_s.into())?))
    }
}

/// How much was filed against one operator, by epoch of offence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// The later epoch.
    pub epoch: Epoch,
    /// For offences of it.
    pub latest_wad: u64,
    /// For offences of the epoch before.
    pub previous_wad: u64,
}

impl Used {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        Self {
            epoch: field64(high, 0, 64),
            latest_wad: field64(low, 0, 64),
            previous_wad: field64(low, 64, 64),
        }
    }

    pub(crate) fn to_word(self) -> U256 {
        let low = u128::from(self.previous_wad) << 64 | u128::from(self.latest_wad);
        word(low, self.epoch.into())
    }

    /// The same with `current` as the later epoch.
    pub(crate) fn at(self, current: Epoch) -> Self {
        let ahead = current.saturating_sub(self.epoch);
        Self {
            epoch: current,
            latest_wad: if ahead == 0 { self.latest_wad } else { 0 },
            previous_wad: match ahead {
                0 => self.previous_wad,
                1 => self.latest_wad,
                _ => 0,
            },
        }
    }
}

/// Where a slash request is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Status {
    /// There is none.
    #[default]
    None = 0,
    /// Undecided, not armed.
    Filed = 1,
    /// Undecided, armed.
    Armed = 2,
    /// Rejected by the resolver.
    Vetoed = 3,
    /// Taken.
    Executed = 4,
    /// Nobody armed it.
    Lapsed = 5,
}

/// A slash request, three words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Where it is in its life.
    pub status: Status,
    /// The service.
    pub service: u32,
    /// The epoch of the offence.
    pub offence_epoch: Epoch,
    /// When it was filed, Unix seconds.
    pub filed_s: u64,
    /// When it was armed, Unix seconds; 0 if not.
    pub armed_s: u64,
    /// Veto window of its terms, seconds.
    pub veto_window_s: u64,
    /// Length of the vault's epoch: so long it can be armed after the window, seconds.
    pub epoch_s: u64,
    /// The operator.
    pub operator: Address,
    /// Part of the operator's magnitude.
    pub wad: u64,
    /// The vault.
    pub vault: Address,
    /// Magnitude Δ that it takes.
    pub delta: u64,
    /// The scale of it: units of `2^-scale` of the first ones.
    pub scale: u8,
}

impl Request {
    pub(crate) fn from_words(times: U256, operator: U256, vault: U256) -> Self {
        let [low, high] = halves(times);
        let (operator, wad) = account_and_number(operator);
        let [_, vault_high] = halves(vault);
        let (vault, delta) = account_and_number(vault);
        Self {
            status: match field64(low, 0, 8) {
                1 => Status::Filed,
                2 => Status::Armed,
                3 => Status::Vetoed,
                4 => Status::Executed,
                5 => Status::Lapsed,
                _ => Status::None,
            },
            service: field64(low, 8, 32) as u32,
            filed_s: field64(low, 40, 40),
            armed_s: field64(low, 80, 40),
            offence_epoch: field64(high, 0, 32),
            veto_window_s: field64(high, 32, 32),
            epoch_s: field64(high, 64, 32),
            operator,
            wad,
            vault,
            delta,
            scale: field64(vault_high, 96, 8) as u8,
        }
    }

    pub(crate) fn times(&self) -> Option<U256> {
        let low = put(self.status as u128, 8, 32, self.service.into())?;
        let low = put(low, 40, 40, self.filed_s.into())?;
        let low = put(low, 80, 40, self.armed_s.into())?;
        let high = put(0, 0, 32, self.offence_epoch.into())?;
        let high = put(high, 32, 32, self.veto_window_s.into())?;
        let high = put(high, 64, 32, self.epoch_s.into())?;
        Some(word(low, high))
    }
}

/// An account in the low 160 bits, a magnitude in the next 64, its scale in the next 8.
pub(crate) fn with_scaled(account: Address, number: u64, scale: u8) -> U256 {
    let [low, high] = halves(with_number(account, number));
    word(low, high | u128::from(scale) << 96)
}

/// An account in the low 160 bits, a number in the next 64.
pub(crate) fn with_number(account: Address, number: u64) -> U256 {
    let [low, middle] = halves(U256::from_be_bytes(account.into_word().0));
    word(low, u128::from(number) << 32 | middle)
}

fn account_and_number(source: U256) -> (Address, u64) {
    let [low, high] = halves(source);
    let account = word(low, high & 0xffff_ffff);
    (Address::from_word(account.into()), field64(high, 32, 64))
}
