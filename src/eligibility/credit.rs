//! What a store credit has left, as the ledger's view has it (semantics §16). Advisory here, as every limit: what takes
//! it for good is the atomic commit of a reservation.

use super::candidate::{Candidate, Situation};
use super::{Level, Reason, Rejection};
use crate::model::{Amount, Counter, CounterName, Coupon, Currency, DiscountValue, Usage};

/// What may still be taken of a store credit; `None` if it is none, or none of this currency.
pub fn credit_balance(coupon: &Coupon, currency: Currency, usage: &Usage) -> Option<Amount> {
    Balance::of(coupon, currency, usage).map(|balance| balance.available())
}

pub(super) fn balance(
    candidate: &Candidate<'_>,
    situation: &Situation<'_>,
    rejections: &mut Vec<Rejection>,
) {
    let Some(balance) = candidate
        .coupon
        .filter(|_| candidate.is_store_credit())
        .and_then(|coupon| Balance::of(coupon, situation.cart.currency, situation.usage))
        .filter(|balance| balance.available().is_zero())
    else {
        return;
    };
    let taken = balance.taken;
    let code = match taken.held {
        0 => Reason::BalanceExhausted,
        _ => Reason::ReservedElsewhere,
    };
    rejections.push(Rejection::with(code, Level::Coupon, |details| {
        details.currency = Some(situation.cart.currency);
        details.limit = Some(balance.issued);
        details.used = Some(taken.used());
        if taken.held != 0 {
            details.held = Some(taken.held);
            details.next_expiry = Some(taken.next_expiry);
        }
    }));
}

struct Balance {
    /// Minor units, with what was added later.
    issued: i64,
    taken: Counter,
}

impl Balance {
    fn of(coupon: &Coupon, currency: Currency, usage: &Usage) -> Option<Self> {
        let DiscountValue::StoreCredit { amounts, .. } = &coupon.discount.as_ref()?.value else {
            return None;
        };
        let added = usage.counter(&CounterName::credit_added(&coupon.id));
        Some(Self {
            issued: amounts.get(currency)?.minor().saturating_add(added.claimed),
            taken: usage.counter(&CounterName::credit(&coupon.id)),
        })
    }

    fn available(&self) -> Amount {
        Amount::new(self.issued.saturating_sub(self.taken.claimed)).unwrap_or(Amount::ZERO)
    }
}
