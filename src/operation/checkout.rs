//! From entered codes to a quote: find, judge, stack, hold to the shop's caps, pay by credit, disclose. The one path that
//! `evaluate`, `validate` and `apply` share, so that they can never disagree.

use super::assemble::assemble;
use super::decided::{Decided, already_applied};
use super::find::{Found, find, identity};
use super::judge::{Verdict, judge, judge_automatic};
use super::outcomes::{automatic_outcomes, outcomes};
use super::quote::Quote;
use super::request::{Checkout, Ground};
use crate::eligibility::{Candidate, Level, Situation};
use crate::error::Result;
use crate::model::{Identifier, StackingMode};

/// Makes the quote.
pub(super) fn quote(checkout: &Checkout, ground: &Ground<'_>) -> Result<Quote> {
    let found: Vec<Found<'_>> = checkout
        .codes
        .iter()
        .map(|entry| find(entry, ground.catalog, ground.policy))
        .collect();
    let decided = decide(checkout, &found, ground)?;
    let codes = outcomes(checkout, &found, &decided, ground);
    let automatic = automatic_outcomes(&decided, ground);
    assemble(checkout, codes, automatic, &decided, ground)
}

fn decide<'a>(
    checkout: &'a Checkout,
    found: &[Found<'a>],
    ground: &Ground<'a>,
) -> Result<Decided<'a>> {
    let mut situation = Situation {
        cart: &checkout.cart,
        customer: checkout.customer.as_ref(),
        prior_orders: ground.prior_orders,
        codes_allowed: checkout.codes_allowed,
        now: ground.now,
        usage: ground.usage,
        policy: ground.policy,
        zones: ground.zones,
        present: None,
    };
    let present = present_coupons(found, ground, &situation)?;
    situation.present = Some(&present);
    let entries = found
        .iter()
        .enumerate()
        .map(|(index, entry)| match earlier_entry(index, found) {
            Some(earlier) => {
                let rejection = already_applied(earlier.name(), Level::Code);
                Ok(Verdict {
                    is_repeated: true,
                    ..Verdict::refused(vec![rejection])
                })
            }
            None => judge(index, entry, ground.catalog, &situation)
                .map(|verdict| verdict.unless_closed(entry, ground.policy)),
        })
        .collect::<Result<Vec<_>>>()?;
    let applies_automatic = checkout.automatic && ground.policy.stacking.mode != StackingMode::None;
    let rules = ground.catalog.automatic_rules();
    let rules = rules
        .filter(|_| applies_automatic)
        .enumerate()
        .map(|(place, rule)| Ok((rule, judge_automatic(place, rule, &situation)?)))
        .collect::<Result<Vec<_>>>()?;
    let entered = found
        .iter()
        .map(|entry| entry.candidate.as_ref().ok().copied());
    Decided::settle(entries, rules, entered.collect(), checkout, ground)
}

/// The coupons entered that pass on their own, if anything asks for them.
fn present_coupons<'a>(
    found: &[Found<'a>],
    ground: &Ground<'a>,
    situation: &Situation<'_>,
) -> Result<Vec<&'a Identifier>> {
    let mut present = Vec::new();
    if !ground.catalog.asks_for_coupons() {
        return Ok(present);
    }
    for (index, entry) in found.iter().enumerate() {
        let verdict = judge(index, entry, ground.catalog, situation)?;
        if verdict.rejections.is_empty() {
            let coupon = entry.candidate.as_ref().ok().and_then(Candidate::coupon_id);
            present.extend(coupon);
        }
    }
    Ok(present)
}

/// The first entry of the same target, if this one repeats it.
fn earlier_entry<'a>(index: usize, all: &[Found<'a>]) -> Option<Candidate<'a>> {
    let candidate = all.get(index)?.candidate.as_ref().ok()?;
    all.iter()
        .take(index)
        .filter_map(|earlier| earlier.candidate.as_ref().ok())
        .find(|earlier| identity(earlier) == identity(candidate))
        .copied()
}
