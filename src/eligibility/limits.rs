//! Limits as the ledger's view has them (semantics §13, §14; storage contract §4a). Advisory here: what claims them for
//! good is the atomic commit of a reservation. `used = claimed − held`, and a hold never makes something exhausted.

use super::candidate::{Candidate, Situation};
use super::{Details, Level, Reason, Rejection};
use crate::model::{
    Code, Counter, CounterName, Coupon, Customer, CustomerKey, Instant, Limits, Policy,
};

/// Every counter that decides on this coupon and code, for the ledger to be asked.
pub fn counters_of(
    coupon: &Coupon,
    code: Option<&Code>,
    customer: Option<&Customer>,
    policy: &Policy,
) -> Vec<CounterName> {
    let keys = limit_keys(customer, policy);
    let of_level = |name: CounterName, limits: &Limits, always: bool| {
        let per_customer: Vec<CounterName> = match limits.per_customer {
            Some(_) => keys.iter().map(|key| name.of_customer(key)).collect(),
            None => Vec::new(),
        };
        let total = (always || limits.total.is_some()).then_some(name);
        total.into_iter().chain(per_customer)
    };
    of_level(CounterName::coupon(&coupon.id), &coupon.limits, true)
        .chain(
            code.into_iter()
                .flat_map(|code| of_level(CounterName::code(&code.id), &code.limits, false)),
        )
        .collect()
}

/// The failing limits over all customers.
pub(super) fn total_limits(candidate: &Candidate<'_>, situation: &Situation<'_>) -> Vec<Rejection> {
    candidate
        .counted_levels()
        .into_iter()
        .filter_map(|(level, limits, name)| {
            let limit = limits.total?;
            reached(
                limit,
                situation.usage.counter(&name),
                situation.now,
                Reason::LimitReached,
                level,
                None,
            )
        })
        .collect()
}

/// The failing limits of this customer: at most one a level, a used-up key before a held one.
pub(super) fn customer_limits(
    candidate: &Candidate<'_>,
    situation: &Situation<'_>,
) -> Vec<Rejection> {
    let keys = limit_keys(situation.customer, situation.policy);
    candidate
        .counted_levels()
        .into_iter()
        .filter_map(|(level, limits, name)| {
            let limit = limits.per_customer?;
            let failing: Vec<Rejection> = keys
                .iter()
                .filter_map(|key| {
                    let counter = situation.usage.counter(&name.of_customer(key));
                    reached(
                        limit,
                        counter,
                        situation.now,
                        Reason::CustomerLimitReached,
                        level,
                        Some(key),
                    )
                })
                .collect();
            failing
                .iter()
                .find(|rejection| rejection.code == Reason::CustomerLimitReached)
                .or_else(|| failing.first())
                .cloned()
        })
        .collect()
}

fn reached(
    limit: i64,
    counter: Counter,
    now: Instant,
    when_used: Reason,
    level: Level,
    key: Option<&CustomerKey>,
) -> Option<Rejection> {
    if counter.live(now) < limit {
        return None;
    }
    let used = counter.used();
    let figures = Details {
        limit: Some(limit),
        used: Some(used),
        kind: key.map(|key| key.kind.clone()),
        ..Details::default()
    };
    Some(if used >= limit {
        Rejection {
            code: when_used,
            level,
            details: figures,
        }
    } else {
        Rejection {
            code: Reason::ReservedElsewhere,
            level,
            details: Details {
                held: Some(counter.held),
                next_expiry: Some(counter.next_expiry),
                ..figures
            },
        }
    })
}

fn limit_keys(customer: Option<&Customer>, policy: &Policy) -> Vec<CustomerKey> {
    let mut keys: Vec<CustomerKey> = Vec::new();
    for key in customer.into_iter().flat_map(|customer| &customer.keys) {
        let key = key.for_limits(policy.strip_plus_tag);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}
