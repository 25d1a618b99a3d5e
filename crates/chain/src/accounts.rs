//! Accounts whose keys the chain holds.

use alloy::signers::local::{LocalSignerError, MnemonicBuilder, PrivateKeySigner};
use alloy_primitives::{Address, keccak256};

/// The phrase that development chains share. Its keys are known to everyone.
pub const TEST_MNEMONIC: &str = "test test test test test test test test test test test junk";

/// Where the keys of the funded accounts come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DevAccounts {
    /// A BIP-39 phrase, derived along `m/44'/60'/0'/0/i`.
    Mnemonic {
        /// The phrase.
        phrase: String,
        /// How many accounts.
        count: u32,
    },
    /// A number: key `i` is the hash of the number and `i`.
    Seed {
        /// The number.
        seed: u64,
        /// How many accounts.
        count: u32,
    },
}

impl Default for DevAccounts {
    /// The first ten accounts of [`TEST_MNEMONIC`], the ones that cast, hardhat and wallets know.
    fn default() -> Self {
        Self::Mnemonic {
            phrase: TEST_MNEMONIC.to_owned(),
            count: 10,
        }
    }
}

impl DevAccounts {
    /// The keys, in order.
    ///
    /// # Errors
    /// The phrase is not a BIP-39 phrase.
    pub fn signers(&self) -> Result<Vec<PrivateKeySigner>, AccountsError> {
        match self {
            // The phrase is stretched once, which takes milliseconds, and not for each account.
            Self::Mnemonic { phrase, count } => Ok(MnemonicBuilder::english()
                .phrase(phrase.as_str())
                .build_parent_key()?
                .children()
                .take(*count as usize)
                .collect::<Result<_, _>>()?),
            Self::Seed { seed, count } => {
                (0..*count).map(|index| Ok(seeded(*seed, index)?)).collect()
            }
        }
    }
}

/// The key of account `index` of a seed.
fn seeded(seed: u64, index: u32) -> Result<PrivateKeySigner, LocalSignerError> {
    let mut preimage = b"weir-chain account".to_vec();
    preimage.extend(seed.to_be_bytes());
    preimage.extend(index.to_be_bytes());
    // Fails for fewer than one hash in 2^127, as no key is above the curve's order by more than that.
    Ok(PrivateKeySigner::from_bytes(&keccak256(preimage))?)
}

/// The accounts could not be derived.
#[derive(Debug, thiserror::Error)]
#[error(
    "the development accounts cannot be derived: {0}; the phrase must be 12 to 24 English BIP-39 words with a valid checksum"
)]
pub struct AccountsError(#[from] LocalSignerError);

/// The keys that the chain signs with, by address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    signers: Vec<PrivateKeySigner>,
}

impl Keys {
    pub(crate) fn new(signers: Vec<PrivateKeySigner>) -> Self {
        Self { signers }
    }

    pub(crate) fn get(&self, address: Address) -> Option<&PrivateKeySigner> {
        self.signers
            .iter()
            .find(|signer| signer.address() == address)
    }

    pub(crate) fn addresses(&self) -> Vec<Address> {
        self.signers.iter().map(PrivateKeySigner::address).collect()
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::address;

    use super::*;

    #[test]
    fn the_known_phrase_gives_the_known_accounts() {
        let signers = DevAccounts::default().signers().unwrap();
        assert_eq!(signers.len(), 10);
        assert_eq!(
            signers[0].address(),
            address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266")
        );
        assert_eq!(
            signers[9].address(),
            address!("a0Ee7A142d267C1f36714E4a8F75612F20a79720")
        );
    }

    #[test]
    fn a_bad_phrase_is_an_error() {
        let accounts = DevAccounts::Mnemonic {
            phrase: "test test".to_owned(),
            count: 1,
        };
        assert!(accounts.signers().is_err());
    }

    #[test]
    fn a_seed_gives_the_same_accounts_again() {
        let of = |seed| DevAccounts::Seed { seed, count: 3 }.signers().unwrap();
        assert_eq!(of(7)[2].address(), of(7)[2].address());
        assert_ne!(of(7)[2].address(), of(8)[2].address());
    }
}
