//! Who may use it (semantics §11, §12): listed, of a group, for the first or so-manieth order.

use super::candidate::{Candidate, Situation};
use super::{Reason, Rejection};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Customer, Limits, Restrictions};

pub(super) fn customers(
    candidate: &Candidate<'_>,
    situation: &Situation<'_>,
    rejections: &mut Vec<Rejection>,
) -> Result<()> {
    for part in candidate.parts() {
        let restrictions = part.restrictions;
        let counts_orders = restrictions.first_order_only || restrictions.order_number.is_some();
        let Some(customer) = situation.customer else {
            let needed = counts_orders
                || restrictions.customers.is_some()
                || restrictions.customer_groups.is_some()
                || part.limits.is_some_and(Limits::count_customers);
            if needed {
                rejections.push(Rejection::plain(Reason::CustomerRequired, part.level));
            }
            continue;
        };
        if !is_listed(restrictions, customer) || !is_in_a_group(restrictions, customer) {
            rejections.push(Rejection::plain(Reason::CustomerNotAllowed, part.level));
        }
        if !counts_orders {
            continue;
        }
        let Some(prior_orders) = situation.prior_orders else {
            // Only where the answer hangs on it: a code that is refused anyway must not show that it exists.
            if rejections.is_empty() {
                return Err(no_prior_orders());
            }
            continue;
        };
        let mut refuse = |code: Reason| {
            rejections.push(Rejection::with(code, part.level, |details| {
                details.prior_orders = Some(prior_orders);
            }));
        };
        if restrictions.first_order_only && prior_orders > 0 {
            refuse(Reason::NotFirstOrder);
        }
        if let Some(number) = restrictions.order_number
            && !number.covers_the_next_after(prior_orders)
        {
            refuse(Reason::OrderNumberMismatch);
        }
    }
    Ok(())
}

fn is_listed(restrictions: &Restrictions, customer: &Customer) -> bool {
    restrictions.customers.as_ref().is_none_or(|listed| {
        customer
            .keys
            .iter()
            .any(|key| listed.iter().any(|entry| entry.covers(key)))
    })
}

fn is_in_a_group(restrictions: &Restrictions, customer: &Customer) -> bool {
    restrictions.customer_groups.as_ref().is_none_or(|listed| {
        customer
            .groups
            .iter()
            .any(|group| listed.binary_search(group).is_ok())
    })
}

fn no_prior_orders() -> Error {
    Error::new(
        ErrorCode::PriorOrdersUnavailable,
        "customer.priorOrders",
        "is needed by a coupon for first orders: give it, or give the storage a `priorOrders` callback",
    )
}
