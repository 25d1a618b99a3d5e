//! The capacity is counted in smaller units when little is left of it.
//!
//! M, E and every magnitude are counts of units of `2^-n` of the first ones, n the scale. When a slash leaves little of M:
//!
//! ```text
//! M < 2^40:   s = the shift that brings M to at least 2^59;   M <<= s;  E <<= s;  n += s      at once
//!             x <<= n − n(x)                                                                  of any other, when it is next read
//! ```
//!
//! `n(x)` is the scale that x was saved at. Shifts to the left lose nothing, so that every magnitude is the same part of the same
//! stake before and after, to the last bit, and a slash of a part rounds up by less than `2^-40` of the stake that is left. A
//! capacity that is small and cannot be shifted any more is at its smallest: nothing of it, or the scale at its end.

/// A capacity below this is counted in smaller units.
pub const SMALL: u64 = 1 << 40;
/// Leading zeros of a capacity that has been shifted as far as it goes: it is at least 2^59 then, and below 2^60.
const TOP_ZEROS: u32 = 4;

/// Δ of a slash out of the capacity M, both in units of `2^-scale` of the first ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Magnitude Δ.
    pub delta: u64,
    /// The capacity M that it is measured against.
    pub capacity: u64,
    /// The scale of both.
    pub scale: u8,
}

impl Part {
    /// In the first units.
    pub const fn of(delta: u64, capacity: u64) -> Self {
        Self {
            delta,
            capacity,
            scale: 0,
        }
    }
}

/// `capacity` at `scale` in smaller units, if it is small and there are some; and their scale.
pub fn renormalised(capacity: u64, scale: u8) -> (u64, u8) {
    if capacity == 0 || capacity >= SMALL {
        return (capacity, scale);
    }
    let room = u8::MAX.saturating_sub(scale);
    let shift = capacity.leading_zeros().saturating_sub(TOP_ZEROS) as u8;
    let shift = shift.min(room);
    (lifted(capacity, shift), scale.saturating_add(shift))
}

/// Whether a capacity is at its smallest, once it is renormalised.
pub const fn is_spent(capacity: u64) -> bool {
    capacity < SMALL
}

/// A count in units `shift` bits smaller. One that had no place would be above the capacity, which nothing is: it saturates.
pub fn lifted(count: u64, shift: u8) -> u64 {
    let shift = u32::from(shift);
    if count == 0 {
        0
    } else if shift < count.leading_zeros() {
        count.wrapping_shl(shift)
    } else {
        u64::MAX
    }
}
