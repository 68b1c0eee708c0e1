//! Changes of a store credit's balance besides payments (semantics §16): more is issued, or some of it is voided. Each is
//! an entry of the ledger, never an overwritten figure.

use super::{Entry, EntryIndex, Redeemed, Write};
use crate::discount::Totals;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Amount, Claim, CounterName, Currency, Identifier, Instant, Object, SAFE};

/// The keys of these entries begin with it; a host's do not.
pub(super) const PREFIX: &str = "credit/";

/// By how much.
#[derive(Clone, Debug)]
pub struct CreditChange {
    /// Whose balance.
    pub coupon: Identifier,
    /// Names this change; the same one again changes nothing.
    id: Identifier,
    /// Minor units, less if negative; `None`: all that is left is voided.
    amount: Option<i64>,
    reason: Option<String>,
}

/// Under what a coupon's movements of credit are indexed.
pub fn credit_counter(coupon: &Identifier) -> String {
    format!("{}/credit", coupon.as_str())
}

impl CreditChange {
    /// Reads a change.
    pub fn parse(object: &Object<'_>) -> Result<Self> {
        let amount = object.required("amount", |amount| match amount.value() {
            crate::model::Value::Text(word) if word == "rest" => Ok(None),
            _ => match amount.integer(SAFE.saturating_neg(), SAFE)? {
                0 => Err(amount.invalid("must not be 0")),
                other => Ok(Some(other)),
            },
        })?;
        Ok(Self {
            coupon: object.required("couponId", Identifier::parse)?,
            id: object.required("id", Identifier::parse)?,
            amount,
            reason: object.optional("reason", |reason| crate::model::text(reason, 200))?,
        })
    }

    /// The key of its entry.
    pub fn key(&self) -> String {
        format!("{PREFIX}{}/{}", self.coupon.as_str(), self.id.as_str())
    }

    /// The change of a balance of which so much was issued and so much is left.
    pub fn write(
        &self,
        currency: Currency,
        (issued, left): (i64, i64),
        payload: String,
        now: Instant,
    ) -> Result<Write> {
        let amount = self.amount.unwrap_or(left.max(0).saturating_neg());
        if amount > SAFE.saturating_sub(issued) {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "amount",
                format!("must keep what is issued within {SAFE}"),
            ));
        }
        let taken = amount.saturating_neg();
        if taken > left.max(0) {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                "amount",
                format!(
                    "must take at most the {} minor units that are left",
                    left.max(0)
                ),
            ));
        }
        let claim = match amount {
            1.. => Some(Claim {
                counter: CounterName::credit_added(&self.coupon),
                amount,
                ceiling: None,
            }),
            // The rest of nothing.
            0 => None,
            _ => Some(Claim {
                counter: CounterName::credit(&self.coupon),
                amount: taken,
                ceiling: Some(issued),
            }),
        };
        let index = EntryIndex {
            claims: Vec::from_iter(claim),
            coupons: vec![credit_counter(&self.coupon)],
            ..EntryIndex::default()
        };
        let nothing = Redeemed {
            currency,
            codes: Vec::new(),
            lines: Vec::new(),
            credits: Vec::new(),
            adjustments: Vec::new(),
            totals: Totals {
                subtotal: Amount::ZERO,
                discount: Amount::ZERO,
                shipping: Amount::ZERO,
                shipping_discount: Amount::ZERO,
                tax: Amount::ZERO,
                credit: Amount::ZERO,
                total: Amount::ZERO,
            },
        };
        let mut entry = Entry::fresh(self.key(), payload, nothing, index, now);
        entry.record.reason.clone_from(&self.reason);
        Ok(entry.redeemed_at_once(None, None))
    }
}
