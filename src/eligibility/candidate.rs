//! What is assessed, and against what. Owns how a candidate is named and on which levels its rules stand (semantics §23).

use super::Level;
use crate::model::{
    Cart, Code, CounterName, Coupon, Customer, Instant, Limits, Policy, Restrictions, Usage,
};

/// A coupon by one of its codes, or by its id.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The coupon.
    pub coupon: &'a Coupon,
    /// The code it was entered by; `None` when applied by id.
    pub code: Option<&'a Code>,
}

/// What a candidate is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The cart.
    pub cart: &'a Cart,
    /// Who is buying, if known.
    pub customer: Option<&'a Customer>,
    /// Paid orders before this one, if known.
    pub prior_orders: Option<i64>,
    /// Whether codes are taken here.
    pub codes_allowed: bool,
    /// The request's instant.
    pub now: Instant,
    /// What has been used so far.
    pub usage: &'a Usage,
    /// The shop's settings.
    pub policy: &'a Policy,
}

impl<'a> Candidate<'a> {
    /// The text by which people name it.
    pub fn label(&self) -> String {
        self.coupon
            .name
            .as_deref()
            .or(self.code.map(|code| code.code.as_str()))
            .unwrap_or(self.coupon.id.as_str())
            .to_owned()
    }

    /// Its canonical code, or the coupon's id where it was applied by that.
    pub fn name(&self) -> &'a str {
        self.code
            .map_or(self.coupon.id.as_str(), |code| code.code.as_str())
    }

    pub(super) fn levels(&self) -> Vec<(Level, &'a Restrictions, &'a Limits)> {
        let coupon = (
            Level::Coupon,
            &self.coupon.restrictions,
            &self.coupon.limits,
        );
        let code = self
            .code
            .map(|code| (Level::Code, &code.restrictions, &code.limits));
        [Some(coupon), code].into_iter().flatten().collect()
    }

    pub(super) fn counted_levels(&self) -> Vec<(Level, &'a Limits, CounterName)> {
        let coupon = (
            Level::Coupon,
            &self.coupon.limits,
            CounterName::coupon(&self.coupon.id),
        );
        let code = self
            .code
            .map(|code| (Level::Code, &code.limits, CounterName::code(&code.id)));
        [Some(coupon), code].into_iter().flatten().collect()
    }
}
