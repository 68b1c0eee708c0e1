//! What is assessed, and against what. Owns how a candidate is named and on which levels its rules stand (semantics §23).

use super::{Level, Rejection};
use crate::model::{
    Cart, Code, Coupon, Customer, Discount, Identifier, Instant, Limits, Minimum, MinimumBasis,
    Policy, Products, Restrictions, Rule, State, Usage, Zones,
};

/// A coupon by one of its codes, or by its id; with one of the rules linked to it; or a rule that applies by itself.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The coupon; `None` only where there is a rule.
    pub coupon: Option<&'a Coupon>,
    /// The code it was entered by; `None` when applied by id.
    pub code: Option<&'a Code>,
    /// The rule.
    pub rule: Option<&'a Rule>,
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
    /// How far the clocks of zones are ahead of UTC.
    pub zones: &'a Zones,
    /// The coupons entered that pass on their own; `None` while that is being found out.
    pub present: Option<&'a [&'a Identifier]>,
}

/// One level of a candidate.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) level: Level,
    pub(super) state: State,
    pub(super) restrictions: &'a Restrictions,
    /// A rule has none.
    pub(super) limits: Option<&'a Limits>,
}

impl<'a> Candidate<'a> {
    /// The text by which people name it.
    pub fn label(&self) -> String {
        let of_rule = self.rule.and_then(|rule| rule.name.as_deref());
        let of_coupon = self.coupon.and_then(|coupon| coupon.name.as_deref());
        of_rule
            .or(of_coupon)
            .unwrap_or_else(|| self.name())
            .to_owned()
    }

    /// Its canonical code, or the coupon's id where it was applied by that, or the rule's.
    pub fn name(&self) -> &'a str {
        self.code
            .map(|code| code.code.as_str())
            .or(self.coupon.map(|coupon| coupon.id.as_str()))
            .or(self.rule.map(|rule| rule.id.as_str()))
            .unwrap_or_default()
    }

    /// The coupon's id.
    pub fn coupon_id(&self) -> Option<&'a Identifier> {
        self.coupon.map(|coupon| &coupon.id)
    }

    /// What it takes off: the rule's, where there is a rule.
    pub fn discount(&self) -> Option<&'a Discount> {
        match self.rule {
            Some(rule) => rule.discount.as_ref(),
            None => self.coupon?.discount.as_ref(),
        }
    }

    /// Where the discount stands.
    pub fn discount_level(&self) -> Level {
        match self.rule {
            Some(_) => Level::Rule,
            None => Level::Coupon,
        }
    }

    /// Whether any of its product rules narrows the cart.
    pub fn narrows(&self) -> bool {
        self.product_rules()
            .into_iter()
            .flatten()
            .any(Products::narrow)
    }

    /// The minimums that are measured when its turn comes.
    pub fn running_minimums(&self) -> Vec<(Level, &'a Minimum)> {
        self.parts()
            .filter_map(|part| Some((part.level, part.restrictions.minimum.as_ref()?)))
            .filter(|(_, minimum)| minimum.basis == MinimumBasis::RunningBeforeThis)
            .collect()
    }

    /// Whether any of its limits is one of a day, a week or a month.
    pub fn counts_in_periods(&self) -> bool {
        let mut limits = self.parts().filter_map(|part| part.limits);
        limits.any(|limits| !limits.windows.is_empty())
    }

    /// What the merchant wants to be told instead of the engine's words, on this level.
    pub(super) fn refusal_message(&self, level: Level) -> Option<&'a str> {
        match level {
            Level::Rule => self.rule?.refusal_message.as_deref(),
            Level::Coupon | Level::Code => self.coupon?.refusal_message.as_deref(),
        }
    }

    /// The same "no" in the merchant's words, if there are any for it.
    #[must_use]
    pub fn in_own_words(&self, mut rejection: Rejection) -> Rejection {
        if rejection.code.is_its_own() {
            rejection.details.text = self.refusal_message(rejection.level).map(str::to_owned);
        }
        rejection
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let coupon = self.coupon.map(|coupon| Part {
            level: Level::Coupon,
            state: coupon.state,
            restrictions: &coupon.restrictions,
            limits: Some(&coupon.limits),
        });
        let code = self.code.map(|code| Part {
            level: Level::Code,
            state: code.state,
            restrictions: &code.restrictions,
            limits: Some(&code.limits),
        });
        let rule = self.rule.map(|rule| Part {
            level: Level::Rule,
            state: rule.state,
            restrictions: &rule.restrictions,
            limits: None,
        });
        [coupon, code, rule].into_iter().flatten()
    }

    pub(super) fn product_rules(&self) -> [Option<&'a Products>; 3] {
        [
            self.coupon.map(|coupon| &coupon.restrictions),
            self.code.map(|code| &code.restrictions),
            self.rule.map(|rule| &rule.restrictions),
        ]
        .map(|restrictions| restrictions?.products.as_ref())
    }

    /// Whether products are named that all have to be in the cart.
    pub(super) fn requires_products(&self) -> bool {
        let mut rules = self.product_rules().into_iter().flatten();
        rules.any(Products::requires_all)
    }

    pub(super) fn is_store_credit(&self) -> bool {
        self.discount().is_some_and(Discount::is_store_credit)
    }
}
