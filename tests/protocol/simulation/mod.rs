//! Deterministic simulation (reliability §6): one number makes a shop, its customers, what they do, in which order, and
//! what goes wrong on the way; the same number makes the same run on every platform. Needs `shared` beside it.
#![allow(dead_code, reason = "each target uses its part")]

pub mod dice;
mod drain;
pub mod draw;
mod faults;
mod world;

pub use world::{Kept, simulate};

/// The hash of the traces of so many seeds.
pub fn combined(seeds: std::ops::Range<u64>) -> u64 {
    let mut hash = crate::shared::plain::Fnv::default();
    for seed in seeds {
        hash.add(&format!("{:016x}", simulate(seed, Kept::Hash).hash));
    }
    hash.0
}

const GOLDEN: &str = include_str!("../../wasm/traces.txt");
const SEEDS_A_LINE: u64 = 10;
const LINES: u64 = 20;

/// The hashes of the first runs, ten a line.
pub fn golden() -> String {
    let line = |line: u64| {
        let first = line * SEEDS_A_LINE;
        let last = first + SEEDS_A_LINE;
        format!("{first}..{last} {:016x}\n", combined(first..last))
    };
    (0..LINES).map(line).collect()
}

/// Runs made here are those the file was made from.
pub fn assert_golden() {
    let made = golden();
    assert_eq!(made.lines().count(), GOLDEN.lines().count());
    for (made, expected) in made.lines().zip(GOLDEN.lines()) {
        assert_eq!(
            made, expected,
            "cargo run --release --example simulate -- golden > tests/wasm/traces.txt"
        );
    }
}
