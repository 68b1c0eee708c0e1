//! What coupons and rules that may be used take off a cart together (semantics §2 – §8, §16): order, combination, amounts,
//! allocation, the shop's caps, store credit. Whether one may be used at all was decided in `eligibility`.

mod adjustment;
mod admission;
mod allocate;
mod amount;
mod caps;
mod combine;
mod consent;
mod credit;
mod effect;
mod host;
mod plan;
mod selection;
mod share;
mod stack;
mod stacked;
mod trace;
mod units;

pub use adjustment::{Adjustment, AdjustmentSource, LineShare, Totals};
pub use allocate::{UnitRun, Weight, allocate, split_over_units};
pub use amount::Applied;
pub use caps::hold_to_caps;
pub use credit::{Credit, Payment, pay};
pub use effect::{Effect, Source};
pub use plan::{Plan, plan};
pub use stack::stack;
pub use stacked::Stacked;
pub use trace::{TraceStep, credit_step, trace};
pub use units::Pick;
