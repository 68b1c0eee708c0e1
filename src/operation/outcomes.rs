//! What became of each entered code and each automatic rule, as far as the caller gets to know (semantics §24, §27).
//! Decides nothing about discounts; owns which outcomes a masked one may not betray.

use super::decided::Decided;
use super::find::{Found, Identity, identity};
use super::quote::{AutomaticOutcome, CodeOutcome, OutcomeState};
use super::request::{Checkout, Ground};
use crate::discount::Source;
use crate::eligibility::{Candidate, Disclosed, Reason, Rejection};
use crate::model::{Amount, Disclosure, EnteredCode, StackingMode};

/// The outcome of each entry.
pub(super) fn outcomes(
    checkout: &Checkout,
    found: &[Found<'_>],
    decided: &Decided<'_>,
    ground: &Ground<'_>,
) -> Vec<CodeOutcome> {
    let disclosure = ground.disclosure;
    let are_closed = !checkout.codes_allowed || ground.policy.stacking.mode == StackingMode::None;
    let mut masked: Vec<Identity<'_>> = Vec::new();
    let mut outcomes = Vec::with_capacity(found.len());
    for (index, (entry, rejections)) in found.iter().zip(&decided.refusals).enumerate() {
        let is_text = matches!(checkout.codes.get(index), Some(EnteredCode::Text { .. }));
        let identity = entry.candidate.as_ref().ok().map(identity);
        let told = if rejections.is_empty() {
            None
        } else if disclosure != Disclosure::Full && is_text && are_closed {
            // Codes are closed to everyone alike: whether this one exists is not said.
            Some((Disclosed::closed(), false))
        } else if identity.is_some_and(|identity| masked.contains(&identity)) {
            Some((Disclosed::masked(), false))
        } else {
            tell(rejections, disclosure)
        };
        if told
            .as_ref()
            .is_some_and(|(disclosed, _)| disclosed.hides_coupon)
        {
            masked.extend(identity);
        }
        let discount = decided.taken_by(Source::Entry(index));
        let beside = decided.beside.get(index).map_or(&[][..], Vec::as_slice);
        let mut outcome = outcome(index, entry, told, discount);
        if outcome.state == OutcomeState::Applied && !beside.is_empty() {
            outcome.also = Disclosed::beside(beside, disclosure);
        }
        outcomes.push(outcome);
    }
    outcomes
}

/// The outcome of each automatic rule; to the public only of those that apply or may come to apply.
pub(super) fn automatic_outcomes(
    decided: &Decided<'_>,
    ground: &Ground<'_>,
) -> Vec<AutomaticOutcome> {
    let mut outcomes = Vec::new();
    for (place, (rule, rejections)) in decided.automatic.iter().enumerate() {
        let told = tell(rejections, ground.disclosure);
        let state = state_of(told.as_ref());
        let is_public = state != OutcomeState::Rejected && !rejections.iter().any(is_personal);
        if ground.disclosure != Disclosure::Full && !is_public {
            continue;
        }
        let (rejection, also) = words(told);
        outcomes.push(AutomaticOutcome {
            rule_id: rule.id.as_str().to_owned(),
            label: rule.label().to_owned(),
            state,
            discount: decided.taken_by(Source::Automatic(place)),
            rejection,
            also,
        });
    }
    outcomes
}

/// For whom a rule is, is nobody's business.
fn is_personal(rejection: &Rejection) -> bool {
    matches!(
        rejection.code,
        Reason::CustomerRequired | Reason::CouponRequired
    )
}

/// The reasons as the caller gets to know them, and whether they pass by themselves.
fn tell(rejections: &[Rejection], disclosure: Disclosure) -> Option<(Disclosed, bool)> {
    let (first, also) = rejections.split_first()?;
    let parks = rejections.iter().all(|rejection| rejection.code.parks());
    let disclosed = Disclosed::new(first.clone(), also.to_vec(), disclosure);
    Some((disclosed, parks))
}

/// A reason that is kept back must not show through the state either.
fn state_of(told: Option<&(Disclosed, bool)>) -> OutcomeState {
    match told {
        None => OutcomeState::Applied,
        Some((disclosed, true)) if !disclosed.hides_coupon => OutcomeState::Parked,
        Some(_) => OutcomeState::Rejected,
    }
}

fn words(told: Option<(Disclosed, bool)>) -> (Option<Rejection>, Vec<Rejection>) {
    match told {
        None => (None, Vec::new()),
        Some((disclosed, _)) => (Some(disclosed.rejection), disclosed.also),
    }
}

fn outcome(
    index: usize,
    entry: &Found<'_>,
    told: Option<(Disclosed, bool)>,
    discount: Amount,
) -> CodeOutcome {
    let hides_coupon = told
        .as_ref()
        .is_some_and(|(disclosed, _)| disclosed.hides_coupon);
    let candidate = entry.candidate.as_ref().ok().filter(|_| !hides_coupon);
    let state = state_of(told.as_ref());
    let (rejection, also) = words(told);
    CodeOutcome {
        index,
        code: entry.code.as_ref().map(|code| code.as_str().to_owned()),
        coupon_id: candidate
            .and_then(Candidate::coupon_id)
            .map(|id| id.as_str().to_owned()),
        code_id: candidate
            .and_then(|candidate| candidate.code)
            .map(|code| code.id.as_str().to_owned()),
        label: candidate.map(Candidate::label),
        state,
        discount,
        rejection,
        also,
    }
}
