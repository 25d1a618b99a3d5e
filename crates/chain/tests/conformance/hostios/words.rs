//! Arithmetic and hashing.

use alloy_primitives::{U256, keccak256};

use super::*;

#[test]
fn keccak_is_paid_by_the_word() {
    let case = |body, len: usize, ink| Case {
        imports: &["native_keccak256 i32 i32 i32"],
        data: "",
        body,
        output: keccak256(vec![0; len]).to_vec(),
        ink: vec![("native_keccak256", ink)],
    };
    check(
        &case(
            "(call $native_keccak256 (i32.const 0) (i32.const 0) (i32.const 2048))",
            0,
            121_800,
        ),
        &[],
    );
    check(
        &case(
            "(call $native_keccak256 (i32.const 0) (i32.const 64) (i32.const 2048))",
            64,
            121_800,
        ),
        &[],
    );
    check(
        &case(
            "(call $native_keccak256 (i32.const 0) (i32.const 65) (i32.const 2048))",
            65,
            142_800,
        ),
        &[],
    );
}

#[test]
fn arithmetic_of_words() {
    let a = U256::MAX - U256::from(5);
    let (b, c) = (U256::from(1_000_003), U256::from(97));
    // a at 2048, b at 100, c at 200, 0 at 300.
    let set = format!(
        "(data (i32.const 2048) \"{}\") (data (i32.const 100) \"{}\") (data (i32.const 200) \"{}\")",
        escape(a),
        escape(b),
        escape(c)
    );
    let set: &'static str = Box::leak(set.into_boxed_str());
    let ink3 = BASE + 3 * POINTER;
    let ink4 = BASE + 4 * POINTER;
    let two = |name: &'static str,
               import: &'static [&'static str],
               body: &'static str,
               value: U256,
               ink: u64| {
        check(
            &Case {
                imports: import,
                data: set,
                body,
                output: value.to_be_bytes_vec(),
                ink: vec![(name, ink)],
            },
            &[],
        );
    };
    two(
        "math_div",
        &["math_div i32 i32"],
        "(call $math_div (i32.const 2048) (i32.const 100))",
        a / b,
        ink3 + 20_000,
    );
    two(
        "math_div",
        &["math_div i32 i32"],
        "(call $math_div (i32.const 2048) (i32.const 300))",
        U256::ZERO,
        ink3 + 20_000,
    );
    two(
        "math_mod",
        &["math_mod i32 i32"],
        "(call $math_mod (i32.const 2048) (i32.const 100))",
        a % b,
        ink3 + 20_000,
    );
    two(
        "math_mod",
        &["math_mod i32 i32"],
        "(call $math_mod (i32.const 2048) (i32.const 300))",
        U256::ZERO,
        ink3 + 20_000,
    );
    // An exponent of one byte costs 3,000 + 2 · 17,500; of none, 3,000 + 17,500.
    let power = a.wrapping_pow(c);
    two(
        "math_pow",
        &["math_pow i32 i32"],
        "(call $math_pow (i32.const 2048) (i32.const 200))",
        power,
        ink3 + 38_000,
    );
    two(
        "math_pow",
        &["math_pow i32 i32"],
        "(call $math_pow (i32.const 2048) (i32.const 300))",
        U256::from(1),
        ink3 + 20_500,
    );
    two(
        "math_add_mod",
        &["math_add_mod i32 i32 i32"],
        "(call $math_add_mod (i32.const 2048) (i32.const 100) (i32.const 200))",
        a.add_mod(b, c),
        ink4 + 21_000,
    );
    two(
        "math_add_mod",
        &["math_add_mod i32 i32 i32"],
        "(call $math_add_mod (i32.const 2048) (i32.const 100) (i32.const 300))",
        U256::ZERO,
        ink4 + 21_000,
    );
    two(
        "math_mul_mod",
        &["math_mul_mod i32 i32 i32"],
        "(call $math_mul_mod (i32.const 2048) (i32.const 100) (i32.const 200))",
        a.mul_mod(b, c),
        ink4 + 24_100,
    );
}

fn escape(value: U256) -> String {
    value
        .to_be_bytes::<32>()
        .iter()
        .map(|byte| format!("\\{byte:02x}"))
        .collect()
}
