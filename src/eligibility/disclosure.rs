//! What a caller gets to know (semantics §24, invariant S1): three disclosures from one evaluation. Owns the masking;
//! never changes what was decided.

use super::{Level, Reason, Rejection};
use crate::model::{Disclosure, sort_by};

/// The reasons of one refused code as a caller may see them.
#[derive(Clone, Debug)]
pub struct Disclosed {
    /// What is told first.
    pub rejection: Rejection,
    /// What is told besides.
    pub also: Vec<Rejection>,
    /// Whether it is kept back which coupon this was about.
    pub hides_coupon: bool,
}

impl Disclosed {
    /// The one answer for everything a stranger must not be able to tell apart.
    pub fn masked() -> Self {
        Self {
            rejection: Rejection::plain(Reason::NotApplicable, Level::Code),
            also: Vec::new(),
            hides_coupon: true,
        }
    }

    /// What may be told of rules that an applied code does not open, in the fixed order.
    pub fn beside(rejections: &[Rejection], disclosure: Disclosure) -> Vec<Rejection> {
        let told = rejections.iter().filter(|rejection| {
            disclosure == Disclosure::Full || is_told(rejection.code, disclosure)
        });
        let mut told: Vec<Rejection> = told
            .map(|rejection| with_figures(rejection.clone(), disclosure))
            .collect();
        sort_by(&mut told, |one, two| one.code.cmp(&two.code));
        told
    }

    /// The answer to any text where codes are not taken.
    pub fn closed() -> Self {
        Self {
            rejection: Rejection::plain(Reason::CodesNotAllowed, Level::Code),
            ..Self::masked()
        }
    }

    /// Discloses the reasons of a refusal, first one first.
    pub fn new(rejection: Rejection, also: Vec<Rejection>, disclosure: Disclosure) -> Self {
        if disclosure == Disclosure::Full {
            return Self {
                rejection,
                also,
                hides_coupon: false,
            };
        }
        if !is_told(rejection.code, disclosure) {
            return Self::masked();
        }
        Self {
            rejection: with_figures(rejection, disclosure),
            also: also
                .into_iter()
                .filter(|rejection| is_told(rejection.code, disclosure))
                .map(|rejection| with_figures(rejection, disclosure))
                .collect(),
            hides_coupon: false,
        }
    }
}

fn is_told(reason: Reason, disclosure: Disclosure) -> bool {
    match reason {
        Reason::TooManyAttempts
        | Reason::CodesNotAllowed
        | Reason::ContextMismatch
        | Reason::CurrencyMismatch
        | Reason::NoEligibleItems
        | Reason::MinimumNotMet
        | Reason::MaximumExceeded
        | Reason::CouponRequired
        | Reason::ForeignCouponPresent
        | Reason::AlreadyApplied
        | Reason::NotCombinable
        | Reason::SupersededByBetter
        | Reason::StoppedByPrevious
        | Reason::TooManyCodes
        | Reason::CapReached
        | Reason::NoEffect
        | Reason::NotAllApplicable
        | Reason::NotApplicable => true,
        Reason::CustomerRequired => disclosure == Disclosure::Actionable,
        Reason::Malformed
        | Reason::NotFound
        | Reason::Archived
        | Reason::Inactive
        | Reason::NoDiscountLinked
        | Reason::NotStarted
        | Reason::Expired
        | Reason::OutsideSchedule
        | Reason::LimitReached
        | Reason::BalanceExhausted
        | Reason::BudgetExhausted
        | Reason::ReservedElsewhere
        | Reason::CustomerNotAllowed
        | Reason::NotFirstOrder
        | Reason::OrderNumberMismatch
        | Reason::CustomerLimitReached => false,
    }
}

fn with_figures(rejection: Rejection, disclosure: Disclosure) -> Rejection {
    match disclosure {
        Disclosure::Uniform => Rejection::with(rejection.code, rejection.level, |details| {
            details.text = rejection.details.text;
        }),
        // A coupon's id is as good as a code where the host applies coupons by their ids.
        Disclosure::Actionable => {
            let mut rejection = rejection;
            rejection.details.coupons = None;
            rejection
        }
        Disclosure::Full => rejection,
    }
}
