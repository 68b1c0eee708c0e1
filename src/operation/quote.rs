//! The answers: a quote with every share, or the outcome per code. Owns their shape; the figures come from below.

use serde::Serialize;

use crate::discount::{Adjustment, Totals, TraceStep};
use crate::eligibility::Rejection;
use crate::model::{
    Amount, Currency, Disclosure, Distribution, Rounding, RoundingPoint, StackingMode,
};

/// What a cart costs with its codes.
#[derive(Clone, Debug, Serialize)]
pub struct Quote {
    /// Of every amount in it.
    pub currency: Currency,
    /// One per entered code, in the request's order.
    pub codes: Vec<CodeOutcome>,
    /// The host's own first, then in the order taken off.
    pub adjustments: Vec<Adjustment>,
    /// In the order used.
    pub credits: Vec<CreditUse>,
    /// External rules that the codes open; what they take off is the host's to say.
    pub unlocked: Vec<String>,
    /// Automatic rules that apply or may come to apply; with full disclosure all of them.
    pub automatic: Vec<AutomaticOutcome>,
    /// In the cart's order.
    pub lines: Vec<QuoteLine>,
    /// Of the whole cart.
    pub totals: Totals,
    /// By which strategies.
    pub strategy: Strategy,
    /// Equal for equal carts, terms and amounts.
    pub fingerprint: String,
    /// What happened in order, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<Vec<TraceStep>>,
    /// How much the caller gets to know. Decides for whom texts are written; not part of the answer.
    #[serde(skip)]
    pub disclosure: Disclosure,
}

/// The outcomes without the amounts.
#[derive(Clone, Debug, Serialize)]
pub struct Validation {
    /// Every entered code is applied.
    pub valid: bool,
    /// One per entered code, in the request's order.
    pub codes: Vec<CodeOutcome>,
    /// As in a quote.
    #[serde(skip)]
    pub disclosure: Disclosure,
}

impl From<Quote> for Validation {
    fn from(quote: Quote) -> Self {
        Self {
            valid: quote
                .codes
                .iter()
                .all(|code| code.state == OutcomeState::Applied),
            codes: quote.codes,
            disclosure: quote.disclosure,
        }
    }
}

/// What became of one entered code.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeOutcome {
    /// Place in the request.
    pub index: usize,
    /// Canonical; `None` if malformed or applied by id.
    pub code: Option<String>,
    /// `None` where kept back.
    pub coupon_id: Option<String>,
    /// `None` where kept back, or applied by id.
    pub code_id: Option<String>,
    /// By what people name it.
    pub label: Option<String>,
    /// Applied, parked or rejected.
    pub state: OutcomeState,
    /// What it took off.
    pub discount: Amount,
    /// Why not.
    pub rejection: Option<Rejection>,
    /// Why else not.
    pub also: Vec<Rejection>,
}

/// The three states of a code on a cart (semantics §27).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeState {
    /// In the totals.
    Applied,
    /// Kept with the cart; comes alive when the cart qualifies.
    Parked,
    /// To be dropped.
    Rejected,
}

/// What became of one automatic rule.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AutomaticOutcome {
    /// Which rule.
    pub rule_id: String,
    /// By what people name it.
    pub label: String,
    /// Applied, or whether it may come to apply.
    pub state: OutcomeState,
    /// What it took off.
    pub discount: Amount,
    /// Why not.
    pub rejection: Option<Rejection>,
    /// Why else not.
    pub also: Vec<Rejection>,
}

/// What one store credit paid.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreditUse {
    /// Place in the request.
    pub index: usize,
    /// Whose balance.
    pub coupon_id: String,
    /// Through which code.
    pub code_id: Option<String>,
    /// Through which text.
    pub code: Option<String>,
    /// By what people name it.
    pub label: String,
    /// What was left of it before, and not held by others.
    pub balance: Amount,
    /// What it pays.
    pub amount: Amount,
}

/// A line after all discounts.
#[derive(Clone, Debug, Serialize)]
pub struct QuoteLine {
    /// Which line.
    pub id: String,
    /// Before.
    pub subtotal: Amount,
    /// Taken off.
    pub discount: Amount,
    /// After.
    pub total: Amount,
}

/// The named strategies every figure was made with.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Strategy {
    /// How coupons go together.
    pub stacking: StackingMode,
    /// How halves are settled.
    pub rounding: Rounding,
    /// At which point.
    pub rounding_point: RoundingPoint,
    /// How a discount is shared out.
    pub distribution: Distribution,
    /// Whether every selection was tried where a choice had to be made.
    pub exact: bool,
}
