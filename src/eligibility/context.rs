//! Beside what and where it may be used: sales channel, country, payment, shipping, and with which other coupons.

use super::candidate::Candidate;
use super::{Reason, Rejection};
use crate::model::{Cart, Identifier};

/// One rejection for each that is not listed.
pub(super) fn context(candidate: &Candidate<'_>, cart: &Cart, rejections: &mut Vec<Rejection>) {
    for part in candidate.parts() {
        let rules = part.restrictions;
        for (field, allowed, actual) in [
            ("channel", &rules.channels, &cart.channel),
            ("country", &rules.countries, &cart.country),
            (
                "paymentMethod",
                &rules.payment_methods,
                &cart.payment_method,
            ),
            (
                "shippingMethod",
                &rules.shipping_methods,
                &cart.shipping_method,
            ),
        ] {
            let Some(allowed) = allowed else { continue };
            let is_listed = |actual: &String| allowed.binary_search(actual).is_ok();
            if !actual.as_ref().is_some_and(is_listed) {
                rejections.push(Rejection::with(
                    Reason::ContextMismatch,
                    part.level,
                    |details| {
                        details.field = Some(field);
                        details.allowed = Some(allowed.clone());
                    },
                ));
            }
        }
    }
}

/// One of the coupons it needs beside it must be entered and pass on its own.
pub(super) fn companions(
    candidate: &Candidate<'_>,
    present: Option<&[&Identifier]>,
    rejections: &mut Vec<Rejection>,
) {
    let Some(present) = present else { return };
    for part in candidate.parts() {
        let Some(needed) = &part.restrictions.coupons else {
            continue;
        };
        if !needed.iter().any(|id| present.contains(&id)) {
            rejections.push(Rejection::with(
                Reason::CouponRequired,
                part.level,
                |details| {
                    details.coupons = Some(needed.clone());
                },
            ));
        }
    }
}
