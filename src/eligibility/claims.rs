//! From limits to counters: which ones decide on a coupon, and what an applied one claims of them (semantics §13; storage
//! contract §4). Names as a host writes them; how a storage sees them is `model::Identities`'.

use super::candidate::{Candidate, Situation};
use super::credit::Balance;
use super::limits::{bounds, dates};
use crate::error::{Error, Result};
use crate::model::{
    Amount, Claim, CounterName, Currency, Customer, Date, Discount, Instant, Path, Policy, SAFE,
};

/// Every counter that decides on this coupon and code, for the ledger to be asked. Which day it is in the shop's zone may
/// not be known yet: of a limit that counts in periods, those of every day that it may be are named.
pub fn counters_of(
    candidate: &Candidate<'_>,
    customer: Option<&Customer>,
    currency: Currency,
    policy: &Policy,
    now: Instant,
) -> Vec<CounterName> {
    let mut dates = vec![Date::at(now, 0)];
    if policy.zone_to_know().is_some() {
        dates.push(Date::at(now, -1_440));
        dates.push(Date::at(now, 1_440));
    }
    let mut names = Vec::new();
    for bound in bounds(candidate, customer, policy, &dates) {
        names.push(bound.counter);
    }
    if let Some(coupon) = candidate.coupon {
        names.push(CounterName::coupon(&coupon.id));
        if coupon.limits.budget.is_some() {
            names.push(CounterName::budget(&coupon.id, currency));
        }
        let discount = coupon.discount.as_ref();
        if discount.is_some_and(Discount::is_store_credit) {
            names.push(CounterName::credit(&coupon.id));
            names.push(CounterName::credit_added(&coupon.id));
        }
    }
    names
}

/// Everything that a coupon claims which takes this much off, or pays this much by its credit. What has no limit is not
/// claimed. Claims of several coupons go together by [`Claim::together`].
pub fn claims_of(
    candidate: &Candidate<'_>,
    discount: Amount,
    credit: Option<Amount>,
    situation: &Situation<'_>,
) -> Result<Vec<Claim>> {
    let dates = dates(candidate, situation)?;
    let mut claims = Vec::new();
    for bound in bounds(candidate, situation.customer, situation.policy, &dates) {
        claims.push(Claim {
            counter: bound.counter,
            amount: 1,
            ceiling: Some(bound.limit),
        });
    }
    if let Some(coupon) = candidate.coupon {
        let (currency, usage) = (situation.cart.currency, situation.usage);
        let of_budget = Balance::of_budget(coupon, currency, usage);
        let of_credit = Balance::of_credit(coupon, currency, usage);
        let budget = CounterName::budget(&coupon.id, currency);
        let money = [
            (budget, of_budget, discount),
            (
                CounterName::credit(&coupon.id),
                of_credit,
                credit.unwrap_or_default(),
            ),
        ];
        for (counter, balance, amount) in money {
            let Some(balance) = balance.filter(|_| !amount.is_zero()) else {
                continue;
            };
            // A storage counts in safe integers.
            if amount.minor() > SAFE {
                return Err(Error::arithmetic(Path::root("cart")));
            }
            claims.push(Claim {
                counter,
                amount: amount.minor(),
                ceiling: Some(balance.whole.min(SAFE)),
            });
        }
    }
    Ok(Claim::together(claims))
}
