//! From entered codes to a quote: find, judge, stack, hold to the shop's caps, pay by credit, disclose. The one path that
//! `evaluate`, `validate` and `apply` share, so that they can never disagree.

use super::assemble::assemble;
use super::decided::{Decided, already_applied};
use super::find::{Found, find, identity};
use super::judge::{Verdict, judge, judge_automatic};
use super::outcomes::{automatic_outcomes, outcomes};
use super::quote::Quote;
use super::request::{Checkout, Ground};
use crate::discount::Source;
use crate::eligibility::{Candidate, Level, Rejection, Situation, budget_rejection};
use crate::error::{Error, Result};
use crate::model::{Amount, Coupon, Identifier, Order, Path, StackingMode};

/// Makes the quote.
pub(super) fn quote(checkout: &Checkout, ground: &Ground<'_>) -> Result<Quote> {
    let (found, decided) = settle(checkout, ground)?;
    let codes = outcomes(checkout, &found, &decided, ground);
    let automatic = automatic_outcomes(&decided, ground);
    assemble(checkout, codes, automatic, &decided, ground)
}

/// What stands behind each entry, and what became of all of them. One that would take more than its coupon's budget has
/// left is refused, and the others are decided again without it, until no budget is overrun.
pub(super) fn settle<'a>(
    checkout: &'a Checkout,
    ground: &Ground<'a>,
) -> Result<(Vec<Found<'a>>, Decided<'a>)> {
    let found: Vec<Found<'_>> = checkout
        .codes
        .iter()
        .map(|entry| find(entry, ground.catalog, ground.policy))
        .collect();
    let mut overrun = Vec::new();
    loop {
        let decided = decide(checkout, &found, &overrun, ground)?;
        let more = overruns(checkout, &found, &decided, ground)?;
        if more.is_empty() {
            return Ok((found, decided));
        }
        overrun.extend(more);
    }
}

/// The entries that would overrun their coupon's budget. Of several of one coupon it is the last, however they were typed.
fn overruns(
    checkout: &Checkout,
    found: &[Found<'_>],
    decided: &Decided<'_>,
    ground: &Ground<'_>,
) -> Result<Vec<(usize, Rejection)>> {
    let mut overruns = Vec::new();
    for (index, entry) in found.iter().enumerate() {
        let Some((candidate, coupon, mut taken)) = taken_of_budget(entry, index, decided) else {
            continue;
        };
        let mut is_last = true;
        for (place, other) in found.iter().enumerate() {
            let Some((rival, same, beside)) = taken_of_budget(other, place, decided) else {
                continue;
            };
            if place != index && same.id == coupon.id {
                taken = taken
                    .plus(beside)
                    .ok_or_else(|| Error::arithmetic(Path::root("cart")))?;
                is_last &= match ground.policy.stacking.order {
                    Order::Requested => place < index,
                    _ => rank(&rival) < rank(&candidate),
                };
            }
        }
        let currency = checkout.cart.currency;
        if is_last && let Some(rejection) = budget_rejection(coupon, currency, ground.usage, taken)
        {
            overruns.push((index, candidate.in_own_words(rejection)));
        }
    }
    Ok(overruns)
}

/// What an entry takes of a budget, if it does.
fn taken_of_budget<'a>(
    entry: &Found<'a>,
    index: usize,
    decided: &Decided<'_>,
) -> Option<(Candidate<'a>, &'a Coupon, Amount)> {
    let candidate = entry.candidate.as_ref().ok()?;
    let coupon = candidate.coupon?;
    coupon.limits.budget.as_ref()?;
    let taken = decided.taken_by(Source::Entry(index));
    (!taken.is_zero()).then_some((*candidate, coupon, taken))
}

fn rank<'a>(candidate: &Candidate<'a>) -> (&'a str, bool) {
    (candidate.name(), candidate.code.is_none())
}

/// What candidates are checked against, as long as it is not known which coupons are there.
pub(super) fn situation<'a>(checkout: &'a Checkout, ground: &Ground<'a>) -> Situation<'a> {
    Situation {
        cart: &checkout.cart,
        customer: checkout.customer.as_ref(),
        prior_orders: ground.prior_orders,
        codes_allowed: checkout.codes_allowed,
        now: ground.now,
        usage: ground.usage,
        policy: ground.policy,
        zones: ground.zones,
        present: None,
    }
}

fn decide<'a>(
    checkout: &'a Checkout,
    found: &[Found<'a>],
    overrun: &[(usize, Rejection)],
    ground: &Ground<'a>,
) -> Result<Decided<'a>> {
    let mut situation = situation(checkout, ground);
    let overrun = |index: usize| overrun.iter().find(|(refused, _)| *refused == index);
    let present = present_coupons(found, &|index| overrun(index).is_some(), ground, &situation)?;
    situation.present = Some(&present);
    let entries = found
        .iter()
        .enumerate()
        .map(
            |(index, entry)| match (earlier_entry(index, found), overrun(index)) {
                (Some(earlier), _) => {
                    let rejection = already_applied(earlier.name(), Level::Code);
                    Ok(Verdict {
                        is_repeated: true,
                        ..Verdict::refused(vec![rejection])
                    })
                }
                (None, Some((_, rejection))) => Ok(Verdict::refused(vec![rejection.clone()])),
                (None, None) => judge(index, entry, ground.catalog, &situation)
                    .map(|verdict| verdict.unless_closed(entry, ground.policy)),
            },
        )
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
    is_overrun: &dyn Fn(usize) -> bool,
    ground: &Ground<'a>,
    situation: &Situation<'_>,
) -> Result<Vec<&'a Identifier>> {
    let mut present = Vec::new();
    if !ground.catalog.asks_for_coupons() {
        return Ok(present);
    }
    for (index, entry) in found.iter().enumerate() {
        if is_overrun(index) || earlier_entry(index, found).is_some() {
            continue;
        }
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
