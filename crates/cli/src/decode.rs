//! Calls of contracts read back from their calldata, and written from words.

use alloy::dyn_abi::{DynSolType, DynSolValue, JsonAbiExt as _};
use alloy::json_abi::{Function, JsonAbi, Param};
use alloy::primitives::{Address, Bytes, FixedBytes, U256};
use serde::Serialize;
use weir_abi::{
    IAllocator, IAttestation, ICover, ICustody, IErc20, IErc2612, IExits, IFeed, IGovernor, IHub,
    ILrt, IRates, IRewards, IVault, IZap,
};

use crate::connect::Client;
use crate::datum::{Datum, tag_text};
use crate::failure::{Failure, Result};

/// A call in words.
#[derive(Debug, Clone, Serialize)]
pub struct Decoded {
    /// Name of the contract, else its address.
    pub contract: String,
    /// Where it stands.
    pub address: Address,
    /// Signature of the function; its selector if it is not known here.
    pub function: String,
    /// Arguments with their names; members of a struct each on its own.
    pub arguments: Vec<(String, Datum)>,
    /// Calldata.
    pub data: Bytes,
}

impl Decoded {
    /// Reads a call.
    pub fn new(client: &Client, target: Address, data: &Bytes) -> Self {
        let mut decoded = Self {
            contract: client.label(target),
            address: target,
            function: match data.get(..4) {
                Some(selector) => format!("0x{}", alloy::hex::encode(selector)),
                None => "(no function)".to_owned(),
            },
            arguments: Vec::new(),
            data: data.clone(),
        };
        let Some((selector, rest)) = data.split_first_chunk::<4>() else {
            return decoded;
        };
        let known = functions(client, target);
        let function = known
            .into_iter()
            .find(|function| function.selector() == *selector);
        if let Some(function) = function
            && let Ok(values) = function.abi_decode_input(rest)
        {
            decoded.function = function.signature();
            flatten("", &function.inputs, values, &mut decoded.arguments);
        }
        decoded
    }

    /// `vault.setCap(token: rETH, cap: 100)`.
    pub fn text(&self, client: &Client) -> String {
        let name = self.function.split('(').next().unwrap_or_default();
        let name = if name.is_empty() {
            &self.function
        } else {
            name
        };
        let arguments: Vec<String> = self
            .arguments
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.text(client)))
            .collect();
        format!("{}.{name}({})", self.contract, arguments.join(", "))
    }
}

/// Functions of a contract of the address book; of any other address those of a token.
fn functions(client: &Client, target: Address) -> Vec<Function> {
    let name = client
        .contract_name(target)
        .map(String::as_str)
        .unwrap_or_default();
    let interfaces: Vec<JsonAbi> = match name {
        "vault" => vec![IVault::abi::contract()],
        "rates" => vec![IRates::abi::contract()],
        "exits" => vec![IExits::abi::contract()],
        "allocator" => vec![IAllocator::abi::contract()],
        "hub" => vec![IHub::abi::contract()],
        "governor" => vec![IGovernor::abi::contract()],
        "cover" => vec![ICover::abi::contract()],
        "rewards" => vec![IRewards::abi::contract()],
        "feed" | "feed-floor" => vec![IFeed::abi::contract()],
        "zap" => vec![IZap::abi::contract()],
        "lrt" => vec![
            ILrt::abi::contract(),
            IErc20::abi::contract(),
            IErc2612::abi::contract(),
        ],
        service if client.book.services.contains_key(service) => {
            vec![IAttestation::abi::contract(), ICustody::abi::contract()]
        }
        _ => vec![IErc20::abi::contract(), IErc2612::abi::contract()],
    };
    interfaces
        .into_iter()
        .flat_map(|interface| interface.functions.into_values().flatten())
        .collect()
}

/// Writes a call of `function`, by name or signature, with arguments as people write them: names of accounts and contracts in
/// place of addresses, whole numbers of the smallest unit.
///
/// # Errors
/// The contract has no such function, or an argument does not fit.
pub fn encode(client: &Client, target: Address, function: &str, words: &[String]) -> Result<Bytes> {
    let known = functions(client, target);
    let label = client.label(target);
    let matches = |candidate: &&Function| {
        candidate.name == function || candidate.signature() == function.replace(' ', "")
    };
    let Some(found) = known.iter().find(matches) else {
        let mut names: Vec<&str> = known.iter().map(|known| known.name.as_str()).collect();
        names.sort_unstable();
        let failure = Failure::usage(format!("{label} has no function `{function}`"));
        return Err(failure.next(format!(
            "one of {}; or the calldata itself, as 0x…",
            names.join(", ")
        )));
    };
    if found.inputs.len() != words.len() {
        return Err(Failure::usage(format!(
            "{} takes {} arguments, and {} are given",
            found.signature(),
            found.inputs.len(),
            words.len()
        ))
        .next(format!("{label} {}", written(found))));
    }
    let mut values = Vec::new();
    for (param, word) in found.inputs.iter().zip(words) {
        values.push(value(client, param, word)?);
    }
    let data = found.abi_encode_input(&values);
    data.map(Into::into)
        .map_err(|error| Failure::usage("the arguments do not fit").because(error))
}

/// `setCap token:address cap:uint256`.
fn written(function: &Function) -> String {
    let inputs = function.inputs.iter();
    let inputs: Vec<String> = inputs
        .map(|param| format!("{}:{}", param.name, param.selector_type()))
        .collect();
    format!("{} {}", function.name, inputs.join(" "))
}

fn value(client: &Client, param: &Param, word: &str) -> Result<DynSolValue> {
    let wrong = |why: String| {
        Failure::usage(format!(
            "`{word}` does not fit the argument {} of type {}",
            param.name,
            param.selector_type()
        ))
        .because(why)
    };
    if param.ty == "address" {
        return client.party(word).map(DynSolValue::Address);
    }
    let kind = DynSolType::parse(&param.selector_type()).map_err(|e| wrong(e.to_string()))?;
    kind.coerce_str(word).map_err(|e| wrong(e.to_string()))
}

/// The values of `params` with their names. The members of a struct follow its name, unless it is the only argument.
fn flatten(
    prefix: &str,
    params: &[Param],
    values: Vec<DynSolValue>,
    out: &mut Vec<(String, Datum)>,
) {
    for (param, value) in params.iter().zip(values) {
        let name = format!("{prefix}{}", param.name);
        match value {
            DynSolValue::Tuple(members) if !param.components.is_empty() => {
                let prefix = if params.len() == 1 {
                    prefix.to_owned()
                } else {
                    format!("{name}.")
                };
                flatten(&prefix, &param.components, members, out);
            }
            value => {
                let datum = datum(&param.name, value);
                out.push((name, datum));
            }
        }
    }
}

fn datum(name: &str, value: DynSolValue) -> Datum {
    match value {
        DynSolValue::Address(account) => Datum::Account(account),
        DynSolValue::Uint(number, _) => number_by_name(name, number),
        DynSolValue::Bool(is_so) => Datum::Text(is_so.to_string()),
        DynSolValue::String(text) => Datum::Text(text),
        DynSolValue::Bytes(bytes) => Datum::Text(Bytes::from(bytes).to_string()),
        DynSolValue::FixedBytes(word, 8) => {
            let [tag, ..] = word.0.as_chunks::<8>().0 else {
                return Datum::Text(word.to_string());
            };
            Datum::Text(tag_text(FixedBytes(*tag)))
        }
        DynSolValue::FixedBytes(word, size) => Datum::Text(format!(
            "0x{}",
            alloy::hex::encode(word.get(..size).unwrap_or_default())
        )),
        DynSolValue::Array(values) | DynSolValue::FixedArray(values) => {
            let parts: Vec<String> = values
                .into_iter()
                .map(|value| match datum(name, value) {
                    Datum::Text(text) => text,
                    Datum::Account(account) => account.to_string(),
                    Datum::Part(wad) => wad.to_string(),
                    Datum::Amount(number)
                    | Datum::Rate(number)
                    | Datum::Bps(number)
                    | Datum::Span(number)
                    | Datum::Number(number) => number.to_string(),
                })
                .collect();
            Datum::Text(format!("[{}]", parts.join(", ")))
        }
        other => Datum::Text(format!("{other:?}")),
    }
}

/// What a number means, by the unit that its name ends with, and by the names of amounts that have none.
fn number_by_name(name: &str, number: U256) -> Datum {
    let part = |number: U256| Datum::Part(u64::try_from(number).unwrap_or(u64::MAX));
    match name {
        "rateWad" => Datum::Rate(number),
        "magnitude" => part(number),
        "cap" | "amount" | "shares" | "kinkValue" | "limitValue" => Datum::Amount(number),
        _ if name.ends_with("Wad") => part(number),
        _ if name.ends_with("Bps") => Datum::Bps(number),
        _ if name.ends_with('S') => Datum::Span(number),
        _ => Datum::Number(number),
    }
}
