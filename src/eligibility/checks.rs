//! The checks, one function each, run all and sorted into the fixed order of semantics §24. None of them knows of other
//! coupons: how coupons go together is decided in `discount`.

use super::candidate::{Candidate, Situation};
use super::limits::{customer_limits, total_limits};
use super::lines::{eligible_lines, worth_anything};
use super::{Details, Level, Reason, Rejection};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{
    Amount, Amounts, Cart, Currency, Discount, Instant, LineKind, Minimum, Path, Products, Scope,
    State, sort_by,
};

/// The outcome of all checks.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// Every failing check in the fixed order; empty if the candidate may be used.
    pub rejections: Vec<Rejection>,
    /// Places in the cart of the lines it may discount.
    pub eligible: Vec<usize>,
}

/// Runs every check.
pub fn assess(candidate: &Candidate<'_>, situation: &Situation<'_>) -> Result<Assessment> {
    let cart = situation.cart;
    let of_coupon = candidate.coupon.restrictions.products.as_ref();
    let of_code = candidate
        .code
        .and_then(|code| code.restrictions.products.as_ref());
    let eligible = eligible_lines(cart, &[of_coupon, of_code]);

    let mut rejections = Vec::new();
    rejections.extend(state(candidate));
    rejections.extend(draft(candidate));
    rejections.extend(window(candidate, situation.now));
    rejections.extend(total_limits(candidate, situation));
    rejections.extend(customer_limits(candidate, situation));
    rejections.extend(codes_allowed(candidate, situation.codes_allowed));
    rejections.extend(customers(candidate, situation, &rejections)?);
    rejections.extend(currency(candidate, cart.currency));
    rejections.extend(products(cart, of_coupon, &eligible));
    rejections.extend(minimums(candidate, cart, &eligible)?);
    // Stable: within a reason the order above stays, coupon before code.
    sort_by(&mut rejections, |one, two| one.code.cmp(&two.code));
    Ok(Assessment {
        rejections,
        eligible,
    })
}

fn state(candidate: &Candidate<'_>) -> Vec<Rejection> {
    let coupon = (Level::Coupon, candidate.coupon.state);
    let code = candidate.code.map(|code| (Level::Code, code.state));
    [Some(coupon), code]
        .into_iter()
        .flatten()
        .filter_map(|(level, state)| match state {
            State::Active => None,
            State::Inactive => Some(Rejection::plain(Reason::Inactive, level)),
            State::Archived => Some(Rejection::plain(Reason::Archived, level)),
        })
        .collect()
}

fn draft(candidate: &Candidate<'_>) -> Option<Rejection> {
    candidate
        .coupon
        .discount
        .is_none()
        .then(|| Rejection::plain(Reason::NoDiscountLinked, Level::Coupon))
}

/// Both ends are inside (semantics §17); coupon and code narrow each other (§23).
fn window(candidate: &Candidate<'_>, now: Instant) -> Vec<Rejection> {
    let mut rejections = Vec::new();
    for (level, restrictions, _) in candidate.levels() {
        if let Some(starts_at) = restrictions.starts_at.filter(|&start| start > now) {
            let details = Details {
                starts_at: Some(starts_at),
                ..Details::default()
            };
            rejections.push(Rejection {
                code: Reason::NotStarted,
                level,
                details,
            });
        }
        if let Some(expires_at) = restrictions.expires_at.filter(|&end| end < now) {
            let details = Details {
                expires_at: Some(expires_at),
                ..Details::default()
            };
            rejections.push(Rejection {
                code: Reason::Expired,
                level,
                details,
            });
        }
    }
    rejections
}

fn codes_allowed(candidate: &Candidate<'_>, allowed: bool) -> Option<Rejection> {
    (!allowed && candidate.code.is_some())
        .then(|| Rejection::plain(Reason::CodesNotAllowed, Level::Code))
}

/// Who may use it (semantics §11, §12).
fn customers(
    candidate: &Candidate<'_>,
    situation: &Situation<'_>,
    earlier: &[Rejection],
) -> Result<Vec<Rejection>> {
    let mut rejections = Vec::new();
    for (level, restrictions, limits) in candidate.levels() {
        let Some(customer) = situation.customer else {
            let needed = restrictions.customers.is_some()
                || restrictions.first_order_only
                || limits.per_customer.is_some();
            if needed {
                rejections.push(Rejection::plain(Reason::CustomerRequired, level));
            }
            continue;
        };
        if let Some(allowed) = &restrictions.customers
            && !customer.keys.iter().any(|key| allowed.contains(key))
        {
            rejections.push(Rejection::plain(Reason::CustomerNotAllowed, level));
        }
        if restrictions.first_order_only {
            match situation.prior_orders {
                Some(0) => {}
                Some(prior_orders) => {
                    let details = Details {
                        prior_orders: Some(prior_orders),
                        ..Details::default()
                    };
                    rejections.push(Rejection {
                        code: Reason::NotFirstOrder,
                        level,
                        details,
                    });
                }
                // Only where the answer hangs on it: a code that is refused anyway must not show that it exists.
                None if earlier.is_empty() && rejections.is_empty() => {
                    return Err(no_prior_orders());
                }
                None => {}
            }
        }
    }
    Ok(rejections)
}

fn no_prior_orders() -> Error {
    Error::new(
        ErrorCode::PriorOrdersUnavailable,
        "customer.priorOrders",
        "is needed by a coupon for first orders: give it, or give the storage a `priorOrders` callback",
    )
}

/// A discount, cap or minimum without an amount in this currency makes the coupon unusable: never converted, never
/// ignored (semantics §1).
fn currency(candidate: &Candidate<'_>, currency: Currency) -> Vec<Rejection> {
    let discount = match &candidate.coupon.discount {
        Some(Discount::Percent { cap, .. }) => cap.as_ref(),
        Some(Discount::Amount { amounts }) => Some(amounts),
        None => None,
    };
    candidate
        .levels()
        .into_iter()
        .filter_map(|(level, restrictions, _)| {
            let minimum = restrictions
                .minimum
                .as_ref()
                .map(|minimum| &minimum.amounts);
            let of_discount = discount.filter(|_| level == Level::Coupon);
            let maps: Vec<&Amounts> = [of_discount, minimum].into_iter().flatten().collect();
            if maps.iter().all(|amounts| amounts.get(currency).is_some()) {
                return None;
            }
            let accepted = maps
                .first()?
                .iter()
                .map(|(known, _)| known)
                .filter(|&known| maps.iter().all(|amounts| amounts.get(known).is_some()))
                .collect();
            Some(Rejection {
                code: Reason::CurrencyMismatch,
                level,
                details: Details {
                    currency: Some(currency),
                    accepted: Some(accepted),
                    ..Details::default()
                },
            })
        })
        .collect()
}

fn products(cart: &Cart, of_coupon: Option<&Products>, eligible: &[usize]) -> Option<Rejection> {
    if worth_anything(cart, eligible) {
        return None;
    }
    let by_coupon_alone = eligible_lines(cart, &[of_coupon]);
    let level = if worth_anything(cart, &by_coupon_alone) {
        Level::Code
    } else {
        Level::Coupon
    };
    Some(Rejection {
        code: Reason::NoEligibleItems,
        level,
        details: Details {
            cart_empty: Some(cart.lines.is_empty()),
            ..Details::default()
        },
    })
}

/// The least order value, on the cart before any coupon: a coupon can never refuse itself (semantics §9). Both levels
/// must hold; the one that asks for more is told first.
fn minimums(candidate: &Candidate<'_>, cart: &Cart, eligible: &[usize]) -> Result<Vec<Rejection>> {
    let mut failing = Vec::new();
    for (level, restrictions, _) in candidate.levels() {
        let Some(minimum) = &restrictions.minimum else {
            continue;
        };
        let Some(required) = minimum.amounts.get(cart.currency) else {
            continue;
        };
        let actual = counted(minimum, cart, eligible)?;
        if let Some(shortfall) = required.minus(actual).filter(|short| !short.is_zero()) {
            let details = Details {
                currency: Some(cart.currency),
                required: Some(required),
                actual: Some(actual),
                shortfall: Some(shortfall),
                scope: Some(minimum.scope),
                ..Details::default()
            };
            failing.push(Rejection {
                code: Reason::MinimumNotMet,
                level,
                details,
            });
        }
    }
    sort_by(&mut failing, |one, two| {
        two.details.shortfall.cmp(&one.details.shortfall)
    });
    Ok(failing)
}

fn counted(minimum: &Minimum, cart: &Cart, eligible: &[usize]) -> Result<Amount> {
    let lines = cart
        .lines
        .iter()
        .enumerate()
        .filter(|(place, line)| match minimum.scope {
            Scope::AllLines => line.kind != LineKind::GiftCard,
            Scope::EligibleLines => eligible.contains(place),
        });
    Amount::sum(lines.map(|(_, line)| line.subtotal))
        .ok_or_else(|| Error::arithmetic(Path::root("cart.lines")))
}
