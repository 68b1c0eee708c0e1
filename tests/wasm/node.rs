//! The engine in Node: the answers of the native build, to the byte, and the platform's randomness.
#![cfg(target_arch = "wasm32")]

mod answers;
mod golden;
#[path = "../protocol/shared/mod.rs"]
mod shared;
#[path = "../protocol/simulation/mod.rs"]
mod simulation;
mod traces;
