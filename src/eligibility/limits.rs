//! Limits on redemptions as the ledger's view has them (semantics §11 – §14; storage contract §4a). Advisory here: what
//! claims them for good is the atomic commit of a reservation. `used = claimed − held − ended`, and a hold never makes
//! something exhausted.

use super::candidate::{Candidate, Part, Situation};
use super::{Level, Reason, Rejection};
use crate::error::Result;
use crate::model::{Counter, CounterName, Customer, CustomerKey, Date, Period, Policy};

/// One limit, on one counter.
pub(super) struct Bound {
    level: Level,
    pub(super) counter: CounterName,
    pub(super) limit: i64,
    per: Option<Period>,
    /// What is told where it is used up.
    used_up: Reason,
    /// Of which kind of key; `None` where it is everybody's.
    kind: Option<String>,
}

/// Every limit on redemptions by this coupon and code: over all customers, the customer's, his first order. One that
/// counts in periods is there for each of the dates.
pub(super) fn bounds(
    candidate: &Candidate<'_>,
    customer: Option<&Customer>,
    policy: &Policy,
    dates: &[Date],
) -> Vec<Bound> {
    let mut bounds = Bounds {
        keys: limit_keys(customer, policy),
        found: Vec::new(),
    };
    for used_up in [
        Reason::LimitReached,
        Reason::CustomerLimitReached,
        Reason::NotFirstOrder,
    ] {
        for part in candidate.parts() {
            let Some(limits) = part.limits else {
                continue;
            };
            let limit = match used_up {
                Reason::LimitReached => limits.total,
                Reason::CustomerLimitReached => limits.per_customer,
                _ => part.restrictions.first_order_only.then_some(1),
            };
            if limit.is_none() && limits.windows.is_empty() {
                continue;
            }
            let Some(name) = counter_name(candidate, &part, used_up) else {
                continue;
            };
            bounds.add(name.clone(), limit, None, used_up, part.level);
            for window in &limits.windows {
                let limit = match used_up {
                    Reason::LimitReached => window.total,
                    Reason::CustomerLimitReached => window.per_customer,
                    _ => None,
                };
                for date in dates {
                    let counter = name.of_date(window.per, *date);
                    bounds.add(counter, limit, Some(window.per), used_up, part.level);
                }
            }
        }
    }
    bounds.found
}

struct Bounds {
    keys: Vec<CustomerKey>,
    found: Vec<Bound>,
}

impl Bounds {
    /// Of everybody, or of each of the customer's keys.
    fn add(
        &mut self,
        counter: CounterName,
        limit: Option<i64>,
        per: Option<Period>,
        used_up: Reason,
        level: Level,
    ) {
        let Some(limit) = limit else {
            return;
        };
        let bound = Bound {
            level,
            counter,
            limit,
            per,
            used_up,
            kind: None,
        };
        if used_up == Reason::LimitReached {
            self.found.push(bound);
            return;
        }
        for key in &self.keys {
            self.found.push(Bound {
                counter: bound.counter.of_customer(key),
                kind: Some(key.kind.clone()),
                ..bound
            });
        }
    }
}

/// A rule has no counters.
fn counter_name(
    candidate: &Candidate<'_>,
    part: &Part<'_>,
    used_up: Reason,
) -> Option<CounterName> {
    match (part.level, used_up) {
        (Level::Rule, _) => None,
        (_, Reason::NotFirstOrder) => Some(CounterName::first_order()),
        (Level::Coupon, _) => candidate
            .coupon
            .map(|coupon| CounterName::coupon(&coupon.id)),
        (Level::Code, _) => candidate.code.map(|code| CounterName::code(&code.id)),
    }
}

/// The local date, where a limit counts in periods.
pub(super) fn dates(candidate: &Candidate<'_>, situation: &Situation<'_>) -> Result<Vec<Date>> {
    if !candidate.counts_in_periods() {
        return Ok(Vec::new());
    }
    let offset = match situation.policy.zone_to_know() {
        None => 0,
        Some(zone) => situation.zones.offset(zone)?,
    };
    Ok(vec![Date::at(situation.now, offset)])
}

/// The failing limits: of a customer's keys at most one for each limit, a used-up one before a held one.
pub(super) fn limits(
    candidate: &Candidate<'_>,
    situation: &Situation<'_>,
    rejections: &mut Vec<Rejection>,
) -> Result<()> {
    let dates = match dates(candidate, situation) {
        // Only where the answer hangs on it: a code that is refused anyway must not show that it exists.
        Err(error) if rejections.is_empty() => return Err(error),
        dates => dates.unwrap_or_default(),
    };
    // Earlier orders say it already.
    let is_known = situation.prior_orders.is_some_and(|count| count > 0);
    let mut last = None;
    for bound in bounds(candidate, situation.customer, situation.policy, &dates) {
        if is_known && bound.used_up == Reason::NotFirstOrder {
            continue;
        }
        let Some(rejection) = reached(&bound, situation) else {
            continue;
        };
        let limit = (bound.used_up, bound.level, bound.per);
        match rejections.last_mut() {
            Some(earlier) if last == Some(limit) => {
                let waits = |one: &Rejection| one.code == Reason::ReservedElsewhere;
                if waits(earlier) && !waits(&rejection) {
                    *earlier = rejection;
                }
            }
            _ => rejections.push(rejection),
        }
        last = Some(limit);
    }
    Ok(())
}

fn reached(bound: &Bound, situation: &Situation<'_>) -> Option<Rejection> {
    let counter = situation.usage.counter(&bound.counter);
    if counter.live(situation.now) < bound.limit {
        return None;
    }
    let mut rejection = spent(counter, bound.limit, bound.used_up, bound.level);
    rejection.details.per = bound.per.map(Period::name);
    rejection.details.kind = bound.kind.clone();
    Some(rejection)
}

/// Nothing is left of a limit: `used_up`, unless others may still give some of it back.
pub(super) fn spent(counter: Counter, limit: i64, used_up: Reason, level: Level) -> Rejection {
    let used = counter.used();
    let is_used_up = used >= limit;
    let code = match is_used_up {
        true => used_up,
        false => Reason::ReservedElsewhere,
    };
    Rejection::with(code, level, |details| {
        details.limit = Some(limit);
        details.used = Some(used);
        if !is_used_up {
            details.held = Some(counter.held);
            details.next_expiry = Some(counter.next_expiry);
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
