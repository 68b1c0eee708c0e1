//! From entered codes to a quote: find, assess, stack, disclose. The one path that `evaluate`, `validate` and `apply`
//! share, so that they can never disagree.

use super::assemble::assemble;
use super::find::{Found, find, identity};
use super::outcomes::outcomes;
use super::quote::Quote;
use super::request::{Checkout, Ground};
use crate::discount::{Applicable, in_order, stack};
use crate::eligibility::{Candidate, Details, Level, Reason, Rejection, Situation, assess};
use crate::error::Result;
use crate::model::Products;

/// Makes the quote.
pub(super) fn quote(checkout: &Checkout, ground: &Ground<'_>) -> Result<Quote> {
    let cart = &checkout.cart;
    let found: Vec<Found<'_>> = checkout
        .codes
        .iter()
        .map(|entry| find(entry, ground.catalog, ground.policy))
        .collect();
    let situation = Situation {
        cart,
        customer: checkout.customer.as_ref(),
        prior_orders: ground.prior_orders,
        codes_allowed: checkout.codes_allowed,
        now: ground.now,
        usage: ground.usage,
        policy: ground.policy,
    };
    let mut refusals: Vec<Vec<Rejection>> = Vec::with_capacity(found.len());
    let mut applicables = Vec::new();
    for (index, entry) in found.iter().enumerate() {
        let (rejections, applicable) = match earlier_entry(index, &found) {
            Some(earlier) => (vec![already_applied(earlier)], None),
            None => judge(index, entry, &situation)?,
        };
        refusals.push(rejections);
        applicables.extend(applicable);
    }
    let stacked = stack(
        in_order(applicables, ground.policy.stacking.order),
        cart,
        ground.policy,
    )?;
    for (index, rejection) in &stacked.refused {
        if let Some(rejections) = refusals.get_mut(*index) {
            rejections.push(rejection.clone());
        }
    }
    let codes = outcomes(checkout, &found, refusals, &stacked, ground);
    assemble(checkout, &found, codes, &stacked, ground)
}

/// The first entry of the same target, if this one repeats it.
fn earlier_entry<'f, 'a>(index: usize, all: &'f [Found<'a>]) -> Option<&'f Candidate<'a>> {
    let candidate = all.get(index)?.candidate.as_ref().ok()?;
    all.iter()
        .take(index)
        .filter_map(|earlier| earlier.candidate.as_ref().ok())
        .find(|earlier| identity(earlier) == identity(candidate))
}

fn already_applied(earlier: &Candidate<'_>) -> Rejection {
    Rejection {
        code: Reason::AlreadyApplied,
        level: Level::Code,
        details: Details {
            with: Some(vec![earlier.name().to_owned()]),
            ..Details::default()
        },
    }
}

/// One entry on its own: why not, or what to stack.
fn judge<'a>(
    index: usize,
    entry: &'a Found<'a>,
    situation: &Situation<'_>,
) -> Result<(Vec<Rejection>, Option<Applicable<'a>>)> {
    let candidate = match &entry.candidate {
        Ok(candidate) => candidate,
        Err(reason) => return Ok((vec![Rejection::plain(*reason, Level::Code)], None)),
    };
    let assessment = assess(candidate, situation)?;
    let applicable = candidate
        .coupon
        .discount
        .as_ref()
        .filter(|_| assessment.rejections.is_empty())
        .map(|discount| Applicable {
            index,
            coupon: candidate.coupon,
            discount,
            label: candidate.label(),
            name: candidate.name(),
            is_by_id: candidate.code.is_none(),
            eligible: assessment.eligible,
            is_line_level: narrows(candidate),
        });
    Ok((assessment.rejections, applicable))
}

fn narrows(candidate: &Candidate<'_>) -> bool {
    let of_code = candidate
        .code
        .and_then(|code| code.restrictions.products.as_ref());
    [candidate.coupon.restrictions.products.as_ref(), of_code]
        .into_iter()
        .flatten()
        .any(Products::narrow)
}
