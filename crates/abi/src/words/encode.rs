//! From values to words.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{
    Address, Bytes, FixedBytes, I256, U256,
    aliases::{U80, U160},
};

/// Collects the words of a list: those in place, and behind them what has no fixed size.
pub struct Writer {
    head: Vec<u8>,
    tail: Vec<u8>,
    /// Bytes of the words in place, from which offsets count.
    base: usize,
}

impl Writer {
    /// Starts a list of so many words in place.
    #[inline(never)]
    pub const fn new(words: usize) -> Self {
        Self {
            head: Vec::new(),
            tail: Vec::new(),
            base: words.saturating_mul(32),
        }
    }

    /// All bytes written.
    #[inline(never)]
    pub fn finish(mut self) -> Vec<u8> {
        self.head.append(&mut self.tail);
        self.head
    }

    /// Appends bytes that are no word: a selector.
    #[inline(never)]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.head.extend_from_slice(bytes);
    }

    #[inline(never)]
    fn number(&mut self, number: u64) {
        self.raw(&U256::from(number).to_be_bytes::<32>());
    }

    /// Appends an offset, and what it points to behind everything else.
    #[inline(never)]
    pub(super) fn behind(&mut self, inner: Self) {
        self.number(self.base.saturating_add(self.tail.len()) as u64);
        self.tail.append(&mut inner.finish());
    }

    #[inline(never)]
    fn bytes(&mut self, bytes: &[u8]) {
        let mut inner = Self::new(0);
        inner.number(bytes.len() as u64);
        inner.raw(bytes);
        let padded = inner.head.len().next_multiple_of(32);
        inner.head.resize(padded, 0);
        self.behind(inner);
    }
}

/// A value that can be written as words.
pub trait Encode {
    /// How many words it takes in place.
    #[inline(always)]
    fn words(&self) -> usize {
        1
    }

    /// Whether its size depends on its value.
    #[inline(always)]
    fn is_dynamic(&self) -> bool {
        false
    }

    /// Writes the value.
    fn encode(&self, writer: &mut Writer);
}

impl Encode for U256 {
    #[inline(never)]
    fn encode(&self, writer: &mut Writer) {
        writer.raw(&self.to_be_bytes::<32>());
    }
}

impl Encode for Address {
    #[inline(never)]
    fn encode(&self, writer: &mut Writer) {
        writer.raw(self.into_word().as_slice());
    }
}

impl<const N: usize> Encode for FixedBytes<N> {
    #[inline(never)]
    fn encode(&self, writer: &mut Writer) {
        let mut word = [0; 32];
        for (to, from) in word.iter_mut().zip(self) {
            *to = *from;
        }
        writer.raw(&word);
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Encode for $number {
            #[inline(always)]
            fn encode(&self, writer: &mut Writer) {
                writer.number(u64::from(*self));
            }
        })*
    };
}
numbers!(u8, u16, u32, u64, bool);

impl Encode for U80 {
    #[inline(always)]
    fn encode(&self, writer: &mut Writer) {
        U256::from_limbs_slice(self.as_limbs()).encode(writer);
    }
}

impl Encode for U160 {
    #[inline(always)]
    fn encode(&self, writer: &mut Writer) {
        U256::from_limbs_slice(self.as_limbs()).encode(writer);
    }
}

impl Encode for I256 {
    #[inline(always)]
    fn encode(&self, writer: &mut Writer) {
        self.into_raw().encode(writer);
    }
}

/// An array of values that have a fixed number of words.
impl<T: Encode> Encode for Vec<T> {
    #[inline(always)]
    fn is_dynamic(&self) -> bool {
        true
    }

    #[inline(never)]
    fn encode(&self, writer: &mut Writer) {
        let mut inner = Writer::new(0);
        inner.number(self.len() as u64);
        for value in self {
            value.encode(&mut inner);
        }
        writer.behind(inner);
    }
}

impl Encode for Bytes {
    #[inline(always)]
    fn is_dynamic(&self) -> bool {
        true
    }

    #[inline(always)]
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(self);
    }
}

impl Encode for String {
    #[inline(always)]
    fn is_dynamic(&self) -> bool {
        true
    }

    #[inline(always)]
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(self.as_bytes());
    }
}

macro_rules! tuple {
    ($($member:ident),*) => {
        #[allow(non_snake_case)]
        impl<$($member: Encode),*> Encode for ($($member,)*) {
            #[inline(always)]
            fn words(&self) -> usize {
                let ($($member,)*) = self;
                0 $(+ $member.words())*
            }

            #[inline(always)]
            fn encode(&self, _writer: &mut Writer) {
                let ($($member,)*) = self;
                $($member.encode(_writer);)*
            }
        }
    };
}
#[rustfmt::skip]
mod tuples {
    use super::{Encode, Writer};

    tuple!();
    tuple!(A);
    tuple!(A, B);
    tuple!(A, B, C);
    tuple!(A, B, C, D);
    tuple!(A, B, C, D, E);
    tuple!(A, B, C, D, E, F);
    tuple!(A, B, C, D, E, F, G);
    tuple!(A, B, C, D, E, F, G, H);
    tuple!(A, B, C, D, E, F, G, H, I);
}
