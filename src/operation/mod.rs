//! Operations: the questions a host asks, answered by the rules. `evaluate` has everything in the request; `step` says
//! what must be read first. Owns no rule and no storage.

mod assemble;
mod catalog;
mod checkout;
mod decided;
mod evaluate;
mod find;
mod fingerprint;
mod foreign;
mod judge;
mod load;
mod outcomes;
mod quote;
mod request;
mod step;

pub use catalog::Catalog;
pub use evaluate::{Prepared, evaluate};
pub use quote::{Adjustment, CodeOutcome, OutcomeState, Quote, Validation};
pub use request::{Checkout, EvaluateOptions};
pub use step::{Context, Step, step};
