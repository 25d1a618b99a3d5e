//! What the hub's operations need of their storage.

use alloy_primitives::{Address, B256, U256};

use super::records::{with_number, with_scaled};
use super::{HubError, HubKey, Request, Service, Status, Used};
use crate::word::{field64, halves, word};

/// Storage of a hub, in words. A word that was never saved is zero.
pub trait HubStore {
    /// The word at `key`.
    fn load(&self, key: HubKey) -> U256;
    /// Replaces the word at `key`.
    fn save(&mut self, key: HubKey, word: U256);

    /// Number of services, of requests, of vaults that ever opted in.
    fn counts(&self) -> (u32, u64, u32) {
        let [low, high] = halves(self.load(HubKey::Counts));
        (
            field64(high, 0, 32) as u32,
            field64(low, 0, 64),
            field64(high, 32, 32) as u32,
        )
    }
    /// Number of services, of requests, of vaults that ever opted in.
    fn set_counts(&mut self, services: u32, requests: u64, vaults: u32) {
        let high = u128::from(vaults) << 32 | u128::from(services);
        self.save(HubKey::Counts, word(requests.into(), high));
    }
    /// See [`Service`]; refused if there is none.
    fn service(&self, service: u32) -> Result<Service, HubError> {
        let record = Service::from_word(self.load(HubKey::Service(service)));
        if record.max_wad == 0 {
            return Err(HubError::ServiceUnknown { service });
        }
        Ok(record)
    }
    /// See [`Service`].
    fn set_service(&mut self, service: u32, record: Service) -> Result<(), HubError> {
        let word = record.to_word().ok_or(HubError::Overflow)?;
        self.save(HubKey::Service(service), word);
        Ok(())
    }
    /// The address at `key`.
    fn address(&self, key: HubKey) -> Address {
        Address::from_word(self.load(key).into())
    }
    /// Replaces the address at `key`.
    fn set_address(&mut self, key: HubKey, address: Address) {
        self.save(key, U256::from_be_bytes(address.into_word().0));
    }
    /// The hash at `key`.
    fn hash(&self, key: HubKey) -> B256 {
        self.load(key).into()
    }
    /// Replaces the hash at `key`.
    fn set_hash(&mut self, key: HubKey, hash: B256) {
        self.save(key, hash.into());
    }
    /// See [`Used`].
    fn used(&self, vault: u32, service: u32, operator: Address) -> Used {
        Used::from_word(self.load(HubKey::Used(vault, service, operator)))
    }
    /// See [`Used`].
    fn set_used(&mut self, vault: u32, service: u32, operator: Address, used: Used) {
        self.save(HubKey::Used(vault, service, operator), used.to_word());
    }
    /// See [`Request`]; refused if there is none.
    fn request(&self, id: u64) -> Result<Request, HubError> {
        let request = Request::from_words(
            self.load(HubKey::Request(id)),
            self.load(HubKey::RequestOperator(id)),
            self.load(HubKey::RequestVault(id)),
        );
        if request.status == Status::None {
            return Err(HubError::RequestUnknown { id });
        }
        Ok(request)
    }
    /// Saves what changes in the life of a request.
    fn set_request_times(&mut self, id: u64, request: &Request) -> Result<(), HubError> {
        let times = request.times().ok_or(HubError::Overflow)?;
        self.save(HubKey::Request(id), times);
        Ok(())
    }
    /// Saves all of a request.
    fn set_request(&mut self, id: u64, request: &Request) -> Result<(), HubError> {
        self.set_request_times(id, request)?;
        self.save(
            HubKey::RequestOperator(id),
            with_number(request.operator, request.wad),
        );
        self.save(
            HubKey::RequestVault(id),
            with_scaled(request.vault, request.delta, request.scale),
        );
        Ok(())
    }
}
