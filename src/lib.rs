//! `coupon-engine`: coupons that add up, decided by pure functions.
//!
//! The layers, each depending only on those below it:
//!
//! ```text
//! wasm         bytes ⇄ values, nothing else
//! operation    what must be read or committed next, and the answer at the end
//! code coupon eligibility discount redemption link      the rules
//! model        money, cart, customer, coupon, code, instants
//! ```
//!
//! No clock, no randomness, no storage, no float, no panic: `now`, random bytes and everything stored are arguments.
//! What each rule means is in the docs of the module that owns it, with the section of the semantics it follows.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        missing_docs,
        reason = "a test that cannot go on shall fail at the spot"
    )
)]

pub mod code;
pub mod coupon;
pub mod discount;
pub mod eligibility;
pub mod error;
mod json;
pub mod link;
pub mod model;
pub mod operation;
pub mod redemption;
#[cfg(target_arch = "wasm32")]
mod wasm;
