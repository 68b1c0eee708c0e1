//! Reservations and redemptions (semantics §13 – §16; reliability §0): the record of one, every edge from one state to
//! the next with what it claims and gives back, and what a return is worth. Pure: what is read and committed, and when,
//! is said in `operation`.

mod adjust;
mod batch;
mod entry;
mod lapsed;
mod record;
mod refund;
mod rollback;
mod snapshot;
mod state;
mod transition;

#[cfg(test)]
mod tests;

pub use adjust::{CreditChange, credit_counter};
pub use batch::{Batch, CommitOutcome, CounterAdd, Write};
pub use entry::{Entry, EntryIndex};
pub use record::{
    Flag, Redeemed, RedeemedCode, RedeemedCredit, RedeemedLine, Redemption, Refunded,
};
pub use refund::{Refund, RefundRequest};
pub use rollback::{Cause, RollbackRequest};
pub use snapshot::Snapshot;
pub use state::RedemptionState;
pub use transition::Payment;
