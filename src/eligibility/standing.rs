//! Whether it is there to be used at all: switched on, no draft, and codes taken here (semantics §25, §32; S2.63).

use super::candidate::Candidate;
use super::{Level, Reason, Rejection};
use crate::model::State;

pub(super) fn state(candidate: &Candidate<'_>, rejections: &mut Vec<Rejection>) {
    for part in candidate.parts() {
        let reason = match part.state {
            State::Active => continue,
            State::Inactive => Reason::Inactive,
            State::Archived => Reason::Archived,
        };
        rejections.push(Rejection::plain(reason, part.level));
    }
}

pub(super) fn draft(candidate: &Candidate<'_>, rejections: &mut Vec<Rejection>) {
    let is_draft = candidate.rule.is_none()
        && candidate
            .coupon
            .is_some_and(|coupon| coupon.discount.is_none() && coupon.rules.is_empty());
    if is_draft {
        rejections.push(Rejection::plain(Reason::NoDiscountLinked, Level::Coupon));
    }
}

pub(super) fn codes_allowed(
    candidate: &Candidate<'_>,
    allowed: bool,
    rejections: &mut Vec<Rejection>,
) {
    if !allowed && candidate.code.is_some() {
        rejections.push(Rejection::plain(Reason::CodesNotAllowed, Level::Code));
    }
}
