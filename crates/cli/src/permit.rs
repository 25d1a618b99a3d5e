//! Permits: an allowance by signature, so that a deposit is one transaction.

use alloy::primitives::{Address, B256, U256};
use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{Eip712Domain, SolStruct as _};
use weir_abi::{IErc20, IErc2612};

use crate::connect::Moment;
use crate::failure::{Code, Failure, Result};

mod message {
    alloy::sol! {
        /// The message of ERC-2612. Its name is part of what is signed.
        struct Permit {
            address owner;
            address spender;
            uint256 value;
            uint256 nonce;
            uint256 deadline;
        }
    }
}

/// A signed permit.
#[derive(Debug, Clone, Copy)]
pub struct Permit {
    /// 27 or 28.
    pub v: u8,
    /// First half of the signature.
    pub r: B256,
    /// Second half of the signature.
    pub s: B256,
}

/// Signs a permit of `value` wei for `spender`; none if the token takes no permits, or describes its domain in a way that
/// is not known here.
///
/// # Errors
/// The chain did not answer.
pub async fn sign(
    now: &Moment<'_>,
    signer: &PrivateKeySigner,
    token: Address,
    spender: Address,
    value: U256,
    deadline: U256,
) -> Result<Option<Permit>> {
    let owner = signer.address();
    let Some(nonce) = now.ask_maybe(token, IErc2612::noncesCall { owner }).await? else {
        return Ok(None);
    };
    let Some(separator) = now
        .ask_maybe(token, IErc2612::DOMAIN_SEPARATORCall {})
        .await?
    else {
        return Ok(None);
    };
    let Some(domain) = domain(now, token).await? else {
        return Ok(None);
    };
    if domain.separator() != separator {
        return Ok(None);
    }
    let message = message::Permit {
        owner,
        spender,
        value,
        nonce,
        deadline,
    };
    let signature = signer
        .sign_hash_sync(&message.eip712_signing_hash(&domain))
        .map_err(|error| Failure::new(Code::Failed, "cannot sign the permit").because(error))?;
    let v = 27 + u8::from(signature.v());
    Ok(Some(Permit {
        v,
        r: signature.r().into(),
        s: signature.s().into(),
    }))
}

/// The domain that a token signs under: as it describes it itself (ERC-5267), else its name and version 1.
async fn domain(now: &Moment<'_>, token: Address) -> Result<Option<Eip712Domain>> {
    let (name, version) = match now.ask_maybe(token, IErc2612::eip712DomainCall {}).await? {
        Some(domain) => (domain.name, domain.version),
        None => match now.ask_maybe(token, IErc20::nameCall {}).await? {
            Some(name) => (name, "1".to_owned()),
            None => return Ok(None),
        },
    };
    let chain_id = U256::from(now.client.book.chain_id);
    Ok(Some(Eip712Domain::new(
        Some(name.into()),
        Some(version.into()),
        Some(chain_id),
        Some(token),
        None,
    )))
}
