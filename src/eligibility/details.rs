//! The figures of a refusal. Owns their names; which reason has which is said once, in `js/types/quote.ts`.

use serde::Serialize;

use crate::model::{Amount, Currency, Identifier, Instant, Scope};

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
    pub zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<&'static str>,
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
    pub field: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
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
    pub required_quantity: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual_quantity: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cart_empty: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupons: Option<Vec<Identifier>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_id: Option<Identifier>,
    /// The merchant's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Details {
    /// The figures that are filled in, and no others.
    pub fn of(fill: impl FnOnce(&mut Self)) -> Box<Self> {
        let mut details = Self::none();
        fill(&mut details);
        details
    }

    /// One place that writes so many absences.
    fn none() -> Box<Self> {
        Box::default()
    }
}
