//! What became of each entered code, as far as the caller gets to know (semantics §24, §27). Decides nothing about
//! discounts; owns which outcomes a masked one may not betray.

use super::find::{Found, Identity, identity};
use super::quote::{CodeOutcome, OutcomeState};
use super::request::{Checkout, Ground};
use crate::discount::Stacked;
use crate::eligibility::{Candidate, Disclosed, Rejection};
use crate::model::{Amount, Disclosure, EnteredCode, StackingMode};

/// The outcome of each entry; `refusals` are its reasons, first one first.
pub(super) fn outcomes(
    checkout: &Checkout,
    found: &[Found<'_>],
    refusals: Vec<Vec<Rejection>>,
    stacked: &Stacked<'_>,
    ground: &Ground<'_>,
) -> Vec<CodeOutcome> {
    let disclosure = ground.disclosure;
    let are_closed = !checkout.codes_allowed || ground.policy.stacking.mode == StackingMode::None;
    let mut masked: Vec<Identity<'_>> = Vec::new();
    let mut outcomes = Vec::with_capacity(found.len());
    for (index, (entry, rejections)) in found.iter().zip(refusals).enumerate() {
        let is_text = matches!(checkout.codes.get(index), Some(EnteredCode::Text { .. }));
        let identity = entry.candidate.as_ref().ok().map(identity);
        let parks = rejections.iter().all(|rejection| rejection.code.parks());
        let mut rejections = rejections.into_iter();
        let told = rejections.next().map(|first| {
            if disclosure != Disclosure::Full && is_text && are_closed {
                // Codes are closed to everyone alike: whether this one exists is not said.
                return (Disclosed::closed(), false);
            }
            let repeats_masked = identity.is_some_and(|identity| masked.contains(&identity));
            let disclosed = match repeats_masked {
                true => Disclosed::masked(),
                false => Disclosed::new(first, rejections.collect(), disclosure),
            };
            (disclosed, parks)
        });
        if told
            .as_ref()
            .is_some_and(|(disclosed, _)| disclosed.hides_coupon)
        {
            masked.extend(identity);
        }
        let discount = stacked
            .applied
            .iter()
            .find(|(applicable, _)| applicable.index == index)
            .map(|(_, applied)| applied.amount);
        outcomes.push(outcome(index, entry, told, discount));
    }
    outcomes
}

fn outcome(
    index: usize,
    entry: &Found<'_>,
    told: Option<(Disclosed, bool)>,
    discount: Option<Amount>,
) -> CodeOutcome {
    let hides_coupon = told
        .as_ref()
        .is_some_and(|(disclosed, _)| disclosed.hides_coupon);
    let candidate = entry.candidate.as_ref().ok().filter(|_| !hides_coupon);
    let state = match &told {
        None => OutcomeState::Applied,
        // A reason that is kept back must not show through the state either.
        Some((disclosed, true)) if !disclosed.hides_coupon => OutcomeState::Parked,
        Some(_) => OutcomeState::Rejected,
    };
    let (rejection, also) = match told {
        None => (None, Vec::new()),
        Some((disclosed, _)) => (Some(disclosed.rejection), disclosed.also),
    };
    CodeOutcome {
        index,
        code: entry.code.as_ref().map(|code| code.as_str().to_owned()),
        coupon_id: candidate.map(|candidate| candidate.coupon.id.as_str().to_owned()),
        code_id: candidate
            .and_then(|candidate| candidate.code)
            .map(|code| code.id.as_str().to_owned()),
        label: candidate.map(Candidate::label),
        state,
        discount: discount.unwrap_or_default(),
        rejection,
        also,
    }
}
