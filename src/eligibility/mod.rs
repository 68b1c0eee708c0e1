//! Whether a coupon, by one of its codes or by its id, may be used on a cart at all: every failing check is found,
//! listed in the fixed order of semantics §24, with its level and figures. Reads, decides, changes nothing.

mod candidate;
mod checks;
mod disclosure;
mod limits;
mod lines;
mod reason;

pub use candidate::{Candidate, Situation};
pub use checks::{Assessment, assess};
pub use disclosure::Disclosed;
pub use limits::counters_of;
pub use reason::{Details, Level, Reason, Rejection};
