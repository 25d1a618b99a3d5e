//! From words to values.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, Bytes, FixedBytes, I256, U256, aliases::U80};

/// Reads words one after the other. A failure sticks and reads on as zero, so that it is checked once, at the end.
pub struct Reader<'a> {
    data: &'a [u8],
    at: usize,
    /// Where offsets count from.
    base: usize,
    failed: bool,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of a list of parameters.
    pub const fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            base: 0,
            failed: false,
        }
    }

    /// Whether every word was there and every value was in its type's range so far.
    pub const fn is_valid(&self) -> bool {
        !self.failed
    }

    #[inline(never)]
    fn word(&mut self) -> [u8; 32] {
        let word = self.data.get(self.at..).and_then(|rest| rest.first_chunk());
        self.at = self.at.saturating_add(32);
        match word {
            Some(word) => *word,
            None => {
                self.failed = true;
                [0; 32]
            }
        }
    }

    /// The next word as an unsigned number of at most `max`.
    #[inline(never)]
    fn number(&mut self, max: u64) -> u64 {
        let number = U256::from_be_bytes(self.word());
        match u64::try_from(number) {
            Ok(number) if number <= max => number,
            _ => {
                self.failed = true;
                0
            }
        }
    }

    fn size(&mut self) -> usize {
        self.number(u64::from(u32::MAX)) as usize
    }

    /// Follows the offset in the next word, and answers where to come back to.
    #[inline(never)]
    fn enter(&mut self) -> usize {
        let offset = self.size();
        core::mem::replace(&mut self.at, self.base.saturating_add(offset))
    }

    /// Reads what the offset in the next word points to; offsets in it count from there.
    pub(super) fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let back = self.enter();
        let base = core::mem::replace(&mut self.base, self.at);
        let value = read(self);
        self.base = base;
        self.at = back;
        value
    }

    #[inline(never)]
    fn bytes(&mut self) -> Vec<u8> {
        let back = self.enter();
        let size = self.size();
        let bytes = self.data.get(self.at..).and_then(|rest| rest.get(..size));
        self.at = back;
        match bytes {
            Some(bytes) => bytes.to_vec(),
            None => {
                self.failed = true;
                Vec::new()
            }
        }
    }
}

/// A value that can be read from words.
pub trait Decode: Sized {
    /// Reads the value; its reader remembers a failure.
    fn decode(reader: &mut Reader<'_>) -> Self;
}

impl Decode for U256 {
    #[inline(always)]
    fn decode(reader: &mut Reader<'_>) -> Self {
        Self::from_be_bytes(reader.word())
    }
}

impl Decode for I256 {
    #[inline(always)]
    fn decode(reader: &mut Reader<'_>) -> Self {
        Self::from_be_bytes(reader.word())
    }
}

impl Decode for Address {
    #[inline(never)]
    fn decode(reader: &mut Reader<'_>) -> Self {
        let word = reader.word();
        let address = Self::from_word(word.into());
        reader.failed |= address.into_word() != word;
        address
    }
}

impl<const N: usize> Decode for FixedBytes<N> {
    #[inline(always)]
    fn decode(reader: &mut Reader<'_>) -> Self {
        let word = reader.word();
        reader.failed |= word.iter().skip(N).any(|byte| *byte != 0);
        Self(core::array::from_fn(|i| {
            word.get(i).copied().unwrap_or_default()
        }))
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Decode for $number {
            #[inline(always)]
            fn decode(reader: &mut Reader<'_>) -> Self {
                reader.number(u64::from(<$number>::MAX)) as $number
            }
        })*
    };
}
numbers!(u8, u16, u32, u64);

impl Decode for U80 {
    #[inline(always)]
    fn decode(reader: &mut Reader<'_>) -> Self {
        let word = U256::from_be_bytes(reader.word());
        Self::checked_from_limbs_slice(word.as_limbs()).unwrap_or_else(|| {
            reader.failed = true;
            Self::ZERO
        })
    }
}

impl Decode for bool {
    #[inline(always)]
    fn decode(reader: &mut Reader<'_>) -> Self {
        reader.number(1) == 1
    }
}

/// An array of values that have a fixed number of words.
impl<T: Decode> Decode for Vec<T> {
    #[inline(never)]
    fn decode(reader: &mut Reader<'_>) -> Self {
        let back = reader.enter();
        let mut left = reader.size();
        let mut values = Self::new();
        while left > 0 && reader.is_valid() {
            values.push(T::decode(reader));
            left -= 1;
        }
        reader.at = back;
        values
    }
}

impl Decode for Bytes {
    #[inline(always)]
    fn decode(reader: &mut Reader<'_>) -> Self {
        reader.bytes().into()
    }
}

impl Decode for String {
    #[inline(always)]
    fn decode(reader: &mut Reader<'_>) -> Self {
        Self::from_utf8(reader.bytes()).unwrap_or_else(|_| {
            reader.failed = true;
            Self::new()
        })
    }
}

impl Decode for () {
    #[inline(always)]
    fn decode(_: &mut Reader<'_>) -> Self {}
}

macro_rules! tuple {
    ($($member:ident),*) => {
        impl<$($member: Decode),*> Decode for ($($member,)*) {
            #[inline(always)]
            fn decode(reader: &mut Reader<'_>) -> Self {
                ($($member::decode(reader),)*)
            }
        }
    };
}
#[rustfmt::skip]
mod tuples {
    use super::{Decode, Reader};

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
