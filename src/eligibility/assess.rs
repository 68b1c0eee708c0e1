//! All checks of one candidate, sorted into the fixed order of semantics §24. None of them knows of other coupons, but
//! for those that must be entered as well: how coupons go together is decided in `discount`.

use super::Rejection;
use super::candidate::{Candidate, Situation};
use super::context::{companions, context};
use super::credit::balances;
use super::currency::currency;
use super::customers::customers;
use super::limits::limits;
use super::lines::{eligible_lines, products};
use super::size::{maximums, minimums};
use super::standing::{codes_allowed, draft, state};
use super::time::{schedule, window};
use crate::error::Result;
use crate::model::sort_by;

/// The outcome of all checks.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// Every failing check in the fixed order; empty if the candidate may be used.
    pub rejections: Vec<Rejection>,
    /// Places in the cart of the lines it may discount; of a store credit, of the lines it may pay.
    pub eligible: Vec<usize>,
}

/// Runs every check.
pub fn assess(candidate: &Candidate<'_>, situation: &Situation<'_>) -> Result<Assessment> {
    let cart = situation.cart;
    let eligible = eligible_lines(candidate, cart);
    let mut rejections = Vec::new();
    state(candidate, &mut rejections);
    draft(candidate, &mut rejections);
    window(candidate, situation.now, &mut rejections);
    schedule(candidate, situation, &mut rejections)?;
    limits(candidate, situation, &mut rejections)?;
    balances(candidate, situation, &mut rejections);
    codes_allowed(candidate, situation.codes_allowed, &mut rejections);
    customers(candidate, situation, &mut rejections)?;
    context(candidate, cart, &mut rejections);
    currency(candidate, cart.currency, &mut rejections);
    products(candidate, cart, &eligible, &mut rejections);
    minimums(candidate, cart, &eligible, &mut rejections)?;
    maximums(candidate, cart, &eligible, &mut rejections)?;
    companions(candidate, situation.present, &mut rejections);
    if !rejections.is_empty() {
        // Stable: within a reason the order above stays, coupon before code before rule.
        sort_by(&mut rejections, |one, two| one.code.cmp(&two.code));
        for rejection in &mut rejections {
            rejection.details.text = candidate
                .refusal_message(rejection.level)
                .map(str::to_owned);
        }
    }
    Ok(Assessment {
        rejections,
        eligible,
    })
}
