//! Whether a coupon, by one of its codes or by its id, or a rule may be used on a cart at all: every failing check is
//! found, listed in the fixed order of semantics §24, with its level and figures. Reads, decides, changes nothing.

mod assess;
mod candidate;
mod claims;
mod context;
mod credit;
mod currency;
mod customers;
mod details;
mod disclosure;
mod limits;
mod lines;
mod reason;
mod size;
mod standing;
#[cfg(test)]
mod tests;
mod time;

pub use assess::{Assessment, assess};
pub use candidate::{Candidate, Situation};
pub use claims::{claims_of, counters_of};
pub use credit::{budget_rejection, credit_balance};
pub use details::Details;
pub use disclosure::Disclosed;
pub use reason::{Level, Reason, Rejection};
pub use size::running_minimum_rejection;
