//! In which currency it may be used (semantics §1). A discount, cap, minimum, maximum or budget without an amount in
//! the cart's currency makes the coupon unusable: never converted, never ignored.

use super::candidate::{Candidate, Part};
use super::{Reason, Rejection};
use crate::model::{Amounts, Currency};

pub(super) fn currency(
    candidate: &Candidate<'_>,
    currency: Currency,
    rejections: &mut Vec<Rejection>,
) {
    let of_discount = candidate
        .discount()
        .map(|discount| discount.currency_maps())
        .unwrap_or_default();
    let discount_level = candidate.discount_level();
    for part in candidate.parts() {
        let of_discount = match part.level == discount_level {
            true => of_discount.as_slice(),
            false => &[],
        };
        let maps = || of_discount.iter().copied().chain(bounds(&part));
        if maps().all(|amounts| amounts.get(currency).is_some()) {
            continue;
        }
        let accepted = maps().next().map(|first| {
            first
                .iter()
                .map(|(known, _)| known)
                .filter(|known| maps().all(|amounts| amounts.get(*known).is_some()))
                .collect()
        });
        rejections.push(Rejection::with(
            Reason::CurrencyMismatch,
            part.level,
            |details| {
                details.currency = Some(currency);
                details.accepted = accepted;
            },
        ));
    }
}

fn bounds<'a>(part: &Part<'a>) -> impl Iterator<Item = &'a Amounts> + use<'a> {
    let minimum = part.restrictions.minimum.as_ref();
    let maximum = part.restrictions.maximum.as_ref();
    [
        minimum.and_then(|minimum| minimum.amounts.as_ref()),
        maximum.and_then(|maximum| maximum.amounts.as_ref()),
        part.limits.and_then(|limits| limits.budget.as_ref()),
    ]
    .into_iter()
    .flatten()
}
