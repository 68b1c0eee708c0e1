//! Shapes, sizes and uniformity of generated codes.

use std::collections::BTreeSet;

use super::*;
use crate::model::Value;

/// A deterministic stand-in, for tests only: SplitMix64.
struct Seeded(u64);

impl Entropy for Seeded {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<()> {
        for chunk in buffer.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^= mixed >> 31;
            chunk.copy_from_slice(&mixed.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

fn generate(json: &str) -> Result<GeneratedCodes> {
    let value: Value = serde_json::from_str(json).unwrap();
    GenerationRequest::parse(&Node::root(&value, ""))?.generate(&mut Seeded(7))
}

#[test]
fn s0_15_the_guide_s_shape() {
    let made = generate(
        r#"{"count":500,"length":6,"charset":"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789","prefix":"SUMMER20"}"#,
    )
    .unwrap();
    let unique: BTreeSet<_> = made.codes.iter().collect();
    assert_eq!(unique.len(), 500);
    for code in &made.codes {
        let random = code.as_str().strip_prefix("SUMMER20-").unwrap();
        assert_eq!(random.len(), 6);
        assert!(
            random
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        );
    }
    assert_eq!(made.guesses_per_hit, (36_u128.pow(6) / 500).to_string());
    assert_eq!(made.warnings.len(), 1);
}

#[test]
fn s3_23_length_leaves_prefix_and_suffix_out() {
    let made =
        generate(r#"{"count":3,"length":5,"prefix":"A","suffix":"Z","separator":""}"#).unwrap();
    for code in &made.codes {
        assert_eq!(code.as_str().len(), 7);
        assert!(code.as_str().starts_with('A') && code.as_str().ends_with('Z'));
    }
}

#[test]
fn s3_21_an_affix_that_brings_its_separator_gets_no_second_one() {
    let made = generate(r#"{"count":1,"length":5,"prefix":"A-","suffix":"_Z"}"#).unwrap();
    assert_eq!(made.codes[0].as_str().len(), 9);
    assert!(made.codes[0].as_str().starts_with("A-") && made.codes[0].as_str().ends_with("_Z"));
}

#[test]
fn auto_length_makes_guessing_hopeless() {
    let made = generate(r#"{"count":1000}"#).unwrap();
    assert_eq!(made.length, 9);
    assert!(made.guesses_per_hit.parse::<u128>().unwrap() >= SAFE_GUESSES);
    assert!(made.warnings.is_empty());
}

#[test]
fn semantics_21_a_space_too_small_is_refused_before_anything_is_made() {
    let refused = generate(r#"{"count":513,"length":5,"charset":"abcd"}"#).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::KeySpaceExhausted);
    assert_eq!(
        generate(r#"{"count":512,"length":5,"charset":"abcdABCD"}"#)
            .unwrap()
            .codes
            .len(),
        512
    );
    let with_existing = generate(r#"{"count":1,"existing":512,"length":5,"charset":"abcd"}"#);
    assert_eq!(
        with_existing.unwrap_err().code(),
        ErrorCode::KeySpaceExhausted
    );
}

#[test]
fn c4_symbols_are_uniform() {
    // Chi-square over 36 symbols, 35 degrees of freedom: 66.6 is exceeded once in a thousand uniform samples.
    let json = r#"{"count":50000,"length":20,"charset":"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"}"#;
    let mut seen = [0_u64; 256];
    for code in generate(json).unwrap().codes {
        for byte in code.as_str().bytes() {
            seen[usize::from(byte)] += 1;
        }
    }
    let expected = 1_000_000 / 36;
    let chi_square: u64 = seen
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| count.abs_diff(expected).pow(2) / expected)
        .sum();
    assert!(chi_square < 67, "chi-square {chi_square}");
}

#[test]
fn c4_short_or_constant_entropy_is_refused() {
    use super::super::GivenBytes;
    assert!(GivenBytes::new(&[1, 2, 3]).is_err());
    assert!(GivenBytes::new(&[7; 64]).is_err());
    let bytes: Vec<u8> = (0..32).collect();
    let value: Value = serde_json::from_str(r#"{"count":10,"length":8}"#).unwrap();
    let request = GenerationRequest::parse(&Node::root(&value, "")).unwrap();
    let refused = request
        .generate(&mut GivenBytes::new(&bytes).unwrap())
        .unwrap_err();
    assert_eq!(refused.code(), ErrorCode::EntropyUnavailable);
}
