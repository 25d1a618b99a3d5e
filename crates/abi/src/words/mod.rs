//! The contract ABI read and written with little code, for the contracts themselves.
//!
//! Types, selectors and topics come from `sol!`; only the bytes are moved here. The codec that `sol!` generates is built for
//! clients: decoding the arguments of the vault's 18 functions with it costs 12.7 KB of compressed code, half of what a
//! contract may have, and with this one 2.2 KB; ten events and twenty errors cost 6.6 KB and 3.6 KB.
//! The tests hold the two against each other, byte by byte.
//!
//! [`Encode`] and [`Decode`] are implemented for the Rust types that `sol!` gives to parameters, for tuples of them (a list of
//! parameters) and for the structs of the interfaces.

mod answer;
mod decode;
mod encode;
mod structs;

use alloc::vec::Vec;

use alloy_primitives::B256;
use alloy_sol_types::{SolCall, SolError, SolEvent, SolType};

pub use answer::Answer;
pub use decode::{Decode, Reader};
pub use encode::{Encode, Writer};

/// The parameters of a function, as a tuple.
pub type Parameters<C> = <<C as SolCall>::Parameters<'static> as SolType>::RustType;
/// What a function returns, as a tuple.
pub type Returns<C> = <<C as SolCall>::ReturnTuple<'static> as SolType>::RustType;
/// The parameters of an error, as a tuple.
pub type ErrorParameters<E> = <<E as SolError>::Parameters<'static> as SolType>::RustType;
/// The topics of an event with its signature's hash first, as a tuple.
pub type Topics<E> = <<E as SolEvent>::TopicList as SolType>::RustType;
/// The parameters of an event that are not indexed, as a tuple.
pub type Data<E> = <<E as SolEvent>::DataTuple<'static> as SolType>::RustType;

/// Encodes a list of parameters or return values.
pub fn encode<T: Encode>(list: &T) -> Vec<u8> {
    let mut writer = Writer::new(list.words());
    list.encode(&mut writer);
    writer.finish()
}

/// Decodes a list of parameters or return values; nothing if the bytes are too few or a value is out of its type's range.
/// Bytes after the list are ignored, as Solidity does.
pub fn decode<T: Decode>(bytes: &[u8]) -> Option<T> {
    let mut reader = Reader::new(bytes);
    let list = T::decode(&mut reader);
    reader.is_valid().then_some(list)
}

/// The calldata of a call.
#[inline(always)]
pub fn calldata<C: SolCall>(call: C) -> Vec<u8>
where
    Parameters<C>: Encode + From<C>,
{
    with_selector(C::SELECTOR, &Parameters::<C>::from(call))
}

/// The arguments of a call, without its selector; nothing if they are not an encoding of its parameters.
#[inline(always)]
pub fn arguments<C: SolCall>(bytes: &[u8]) -> Option<C>
where
    Parameters<C>: Decode,
{
    decode::<Parameters<C>>(bytes).map(C::new)
}

/// The revert data of an error.
#[inline(always)]
pub fn revert<E: SolError>(error: E) -> Vec<u8>
where
    ErrorParameters<E>: Encode + From<E>,
{
    with_selector(E::SELECTOR, &ErrorParameters::<E>::from(error))
}

/// The topics and data of an event as one run of bytes, as the host takes them.
#[inline(always)]
pub fn log<E: SolEvent>(topics: &Topics<E>, data: &Data<E>) -> Vec<u8>
where
    Topics<E>: Encode,
    Data<E>: Encode,
{
    let mut writer = Writer::new(data.words());
    topics.encode(&mut writer);
    data.encode(&mut writer);
    writer.finish()
}

/// A topic tuple's first member.
pub const fn signature<E: SolEvent>() -> B256 {
    E::SIGNATURE_HASH
}

#[inline(always)]
fn with_selector<T: Encode>(selector: [u8; 4], list: &T) -> Vec<u8> {
    let mut writer = Writer::new(list.words());
    writer.raw(&selector);
    list.encode(&mut writer);
    writer.finish()
}
