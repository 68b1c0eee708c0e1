//! Operations: what a host asks, answered by the rules. `evaluate` has everything in the request; `step` says what must be
//! read or committed next. Owns no rule and no storage.

mod adjust_credit;
mod assemble;
mod catalog;
mod checkout;
mod claims;
mod decided;
mod evaluate;
mod find;
mod fingerprint;
mod foreign;
mod give_back;
mod judge;
mod key;
mod late;
mod load;
mod order_status;
mod outcomes;
mod quote;
mod redeem;
mod redeeming;
mod request;
mod reserve;
mod script;
mod settle;
mod shop;
mod step;

pub use catalog::Catalog;
pub use claims::customer_names;
pub use evaluate::{Prepared, evaluate};
pub use load::{LedgerRequest, LoadRequest};
pub use quote::{CodeOutcome, OutcomeState, Quote, Validation};
pub use redeeming::{OrderStatusOutcome, RedemptionOutcome};
pub use request::{Checkout, EvaluateOptions};
pub use shop::Context;
pub use step::{Outcome, Step, step};
