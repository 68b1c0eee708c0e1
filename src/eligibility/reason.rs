//! Why not: the closed list of reasons, their fixed order, and the figures that go with each.

use serde::Serialize;

use crate::model::{Amount, Currency, Instant, Scope};

/// A reason. The order of the variants is the order of the checks (semantics §24): the first failing one is told first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
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
    /// All redemptions are used.
    LimitReached,
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
    /// This customer's redemptions are used.
    CustomerLimitReached,
    /// It has no amount in the cart's currency.
    CurrencyMismatch,
    /// No line it may discount.
    NoEligibleItems,
    /// The order is worth too little.
    MinimumNotMet,
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
    /// It would take nothing off.
    NoEffect,
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
                | Self::CurrencyMismatch
                | Self::NoEligibleItems
                | Self::MinimumNotMet
        )
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
}

/// A business "no".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// Why.
    pub code: Reason,
    /// On which level.
    pub level: Level,
    /// With which figures.
    pub details: Details,
}

impl Rejection {
    /// A "no" without figures.
    pub fn plain(code: Reason, level: Level) -> Self {
        Self {
            code,
            level,
            details: Details::default(),
        }
    }
}

/// The figures of a reason; `js/types/quote.ts` says which reason has which.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "each is documented once, in js/types/quote.ts")]
pub struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_expiry: Option<Option<Instant>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior_orders: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Vec<Currency>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cart_empty: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
}
