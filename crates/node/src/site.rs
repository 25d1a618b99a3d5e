//! What is watched: the contracts of one deployment.

use std::collections::BTreeMap;

use alloy::primitives::Address;
use weir_deployment::AddressBook;
use weir_deployment::book::BookError;

/// What a contract is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The vault.
    Vault,
    /// Tickets of exit batches.
    Exits,
    /// Services, operators and slash requests.
    Hub,
    /// The share token.
    Lrt,
    /// Magnitudes.
    Allocator,
    /// Rates of assets.
    Rates,
    /// Bonds and cover.
    Cover,
    /// Roles and timelock.
    Governor,
    /// Another contract of the deployment, whose logs are kept and not read.
    Other,
}

/// An asset, as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetName {
    /// What people call it.
    pub symbol: String,
    /// Its token.
    pub token: Address,
}

/// The contracts of one deployment.
#[derive(Debug, Clone)]
pub struct Site {
    /// Chain that they stand on.
    pub chain_id: u64,
    /// The first block with anything of them.
    pub start_block: u64,
    /// The vault.
    pub vault: Address,
    /// Tickets of exit batches.
    pub exits: Address,
    /// Services, operators and slash requests.
    pub hub: Address,
    /// The share token.
    pub lrt: Address,
    /// Magnitudes.
    pub allocator: Address,
    /// Rates of assets.
    pub rates: Address,
    /// Bonds and cover.
    pub cover: Address,
    /// Roles and timelock.
    pub governor: Address,
    /// Assets in the vault's order.
    pub assets: Vec<AssetName>,
    /// Names of services.
    pub services: BTreeMap<u32, String>,
    /// Names of operators.
    pub operators: BTreeMap<Address, String>,
    watched: BTreeMap<Address, (Role, String)>,
}

/// Programs that run in the vault's own storage: they never emit under their own address. Tokens are others' contracts, too.
const UNWATCHED: [&str; 4] = [
    "vault-control",
    "vault-views",
    "vault-instant",
    "vault-slash",
];

impl Site {
    /// The contracts of an address book.
    ///
    /// # Errors
    /// The book lacks one: its deployment is not finished.
    pub fn new(book: &AddressBook) -> Result<Self, BookError> {
        let mut watched = BTreeMap::new();
        for (name, contract) in &book.contracts {
            let is_asset = book
                .assets
                .iter()
                .any(|asset| asset.token == contract.address);
            if is_asset || name == "steth" || UNWATCHED.contains(&name.as_str()) {
                continue;
            }
            let role = match name.as_str() {
                "vault" => Role::Vault,
                "exits" => Role::Exits,
                "hub" => Role::Hub,
                "lrt" => Role::Lrt,
                "allocator" => Role::Allocator,
                "rates" => Role::Rates,
                "cover" => Role::Cover,
                "governor" => Role::Governor,
                _ => Role::Other,
            };
            watched.insert(contract.address, (role, name.clone()));
        }
        let assets = book.assets.iter().map(|asset| AssetName {
            symbol: asset.symbol.clone(),
            token: asset.token,
        });
        let services = book.services.iter().map(|(name, id)| (*id, name.clone()));
        let operators = book.operators.iter();
        Ok(Self {
            chain_id: book.chain_id,
            start_block: book
                .steps
                .iter()
                .filter_map(|step| step.block)
                .min()
                .unwrap_or(0),
            vault: book.address("vault")?,
            exits: book.address("exits")?,
            hub: book.address("hub")?,
            lrt: book.address("lrt")?,
            allocator: book.address("allocator")?,
            rates: book.address("rates")?,
            cover: book.address("cover")?,
            governor: book.address("governor")?,
            assets: assets.collect(),
            services: services.collect(),
            operators: operators.map(|(name, at)| (*at, name.clone())).collect(),
            watched,
        })
    }

    /// The contracts whose logs are kept.
    pub fn watched(&self) -> Vec<Address> {
        self.watched.keys().copied().collect()
    }

    /// What a contract is; none if it is not of this deployment.
    pub fn role(&self, address: Address) -> Option<Role> {
        self.watched.get(&address).map(|(role, _)| *role)
    }

    /// Name of a contract of the deployment.
    pub fn contract_name(&self, address: Address) -> Option<&str> {
        self.watched.get(&address).map(|(_, name)| name.as_str())
    }

    /// What people call an asset.
    pub fn symbol(&self, token: Address) -> String {
        let known = self.assets.iter().find(|asset| asset.token == token);
        known.map_or_else(|| token.to_string(), |asset| asset.symbol.clone())
    }

    /// What people call a service.
    pub fn service_name(&self, service: u32) -> String {
        let known = self.services.get(&service);
        known
            .cloned()
            .unwrap_or_else(|| format!("service {service}"))
    }

    /// What people call an operator.
    pub fn operator_name(&self, operator: Address) -> String {
        let known = self.operators.get(&operator);
        known.cloned().unwrap_or_else(|| operator.to_string())
    }
}
