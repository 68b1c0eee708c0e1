//! What became of everything that was entered, together: stacked, held to the shop's caps, paid by credit, and of those
//! that do not apply, why. Owns the way from verdicts to that; the rules are in `discount`.

use super::judge::Verdict;
use super::request::{Checkout, Ground};
use crate::discount::{Credit, Effect, Payment, Source, Stacked, hold_to_caps, pay, stack};
use crate::eligibility::{Candidate, Level, Reason, Rejection};
use crate::error::Result;
use crate::model::{Amount, Cart, Identifier, OnInapplicable, Order, Rule, sort_by};

/// Everything that was decided, before it is put into words for the caller.
pub(super) struct Decided<'a> {
    /// By entry: why not, first one first.
    pub(super) refusals: Vec<Vec<Rejection>>,
    /// By entry: why not each of its linked rules that does not apply.
    pub(super) beside: Vec<Vec<Rejection>>,
    /// By automatic rule: the same.
    pub(super) automatic: Vec<(&'a Rule, Vec<Rejection>)>,
    /// What was taken off.
    pub(super) stacked: Stacked<'a>,
    /// What was paid by credit: more than nothing.
    pub(super) credits: Vec<Payment<'a>>,
    /// By entry: the external rules it opened.
    pub(super) unlocked: Vec<Vec<&'a Identifier>>,
    /// By entry: what was entered, if it was found.
    entered: Vec<Option<Candidate<'a>>>,
    cart: &'a Cart,
}

impl<'a> Decided<'a> {
    /// Stacks what passed. Where all codes are to apply or none, it is done again without any if one does not.
    pub(super) fn settle(
        entries: Vec<Verdict<'a>>,
        rules: Vec<(&'a Rule, Verdict<'a>)>,
        entered: Vec<Option<Candidate<'a>>>,
        checkout: &'a Checkout,
        ground: &Ground<'_>,
    ) -> Result<Self> {
        let mut refusals = Vec::with_capacity(entries.len());
        let mut unlocked = Vec::with_capacity(entries.len());
        let mut beside = Vec::with_capacity(entries.len());
        let mut effects: Vec<Effect<'a>> = Vec::new();
        let mut credits = Vec::new();
        let mut repeated = Vec::new();
        for verdict in entries {
            repeated.push(verdict.is_repeated);
            refusals.push(verdict.rejections);
            beside.push(verdict.beside);
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
            beside,
            automatic,
            stacked: stack(effects, &opened, &checkout.cart, ground.policy)?,
            credits: Vec::new(),
            unlocked,
            entered,
            cart: &checkout.cart,
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

    /// What a source took off: by its effects, its credit, or through the host's own sums for the rules it opened.
    pub(super) fn taken_by(&self, source: Source) -> Amount {
        let effects = self.stacked.taken();
        let effects = effects.filter(|(effect, _)| effect.source == source);
        let effects = effects.map(|(_, applied)| applied.amount);
        let (credit, unlocked) = match source {
            Source::Automatic(_) => (None, None),
            Source::Entry(index) => (self.credit_of(index), self.unlocked.get(index)),
        };
        let foreign = self.cart.foreign.iter().filter(|one| {
            let opened = one.rule_id.as_ref().zip(unlocked);
            opened.is_some_and(|(id, unlocked)| unlocked.contains(&id))
        });
        let foreign = foreign.map(|one| one.amount);
        Amount::sum(effects.chain(credit).chain(foreign)).unwrap_or_default()
    }

    /// What the entry at this place paid by its credit.
    pub(super) fn credit_of(&self, index: usize) -> Option<Amount> {
        let mut credits = self.credits.iter();
        credits
            .find(|payment| payment.credit.index == index)
            .map(|payment| payment.amount)
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
        sort_by(&mut self.stacked.refused, |one, two| one.0.cmp(&two.0));
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
        self.open_each_rule_once(ground.policy.stacking.order);
        Ok(())
    }

    /// An external rule is opened by the first code in order that applies; one that opens nothing else is applied already.
    fn open_each_rule_once(&mut self, order: Order) {
        let mut opened: Vec<(&Identifier, &str)> = Vec::new();
        for index in self.in_order(order) {
            let source = Source::Entry(index);
            let is_effective = self
                .stacked
                .taken()
                .any(|(effect, _)| effect.source == source);
            let name = self.entered.get(index).copied().flatten();
            let name = name.map_or("", |candidate| candidate.name());
            let (Some(refusals), Some(unlocked)) =
                (self.refusals.get_mut(index), self.unlocked.get_mut(index))
            else {
                continue;
            };
            let opener = |id: &&Identifier| opened.iter().find(|(known, _)| known == id);
            let repeats = unlocked.iter().find_map(opener).map(|(_, name)| *name);
            unlocked.retain(|id| !opened.iter().any(|(known, _)| known == id));
            let opens_nothing = unlocked.is_empty() && !is_effective && refusals.is_empty();
            if let (Some(name), true) = (repeats, opens_nothing) {
                refusals.push(already_applied(name, Level::Coupon));
            }
            opened.extend(unlocked.iter().map(|id| (*id, name)));
        }
    }

    /// The places of entries that open something: by priority and name, unless the shop wants them as requested.
    fn in_order(&self, order: Order) -> Vec<usize> {
        let opens = |index: &usize| self.unlocked.get(*index).is_some_and(|one| !one.is_empty());
        let mut places: Vec<usize> = (0..self.unlocked.len()).filter(opens).collect();
        if order != Order::Requested {
            let rank = |index: usize| {
                let candidate = self.entered.get(index).copied().flatten()?;
                let priority = candidate.coupon.map(|coupon| coupon.priority);
                Some((priority, candidate.name(), candidate.code.is_none()))
            };
            sort_by(&mut places, |one, two| rank(*one).cmp(&rank(*two)));
        }
        places
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
            let rejection = effect.candidate.in_own_words(rejection.clone());
            if let (Source::Entry(index), Some(rule)) = (source, effect.candidate.rule)
                && let Some(beside) = self.beside.get_mut(index)
            {
                beside.push(rejection.clone().of_rule(&rule.id));
            }
            if self.stacked.taken().any(|(one, _)| one.source == source) {
                continue;
            }
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
