//! The table of activated programs, what entering one costs, and the price of memory pages.
//!
//! # Layout
//! The table lives in the storage of the ArbOS state account, at the very slots where Nitro keeps it, so that revert,
//! snapshot, dump and load cover it as any storage. Nitro's storage is a tree of spaces (`arbos/storage/storage.go`):
//! a sub-space's key is the hash of its parent's key and its id, and word `k` of a space is at
//! `keccak(key ‖ k[..31])[..31] ‖ k[31]`. The programs are space `[8]` of the root, with the sub-spaces `[1]` for the
//! table, `[2]` for module hashes, both keyed by code hash, and `[3]` for the price of code. An entry packs, from its most significant byte:
//! version u16, init cost u16, cached init cost u16, footprint u16, hours of activation u24, asm estimate in KiB u24,
//! cached bool. Nitro's space `[0]` of parameters is not kept: they are the constants here. Nor is `[2]`, of module
//! hashes, which only Nitro's prover needs, nor `[4]`, of cache managers, whom the chain's configuration names.

use std::sync::LazyLock;

use alloy_primitives::{B256, U256, keccak256};

use revm::Database;

use super::{arbos, evm::Ctx, wasm::Activation};

/// The Stylus version that programs are activated for.
pub const STYLUS_VERSION: u16 = 2;
/// Days after its activation that a program expires.
pub const EXPIRY_DAYS: u64 = 365;
/// Days after its activation that a program's life can be extended.
pub const KEEPALIVE_DAYS: u64 = 31;
/// Pages that a transaction has for nothing.
pub const FREE_PAGES: u16 = 2;
/// Gas of each further page.
pub const PAGE_GAS: u16 = 1_000;
/// How many of a block's latest programs count as cached (ArbOS 60).
pub const BLOCK_CACHE_SIZE: u16 = 32;
/// Least cost of starting a program, in units of 128 gas.
pub const MIN_INIT_GAS: u8 = 69;
/// Least cost of starting a cached program, in units of 32 gas.
pub const MIN_CACHED_INIT_GAS: u8 = 11;
/// What a program's own costs are multiplied with, in units of 2 %.
pub const COST_SCALAR: u8 = 50;

const SECONDS_PER_HOUR: u64 = 3_600;
const SECONDS_PER_DAY: u64 = 86_400;
/// When hours of activation begin to count. Nitro `ArbitrumStartTime`: the start of Arbitrum One.
const EPOCH_S: u64 = 1_421_388_000;

/// Gas by pages ever open in a transaction. Nitro `memory.go`, `memoryExponents`: about 31,874,000^(p/128).
const EXPONENTS: [u32; 129] = [
    1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9, 11, 12, 14, 17, 19, 22, 25, 29, 33, 38,
    43, 50, 57, 65, 75, 85, 98, 112, 128, 147, 168, 193, 221, 253, 289, 331, 379, 434, 497, 569,
    651, 745, 853, 976, 1117, 1279, 1463, 1675, 1917, 2194, 2511, 2874, 3290, 3765, 4309, 4932,
    5645, 6461, 7395, 8464, 9687, 11087, 12689, 14523, 16621, 19024, 21773, 24919, 28521, 32642,
    37359, 42758, 48938, 56010, 64104, 73368, 83971, 96106, 109994, 125890, 144082, 164904, 188735,
    216010, 247226, 282953, 323844, 370643, 424206, 485509, 555672, 635973, 727880, 833067, 953456,
    1091243, 1248941, 1429429, 1636000, 1872423, 2143012, 2452704, 2807151, 3212820, 3677113,
    4208502, 4816684, 5512756, 6309419, 7221210, 8264766, 9459129, 10826093, 12390601, 14181199,
    16230562, 18576084, 21260563, 24332984, 27849408, 31873999,
];

/// An entry of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProgramEntry {
    /// Stylus version it was activated for; 0 if it never was.
    pub version: u16,
    /// Own part of the cost of starting it.
    pub init_cost: u16,
    /// Own part of the cost of starting it cached.
    pub cached_cost: u16,
    /// Pages of memory it begins with.
    pub footprint: u16,
    /// Hours from the start of Arbitrum One to its activation.
    pub activated_at_h: u32,
    /// Estimated length of its native code in KiB.
    pub asm_estimate_kib: u32,
    /// Whether a cache manager keeps it cached.
    pub cached: bool,
}

/// Why a program cannot be entered. Reads like the error of Nitro's that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Inactive {
    #[error("ProgramNotActivated(): activate the program through ArbWasm (0x71) first")]
    NotActivated,
    #[error(
        "ProgramNeedsUpgrade({version},{STYLUS_VERSION}): activate the program again through ArbWasm (0x71)"
    )]
    NeedsUpgrade { version: u16 },
    #[error("ProgramExpired({age_s}): activate the program again through ArbWasm (0x71)")]
    Expired { age_s: u64 },
}

impl ProgramEntry {
    /// Slot of [`ARBOS_STATE`](super::ARBOS_STATE) that holds the entry of the program with this code hash.
    pub fn slot(code_hash: &B256) -> U256 {
        slot(*TABLE_KEY, code_hash.0)
    }

    /// The entry of a program activated at `now_s`, in seconds since 1970.
    pub fn activated(activation: &Activation, now_s: u64, cached: bool) -> Self {
        Self {
            version: STYLUS_VERSION,
            init_cost: activation.init_cost,
            cached_cost: activation.cached_init_cost,
            footprint: activation.footprint,
            activated_at_h: hours_since_epoch(now_s),
            asm_estimate_kib: activation.asm_estimate.div_ceil(1_024),
            cached,
        }
    }

    /// Unpacks a word of the table.
    pub fn unpack(word: U256) -> Self {
        let bytes = word.to_be_bytes::<32>();
        let u16_at = |at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
        let u24_at = |at: usize| u32::from_be_bytes([0, bytes[at], bytes[at + 1], bytes[at + 2]]);
        Self {
            version: u16_at(0),
            init_cost: u16_at(2),
            cached_cost: u16_at(4),
            footprint: u16_at(6),
            activated_at_h: u24_at(8),
            asm_estimate_kib: u24_at(11),
            cached: bytes[14] != 0,
        }
    }

    /// Packs the entry into a word of the table.
    pub fn pack(&self) -> U256 {
        let mut bytes = [0; 32];
        bytes[0..2].copy_from_slice(&self.version.to_be_bytes());
        bytes[2..4].copy_from_slice(&self.init_cost.to_be_bytes());
        bytes[4..6].copy_from_slice(&self.cached_cost.to_be_bytes());
        bytes[6..8].copy_from_slice(&self.footprint.to_be_bytes());
        bytes[8..11].copy_from_slice(&self.activated_at_h.to_be_bytes()[1..]);
        bytes[11..14].copy_from_slice(&self.asm_estimate_kib.to_be_bytes()[1..]);
        bytes[14] = self.cached.into();
        U256::from_be_bytes(bytes)
    }

    /// Seconds since its activation, as the table's whole hours tell.
    pub(crate) fn age_s(&self, now_s: u64) -> u64 {
        now_s.saturating_sub(EPOCH_S + u64::from(self.activated_at_h) * SECONDS_PER_HOUR)
    }

    /// Whether it was activated too long ago.
    pub(crate) fn is_expired(&self, now_s: u64) -> bool {
        self.age_s(now_s) > EXPIRY_DAYS * SECONDS_PER_DAY
    }

    /// Whether its life can be extended.
    pub(crate) fn may_be_kept_alive(&self, now_s: u64) -> bool {
        self.age_s(now_s) >= KEEPALIVE_DAYS * SECONDS_PER_DAY
    }

    /// Seconds until it expires.
    pub(crate) fn time_left_s(&self, now_s: u64) -> u64 {
        (EXPIRY_DAYS * SECONDS_PER_DAY).saturating_sub(self.age_s(now_s))
    }

    /// The entry again, if the program can be entered at `now_s`.
    pub(crate) fn active(self, now_s: u64) -> Result<Self, Inactive> {
        if self.version == 0 {
            Err(Inactive::NotActivated)
        } else if self.version != STYLUS_VERSION {
            Err(Inactive::NeedsUpgrade {
                version: self.version,
            })
        } else if self.is_expired(now_s) {
            Err(Inactive::Expired {
                age_s: self.age_s(now_s),
            })
        } else {
            Ok(self)
        }
    }

    /// Estimated length of its native code in bytes.
    pub(crate) fn asm_bytes(&self) -> u32 {
        self.asm_estimate_kib.saturating_mul(1_024)
    }

    /// Gas of starting it, on top of [`Self::cached_gas`].
    pub(crate) fn init_gas(&self) -> u64 {
        u64::from(MIN_INIT_GAS) * 128 + scaled(self.init_cost)
    }

    /// Gas of starting it when cached.
    pub(crate) fn cached_gas(&self) -> u64 {
        u64::from(MIN_CACHED_INIT_GAS) * 32 + scaled(self.cached_cost)
    }
}

fn scaled(cost: u16) -> u64 {
    (u64::from(cost) * u64::from(COST_SCALAR) * 2).div_ceil(100)
}

/// Hours from the start of Arbitrum One to `now_s`.
pub(crate) fn hours_since_epoch(now_s: u64) -> u32 {
    (now_s.saturating_sub(EPOCH_S) / SECONDS_PER_HOUR).min(0xFF_FFFF) as u32
}

/// Pages of memory that programs of one transaction have open, and ever had open at once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pages {
    pub(crate) open: u16,
    pub(crate) ever: u16,
}

impl Pages {
    /// Gas of opening `new` more.
    pub(crate) fn gas(&self, new: u16) -> u64 {
        let open = self.open.saturating_add(new);
        let ever = self.ever.max(open);
        if ever <= FREE_PAGES {
            return 0;
        }
        let adding = open
            .saturating_sub(FREE_PAGES)
            .saturating_sub(self.open.saturating_sub(FREE_PAGES));
        let linear = u64::from(adding) * u64::from(PAGE_GAS);
        linear.saturating_add(exponential(ever).saturating_sub(exponential(self.ever)))
    }

    /// Opens `new` more.
    pub(crate) fn add(&mut self, new: u16) {
        self.open = self.open.saturating_add(new);
        self.ever = self.ever.max(self.open);
    }
}

// Beyond the table no gas suffices.
fn exponential(pages: u16) -> u64 {
    EXPONENTS
        .get(pages as usize)
        .map_or(u64::MAX, |gas| u64::from(*gas))
}

/// The programs that a block entered last. They count as cached.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecentPrograms {
    /// Latest last.
    hashes: Vec<B256>,
}

impl RecentPrograms {
    /// Notes that a program is entered; whether it was there already.
    pub(crate) fn insert(&mut self, code_hash: B256) -> bool {
        let found = self.hashes.iter().position(|hash| *hash == code_hash);
        match found {
            Some(at) => {
                self.hashes.remove(at);
            }
            None if self.hashes.len() >= BLOCK_CACHE_SIZE as usize => {
                self.hashes.remove(0);
            }
            None => {}
        }
        self.hashes.push(code_hash);
        found.is_some()
    }

    /// Forgets all: a new block begins.
    pub(crate) fn clear(&mut self) {
        self.hashes.clear();
    }
}

/// Reads the entry of a program.
pub(crate) fn load<DB: Database>(
    ctx: &mut Ctx<DB>,
    code_hash: &B256,
) -> Result<ProgramEntry, DB::Error> {
    Ok(ProgramEntry::unpack(arbos::load(
        ctx,
        ProgramEntry::slot(code_hash),
    )?))
}

/// Writes the entry of a program.
pub(crate) fn store<DB: Database>(
    ctx: &mut Ctx<DB>,
    code_hash: &B256,
    entry: &ProgramEntry,
) -> Result<(), DB::Error> {
    arbos::store(ctx, ProgramEntry::slot(code_hash), entry.pack())
}

/// Reads what a program was activated as: the hash of its metered module.
pub(crate) fn module_hash<DB: Database>(
    ctx: &mut Ctx<DB>,
    code_hash: &B256,
) -> Result<B256, DB::Error> {
    Ok(arbos::load(ctx, slot(*MODULES_KEY, code_hash.0))?.into())
}

/// Writes what a program was activated as.
pub(crate) fn store_module_hash<DB: Database>(
    ctx: &mut Ctx<DB>,
    code_hash: &B256,
    module_hash: B256,
) -> Result<(), DB::Error> {
    arbos::store(ctx, slot(*MODULES_KEY, code_hash.0), module_hash.into())
}

/// Takes `bytes` of native code into the price of code; what they cost, in wei.
///
/// Nitro `data_pricer.go`: demand falls by a fixed number of bytes a second and rises by what is activated; the price
/// per byte rises exponentially with demand.
pub(crate) fn data_fee_wei<DB: Database>(
    ctx: &mut Ctx<DB>,
    bytes: u32,
    now_s: u64,
) -> Result<U256, DB::Error> {
    /// Bytes that demand falls by each second: 1 TiB a year, rounded down by the hour and the second.
    const BYTES_PER_SECOND: u32 = ((1_u64 << 40) / (365 * 24) / 3_600) as u32;
    /// Least price in wei per byte.
    const MIN_PRICE_WEI: u64 = 82_928_201;
    /// Demand that multiplies the price by e.
    const INERTIA_BYTES: u64 = 21_360_419;

    let demand_slot = slot(*PRICER_KEY, word(0));
    let updated_slot = slot(*PRICER_KEY, word(2));
    let demand = arbos::load(ctx, demand_slot)?.saturating_to::<u32>();
    let updated_s = match arbos::load(ctx, updated_slot)?.saturating_to::<u64>() {
        0 => EPOCH_S,
        updated_s => updated_s,
    };
    let elapsed_s = u32::try_from(now_s.wrapping_sub(updated_s)).unwrap_or(u32::MAX);
    let credit = BYTES_PER_SECOND.saturating_mul(elapsed_s);
    let demand = demand.saturating_sub(credit).saturating_add(bytes);
    arbos::store(ctx, demand_slot, U256::from(demand))?;
    arbos::store(ctx, updated_slot, U256::from(now_s))?;

    let exponent_bips = 10_000 * u64::from(demand) / INERTIA_BYTES;
    let wei_per_byte = MIN_PRICE_WEI.saturating_mul(exp_bips(exponent_bips, 12)) / 10_000;
    Ok(U256::from(wei_per_byte.saturating_mul(bytes.into())))
}

// e^(bips/10000) in bips, by the first terms of its series. Nitro `arbmath.ApproxExpBasisPoints`.
fn exp_bips(bips: u64, terms: u64) -> u64 {
    const ONE: u64 = 10_000;
    let mut sum = ONE + bips / terms;
    for i in (1..terms).rev() {
        sum = ONE.saturating_add(sum.saturating_mul(bips) / (i * ONE));
    }
    sum
}

static ROOT_KEY: LazyLock<B256> = LazyLock::new(|| keccak256([8]));
static TABLE_KEY: LazyLock<B256> = LazyLock::new(|| sub_space(*ROOT_KEY, 1));
static MODULES_KEY: LazyLock<B256> = LazyLock::new(|| sub_space(*ROOT_KEY, 2));
static PRICER_KEY: LazyLock<B256> = LazyLock::new(|| sub_space(*ROOT_KEY, 3));

fn sub_space(parent: B256, id: u8) -> B256 {
    let mut bytes = parent.to_vec();
    bytes.push(id);
    keccak256(bytes)
}

fn word(index: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[31] = index;
    bytes
}

fn slot(space: B256, key: [u8; 32]) -> U256 {
    let mut bytes = [0; 63];
    bytes[..32].copy_from_slice(space.as_slice());
    bytes[32..].copy_from_slice(&key[..31]);
    let mut hash = keccak256(bytes).0;
    hash[31] = key[31];
    U256::from_be_bytes(hash)
}
