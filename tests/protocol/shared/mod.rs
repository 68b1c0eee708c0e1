//! What the models and the simulation share: the ledger, the engine's protocol as a driver sees it, shops, and the laws
//! that hold in all of them.
#![allow(dead_code, reason = "each target uses its part")]

pub mod answers;
pub mod laws;
pub mod ledger;
pub mod plain;
pub mod protocol;
pub mod quiet;
pub mod shop;
mod tree;
