//! What a call on a reservation answers (semantics §13 – §15). Owns the shape; a business "no" is one of these as well.

use serde::Serialize;

use super::quote::Quote;
use crate::model::Disclosure;
use crate::redemption::{Entry, Redemption, RedemptionState, Refund, Snapshot};

/// What became of it.
#[derive(Debug, Serialize)]
pub struct RedemptionOutcome {
    /// Where the record stands, or that nothing was done.
    pub status: Status,
    /// Whether this call changed anything.
    pub changed: bool,
    /// Why nothing was done.
    pub reason: Option<Refusal>,
    /// As it stands.
    pub redemption: Option<Box<Redemption>>,
    /// As evaluated, where something was.
    pub quote: Option<Box<Quote>>,
    /// Of a rollback.
    pub refund: Option<Box<Snapshot<Refund>>>,
}

/// The state of a record, or a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Status {
    /// Where the record stands.
    State(RedemptionState),
    /// Nothing was done.
    Refused(RefusedWord),
}

/// The one word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedWord {
    /// Nothing was done.
    Refused,
}

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A code does not apply.
    CodesRefused,
    /// The quote is another one than the customer has seen.
    QuoteChanged,
    /// The hold has ended, and its place is taken.
    HoldExpired,
    /// It is not paid.
    NotRedeemed,
    /// It is paid.
    AlreadyRedeemed,
    /// It was given back.
    AlreadyReleased,
    /// It was taken back, which is the end of it.
    AlreadyRolledBack,
}

impl RedemptionOutcome {
    /// The record as this call made it.
    pub(super) fn written(entry: Entry) -> Self {
        Self {
            changed: true,
            ..Self::unchanged(entry)
        }
    }

    /// The record as it was.
    pub(super) fn unchanged(entry: Entry) -> Self {
        Self {
            status: Status::State(entry.record.state),
            changed: false,
            reason: None,
            redemption: Some(Box::new(entry.record)),
            quote: None,
            refund: None,
        }
    }

    /// A "no".
    pub(super) fn refused(reason: Refusal, entry: Option<Entry>) -> Self {
        Self {
            status: Status::Refused(RefusedWord::Refused),
            changed: false,
            reason: Some(reason),
            redemption: entry.map(|entry| Box::new(entry.record)),
            quote: None,
            refund: None,
        }
    }

    pub(super) fn with_quote(mut self, quote: Quote) -> Self {
        self.quote = Some(Box::new(quote));
        self
    }

    pub(super) fn is_refused(&self) -> bool {
        self.reason.is_some()
    }

    /// For whom the texts of its quote are written.
    pub(super) fn disclosure(&self) -> Disclosure {
        let of_quote = self.quote.as_ref().map(|quote| quote.disclosure);
        of_quote.unwrap_or(Disclosure::Full)
    }
}

/// What an order's new status led to.
#[derive(Debug, Serialize)]
pub struct OrderStatusOutcome {
    /// Which call.
    pub action: Action,
    /// What came of it.
    pub outcome: Option<Box<RedemptionOutcome>>,
}

/// What a status asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing.
    None,
    /// A hold.
    Reserve,
    /// It is paid.
    Redeem,
    /// It will not be paid.
    Release,
    /// It was paid and is taken back.
    Rollback,
}
