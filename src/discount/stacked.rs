//! What became of coupons that were stacked: those applied, and what was in the way of the others.

use super::amount::Applied;
use super::order::Applicable;
use crate::eligibility::{Details, Level, Reason, Rejection};

/// What became of the coupons.
#[derive(Debug)]
pub struct Stacked<'a> {
    /// In the order taken off, each with what it took: always more than nothing.
    pub applied: Vec<(Applicable<'a>, Applied)>,
    /// By place in the request's codes.
    pub refused: Vec<(usize, Rejection)>,
    /// Whether every selection was tried where a choice had to be made.
    pub is_exact: bool,
}

/// A refusal because of others, by their codes or ids.
pub(super) fn because_of(reason: Reason, others: Vec<String>) -> Rejection {
    Rejection {
        code: reason,
        level: Level::Coupon,
        details: Details {
            with: Some(others),
            ..Details::default()
        },
    }
}
