//! From entered codes to a quote: find, judge, stack, hold to the shop's caps, pay by credit, disclose. The one path that
//! `evaluate`, `validate` and `apply` share, so that they can never disagree.

use super::assemble::assemble;
use super::find::{Found, find, identity};
use super::judge::{Verdict, judge, judge_automatic};
use super::outcomes::{automatic_outcomes, outcomes};
use super::quote::Quote;
use super::request::{Checkout, Ground};
use crate::discount::{Credit, Effect, Payment, Source, Stacked, hold_to_caps, pay, stack};
use crate::eligibility::{Candidate, Level, Reason, Rejection, Situation};
use crate::error::Result;
use crate::model::{Identifier, OnInapplicable, Rule, StackingMode};

/// Everything that was decided, before it is put into words for the caller.
pub(super) struct Decided<'a> {
    /// By entry: why not, first one first.
    pub(super) refusals: Vec<Vec<Rejection>>,
    /// By automatic rule: the same.
    pub(super) automatic: Vec<(&'a Rule, Vec<Rejection>)>,
    /// What was taken off.
    pub(super) stacked: Stacked<'a>,
    /// What was paid by credit: more than nothing.
    pub(super) credits: Vec<Payment<'a>>,
    /// By entry: the external rules it opened.
    pub(super) unlocked: Vec<Vec<&'a Identifier>>,
}

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
            Some(earlier) => Ok(Verdict::refused(vec![already_applied(&earlier)])),
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
    settle(entries, rules, checkout, ground)
}

/// Stacks what passed. Where all codes are to apply or none, it is done again without any if one does not.
fn settle<'a>(
    entries: Vec<Verdict<'a>>,
    rules: Vec<(&'a Rule, Verdict<'a>)>,
    checkout: &Checkout,
    ground: &Ground<'_>,
) -> Result<Decided<'a>> {
    let mut refusals = Vec::with_capacity(entries.len());
    let mut unlocked = Vec::with_capacity(entries.len());
    let mut effects: Vec<Effect<'a>> = Vec::new();
    let mut credits = Vec::new();
    for verdict in entries {
        refusals.push(verdict.rejections);
        unlocked.push(verdict.unlocked);
        effects.extend(verdict.effects);
        credits.extend(verdict.credit);
    }
    let mut automatic = Vec::with_capacity(rules.len());
    let mut automatic_effects = Vec::new();
    for (rule, verdict) in rules {
        automatic.push((rule, verdict.rejections));
        automatic_effects.extend(verdict.effects);
    }
    let all_or_nothing = ground.policy.stacking.on_inapplicable == OnInapplicable::AllOrNothing;
    let without_codes = all_or_nothing.then(|| (automatic.clone(), automatic_effects.clone()));
    effects.extend(automatic_effects);

    let mut decided = Decided {
        refusals,
        automatic,
        stacked: stack(effects, &checkout.cart, ground.policy)?,
        credits: Vec::new(),
        unlocked,
    };
    decided.finish(credits, checkout, ground)?;
    match without_codes {
        Some((automatic, effects)) if decided.refusals.iter().any(|one| !one.is_empty()) => {
            decided.drop_codes();
            decided.automatic = automatic;
            decided.stacked = stack(effects, &checkout.cart, ground.policy)?;
            decided.finish(Vec::new(), checkout, ground)?;
            Ok(decided)
        }
        _ => Ok(decided),
    }
}

impl<'a> Decided<'a> {
    /// The shop's caps, the credits, and what each refused one is told.
    fn finish(
        &mut self,
        credits: Vec<Credit<'a>>,
        checkout: &Checkout,
        ground: &Ground<'_>,
    ) -> Result<()> {
        let cart = &checkout.cart;
        hold_to_caps(&mut self.stacked, cart, ground.policy)?;
        for payment in pay(credits, cart, &self.stacked, ground.policy)? {
            let index = payment.credit.index;
            if let Some(same) = payment.repeats {
                let level = Level::Coupon;
                let rejection = already_applied(&same);
                self.refuse(index, Rejection { level, ..rejection });
            } else if let Some(lacking) = payment.unmet {
                self.refuse(index, payment.credit.candidate.in_own_words(lacking));
            } else if payment.amount.is_zero() {
                self.refuse(index, Rejection::plain(Reason::NoEffect, Level::Coupon));
            } else {
                self.credits.push(payment);
            }
        }
        self.tell_refused();
        Ok(())
    }

    fn refuse(&mut self, index: usize, rejection: Rejection) {
        if let Some(refusals) = self.refusals.get_mut(index) {
            refusals.push(rejection);
        }
    }

    /// A source is refused only if none of its effects applies; of their reasons the first in the fixed order is told.
    fn tell_refused(&mut self) {
        let mut told: Vec<(Source, Rejection)> = Vec::new();
        for (effect, rejection) in self.stacked.refusals() {
            let source = effect.source;
            if self.stacked.taken().any(|(one, _)| one.source == source) {
                continue;
            }
            let rejection = match rejection.code <= Reason::CouponRequired {
                true => effect.candidate.in_own_words(rejection.clone()),
                false => rejection.clone(),
            };
            match told.iter_mut().find(|(known, _)| *known == source) {
                None => told.push((source, rejection)),
                Some((_, first)) if rejection.code < first.code => *first = rejection,
                Some(_) => {}
            }
        }
        for (source, rejection) in told {
            match source {
                Source::Entry(index) => {
                    self.refuse(index, rejection);
                    if let Some(unlocked) = self.unlocked.get_mut(index) {
                        unlocked.clear();
                    }
                }
                Source::Automatic(place) => {
                    if let Some((_, refusals)) = self.automatic.get_mut(place) {
                        let level = Level::Rule;
                        refusals.push(Rejection { level, ..rejection });
                    }
                }
            }
        }
    }

    fn drop_codes(&mut self) {
        for refusals in self.refusals.iter_mut().filter(|entry| entry.is_empty()) {
            refusals.push(Rejection::plain(Reason::NotAllApplicable, Level::Coupon));
        }
        self.unlocked.iter_mut().for_each(Vec::clear);
        self.credits.clear();
    }
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

fn already_applied(earlier: &Candidate<'_>) -> Rejection {
    Rejection::with(Reason::AlreadyApplied, Level::Code, |details| {
        details.with = Some(vec![earlier.name().to_owned()]);
    })
}
