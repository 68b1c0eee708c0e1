//! What became of everything that was entered, together: stacked, held to the shop's caps, paid by credit, and of those
//! that do not apply, why. Owns the way from verdicts to that; the rules are in `discount`.

use super::judge::Verdict;
use super::request::{Checkout, Ground};
use crate::discount::{Credit, Effect, Payment, Source, Stacked, hold_to_caps, pay, stack};
use crate::eligibility::{Level, Reason, Rejection};
use crate::error::Result;
use crate::model::{Identifier, OnInapplicable, Rule};

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
    /// By entry: how others name it.
    names: Vec<Option<&'a str>>,
}

impl<'a> Decided<'a> {
    /// Stacks what passed. Where all codes are to apply or none, it is done again without any if one does not.
    pub(super) fn settle(
        entries: Vec<Verdict<'a>>,
        rules: Vec<(&'a Rule, Verdict<'a>)>,
        names: Vec<Option<&'a str>>,
        checkout: &Checkout,
        ground: &Ground<'_>,
    ) -> Result<Self> {
        let mut refusals = Vec::with_capacity(entries.len());
        let mut unlocked = Vec::with_capacity(entries.len());
        let mut effects: Vec<Effect<'a>> = Vec::new();
        let mut credits = Vec::new();
        let mut repeated = Vec::new();
        for verdict in entries {
            repeated.push(verdict.is_repeated);
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

        let opened: Vec<&Identifier> = unlocked.iter().flatten().copied().collect();
        let mut decided = Self {
            refusals,
            automatic,
            stacked: stack(effects, &opened, &checkout.cart, ground.policy)?,
            credits: Vec::new(),
            unlocked,
            names,
        };
        decided.finish(credits, checkout, ground)?;
        let mut entries = decided.refusals.iter().zip(repeated);
        let one_does_not =
            entries.any(|(refusals, is_repeated)| !refusals.is_empty() && !is_repeated);
        match without_codes {
            Some((automatic, effects)) if one_does_not => {
                decided.drop_codes();
                decided.automatic = automatic;
                decided.stacked = stack(effects, &[], &checkout.cart, ground.policy)?;
                decided.finish(Vec::new(), checkout, ground)?;
                Ok(decided)
            }
            _ => Ok(decided),
        }
    }

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
                self.refuse(index, already_applied(same.name(), Level::Coupon));
            } else if let Some(lacking) = payment.unmet {
                self.refuse(index, payment.credit.candidate.in_own_words(lacking));
            } else if payment.amount.is_zero() {
                self.refuse(index, Rejection::plain(Reason::NoEffect, Level::Coupon));
            } else {
                self.credits.push(payment);
            }
        }
        self.tell_refused();
        self.open_each_rule_once();
        Ok(())
    }

    /// An external rule is opened by the first code that applies; one that opens nothing else is applied already.
    fn open_each_rule_once(&mut self) {
        let mut opened: Vec<(&Identifier, &str)> = Vec::new();
        for index in 0..self.unlocked.len() {
            let (Some(refusals), Some(unlocked)) =
                (self.refusals.get_mut(index), self.unlocked.get_mut(index))
            else {
                continue;
            };
            let opener = |id: &&Identifier| opened.iter().find(|(known, _)| known == id);
            let repeats = unlocked.iter().find_map(opener).map(|(_, name)| *name);
            let was_open = unlocked.len();
            unlocked.retain(|id| !opened.iter().any(|(known, _)| known == id));
            let takes_part = |source| {
                let taken = self.stacked.taken();
                let effects = taken.map(|(effect, _)| effect.source);
                effects.into_iter().any(|own| own == source)
            };
            let opens_nothing_else = was_open > 0
                && unlocked.is_empty()
                && refusals.is_empty()
                && !takes_part(Source::Entry(index));
            match repeats {
                Some(name) if opens_nothing_else => {
                    refusals.push(already_applied(name, Level::Coupon));
                }
                _ if refusals.is_empty() => {
                    let name = self.names.get(index).copied().flatten().unwrap_or_default();
                    opened.extend(unlocked.iter().map(|id| (*id, name)));
                }
                _ => {}
            }
        }
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
            let rejection = effect.candidate.in_own_words(rejection.clone());
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

/// The same stands here already, by another name.
pub(super) fn already_applied(name: &str, level: Level) -> Rejection {
    Rejection::with(Reason::AlreadyApplied, level, |details| {
        details.with = Some(vec![name.to_owned()]);
    })
}
