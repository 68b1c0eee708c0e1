//! The invariants of the engine as properties, each held against 100,000 random cases through the public API
//! (`COUPON_ENGINE_CASES` sets another number, `COUPON_ENGINE_SEED` another stream of cases). Test names begin with the
//! invariant's id. Owns nothing but the list of groups; no expected value here comes from the engine itself.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test that panics has failed, which is what it is for"
)]

mod allocation;
mod boundary;
mod codes;
mod conditions;
mod credit;
mod determinism;
mod dice;
mod draw;
#[path = "../wasm/golden.rs"]
mod golden;
mod hold;
mod metamorphic;
mod money;
mod monotone;
mod range;
mod restrictions;
mod sets;
mod sharing;
mod shop;
mod source;
mod terms;
mod wild;
