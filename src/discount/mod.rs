//! What coupons that may be used take off a cart together (semantics §2 – §7): order, combination, amounts, allocation.
//! Whether a coupon may be used at all was decided in `eligibility`.

mod allocate;
mod amount;
mod combine;
mod order;
mod selection;
mod stack;
mod stacked;
mod trace;

pub use allocate::{UnitRun, Weight, allocate, split_over_units};
pub use amount::Applied;
pub use order::{Applicable, in_order};
pub use stack::stack;
pub use stacked::Stacked;
pub use trace::{TraceStep, trace};
