//! Limits in money as the ledger's view has them: what a store credit has left (semantics §16), and what a coupon's budget
//! has (§13). Advisory here, as every limit: what takes it for good is the atomic commit of a reservation.

use super::candidate::{Candidate, Situation};
use super::limits::spent;
use super::{Level, Reason, Rejection};
use crate::model::{Amount, Counter, CounterName, Coupon, Currency, DiscountValue, Usage};

/// What may still be taken of a store credit; `None` if it is none, or none of this currency.
pub fn credit_balance(coupon: &Coupon, currency: Currency, usage: &Usage) -> Option<Amount> {
    Balance::of_credit(coupon, currency, usage).map(|balance| balance.available())
}

/// The failing ones.
pub(super) fn balances(
    candidate: &Candidate<'_>,
    situation: &Situation<'_>,
    rejections: &mut Vec<Rejection>,
) {
    let Some(coupon) = candidate.coupon else {
        return;
    };
    let currency = situation.cart.currency;
    let balances = [
        (
            Balance::of_credit(coupon, currency, situation.usage),
            Reason::BalanceExhausted,
        ),
        (
            Balance::of_budget(coupon, currency, situation.usage),
            Reason::BudgetExhausted,
        ),
    ];
    for (balance, used_up) in balances {
        let Some(balance) = balance.filter(|balance| balance.available().is_zero()) else {
            continue;
        };
        let mut rejection = spent(balance.taken, balance.whole, used_up, Level::Coupon);
        rejection.details.currency = Some(currency);
        rejections.push(rejection);
    }
}

/// Why not, where a coupon would take more than its budget has left.
pub fn budget_rejection(
    coupon: &Coupon,
    currency: Currency,
    usage: &Usage,
    taken: Amount,
) -> Option<Rejection> {
    let budget = Balance::of_budget(coupon, currency, usage)?;
    (taken > budget.available()).then(|| {
        Rejection::with(Reason::BudgetExhausted, Level::Coupon, |details| {
            details.currency = Some(currency);
            details.limit = Some(budget.whole);
            details.used = Some(budget.taken.used());
            details.held = Some(budget.taken.held);
            details.required = Some(taken);
        })
    })
}

/// Minor units, in all and as far as they are taken.
pub(super) struct Balance {
    /// Of a credit, with what was added later.
    pub(super) whole: i64,
    taken: Counter,
}

impl Balance {
    pub(super) fn of_credit(coupon: &Coupon, currency: Currency, usage: &Usage) -> Option<Self> {
        let DiscountValue::StoreCredit { amounts, .. } = &coupon.discount.as_ref()?.value else {
            return None;
        };
        let added = usage.counter(&CounterName::credit_added(&coupon.id));
        Some(Self {
            whole: amounts.get(currency)?.minor().saturating_add(added.claimed),
            taken: usage.counter(&CounterName::credit(&coupon.id)),
        })
    }

    pub(super) fn of_budget(coupon: &Coupon, currency: Currency, usage: &Usage) -> Option<Self> {
        let budget = coupon.limits.budget.as_ref()?;
        Some(Self {
            whole: budget.get(currency)?.minor(),
            taken: usage.counter(&CounterName::budget(&coupon.id, currency)),
        })
    }

    fn available(&self) -> Amount {
        Amount::new(self.whole.saturating_sub(self.taken.in_use())).unwrap_or(Amount::ZERO)
    }
}
