//! Why not: the closed list of reasons and their fixed order. The figures that go with each are in `details`.

use serde::Serialize;

use crate::model::Identifier;

use super::Details;

/// A reason. The order of the variants is the order of the checks (semantics §24): the first failing one is told first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Too many codes of this caller's were unknown: this one is not looked up.
    TooManyAttempts,
    /// The text is too long to be looked at.
    Malformed,
    /// No such code, nothing that can be a code, or not by this way.
    NotFound,
    /// Put away.
    Archived,
    /// Switched off.
    Inactive,
    /// A draft (S0.9).
    NoDiscountLinked,
    /// Before its first instant.
    NotStarted,
    /// After its last instant.
    Expired,
    /// Not at this hour of the week.
    OutsideSchedule,
    /// All redemptions are used.
    LimitReached,
    /// Nothing is left of a store credit.
    BalanceExhausted,
    /// Its budget is spent, or has less left than it would take.
    BudgetExhausted,
    /// All redemptions are used or held by other checkouts.
    ReservedElsewhere,
    /// Codes are not taken here (S2.63), or the shop applies none.
    CodesNotAllowed,
    /// It must be known who is buying.
    CustomerRequired,
    /// For other customers.
    CustomerNotAllowed,
    /// The customer has ordered before.
    NotFirstOrder,
    /// Not for the customer's so-manieth order.
    OrderNumberMismatch,
    /// This customer's redemptions are used.
    CustomerLimitReached,
    /// Not sold, sent or paid this way.
    ContextMismatch,
    /// It has no amount in the cart's currency.
    CurrencyMismatch,
    /// No line it may discount.
    NoEligibleItems,
    /// The order is worth too little.
    MinimumNotMet,
    /// The order is worth too much, or has too many units.
    MaximumExceeded,
    /// Another coupon must be entered beside it.
    CouponRequired,
    /// The host gives a discount itself.
    ForeignCouponPresent,
    /// The same coupon stands in the cart already.
    AlreadyApplied,
    /// Does not go with one that is applied.
    NotCombinable,
    /// Another takes more.
    SupersededByBetter,
    /// Only the first applies.
    StoppedByPrevious,
    /// As many as the shop allows are applied.
    TooManyCodes,
    /// The shop's cap on all discounts leaves nothing of it.
    CapReached,
    /// It would take nothing off.
    NoEffect,
    /// Another of the codes does not apply, and all must or none.
    NotAllApplicable,
    /// The public answer in place of a reason that is kept back.
    NotApplicable,
}

impl Reason {
    /// Whether the code may come alive when the cart or the customer changes (semantics §27).
    pub fn parks(self) -> bool {
        matches!(
            self,
            Self::NotStarted
                | Self::CustomerRequired
                | Self::ContextMismatch
                | Self::CurrencyMismatch
                | Self::NoEligibleItems
                | Self::MinimumNotMet
                | Self::MaximumExceeded
                | Self::CouponRequired
                | Self::NotAllApplicable
        )
    }

    /// Whether it lies in the terms of what is refused, for which the merchant may have words, and not in the company
    /// it is in.
    pub(super) fn is_its_own(self) -> bool {
        self <= Self::CouponRequired
    }
}

/// Where the failing rule stands (semantics §23).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// On the coupon.
    Coupon,
    /// On the code.
    Code,
    /// On the rule.
    Rule,
}

/// A business "no".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// Why.
    pub code: Reason,
    /// On which level.
    pub level: Level,
    /// With which figures.
    pub details: Box<Details>,
}

impl Rejection {
    /// The same "no", told of one of several rules.
    #[must_use]
    pub fn of_rule(mut self, id: &Identifier) -> Self {
        self.details.rule_id = Some(id.clone());
        self
    }

    /// A "no" without figures.
    pub fn plain(code: Reason, level: Level) -> Self {
        Self::with(code, level, |_| {})
    }

    /// A "no" with the figures that are filled in.
    pub fn with(code: Reason, level: Level, fill: impl FnOnce(&mut Details)) -> Self {
        Self {
            code,
            level,
            details: Details::of(fill),
        }
    }
}
