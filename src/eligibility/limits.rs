//! Limits as the ledger's view has them (semantics §13, §14; storage contract §4a). Advisory here: what claims them for
//! good is the atomic commit of a reservation. `used = claimed − held`, and a hold never makes something exhausted.

use super::candidate::{Candidate, Situation};
use super::{Level, Reason, Rejection};
use crate::model::{
    Code, Counter, CounterName, Coupon, Customer, CustomerKey, Discount, Instant, Limits, Policy,
};

/// Every counter that decides on this coupon and code, for the ledger to be asked.
pub fn counters_of(
    coupon: &Coupon,
    code: Option<&Code>,
    customer: Option<&Customer>,
    policy: &Policy,
) -> Vec<CounterName> {
    let keys = limit_keys(customer, policy);
    let mut names = Vec::new();
    let mut count = |name: CounterName, limits: &Limits, always: bool| {
        let of_customer: Vec<CounterName> = match limits.per_customer {
            Some(_) => keys.iter().map(|key| name.of_customer(key)).collect(),
            None => Vec::new(),
        };
        names.extend((always || limits.total.is_some()).then_some(name));
        names.extend(of_customer);
    };
    count(CounterName::coupon(&coupon.id), &coupon.limits, true);
    if let Some(code) = code {
        count(CounterName::code(&code.id), &code.limits, false);
    }
    let discount = coupon.discount.as_ref();
    if discount.is_some_and(Discount::is_store_credit) {
        names.push(CounterName::credit(&coupon.id));
        names.push(CounterName::credit_added(&coupon.id));
    }
    names
}

/// The failing limits over all customers.
pub(super) fn total_limits(
    candidate: &Candidate<'_>,
    situation: &Situation<'_>,
    rejections: &mut Vec<Rejection>,
) {
    for part in candidate.parts() {
        let Some(limit) = part.limits.and_then(|limits| limits.total) else {
            continue;
        };
        let Some(name) = counter_name(candidate, part.level) else {
            continue;
        };
        rejections.extend(reached(
            limit,
            situation.usage.counter(&name),
            situation.now,
            part.level,
            None,
        ));
    }
}

/// The failing limits of this customer: at most one a level, a used-up key before a held one.
pub(super) fn customer_limits(
    candidate: &Candidate<'_>,
    situation: &Situation<'_>,
    rejections: &mut Vec<Rejection>,
) {
    for part in candidate.parts() {
        let Some(limit) = part.limits.and_then(|limits| limits.per_customer) else {
            continue;
        };
        let Some(name) = counter_name(candidate, part.level) else {
            continue;
        };
        let mut failing: Option<Rejection> = None;
        for key in limit_keys(situation.customer, situation.policy) {
            let one = reached(
                limit,
                situation.usage.counter(&name.of_customer(&key)),
                situation.now,
                part.level,
                Some(&key),
            );
            let is_used_up = |one: &Rejection| one.code == Reason::CustomerLimitReached;
            let goes_before = match (&failing, &one) {
                (None, Some(_)) => true,
                (Some(first), Some(one)) => is_used_up(one) && !is_used_up(first),
                (_, None) => false,
            };
            if goes_before {
                failing = one;
            }
        }
        rejections.extend(failing);
    }
}

fn counter_name(candidate: &Candidate<'_>, level: Level) -> Option<CounterName> {
    match level {
        Level::Coupon => candidate
            .coupon
            .map(|coupon| CounterName::coupon(&coupon.id)),
        Level::Code => candidate.code.map(|code| CounterName::code(&code.id)),
        Level::Rule => None,
    }
}

/// `key` where it is a limit of one customer's.
fn reached(
    limit: i64,
    counter: Counter,
    now: Instant,
    level: Level,
    key: Option<&CustomerKey>,
) -> Option<Rejection> {
    if counter.live(now) < limit {
        return None;
    }
    let used = counter.used();
    let is_used_up = used >= limit;
    let code = match (is_used_up, key) {
        (true, Some(_)) => Reason::CustomerLimitReached,
        (true, None) => Reason::LimitReached,
        (false, _) => Reason::ReservedElsewhere,
    };
    Some(Rejection::with(code, level, |details| {
        details.limit = Some(limit);
        details.used = Some(used);
        details.kind = key.map(|key| key.kind.clone());
        if !is_used_up {
            details.held = Some(counter.held);
            details.next_expiry = Some(counter.next_expiry);
        }
    }))
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
