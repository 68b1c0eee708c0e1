//! How effects go together (semantics §7): which mode decides, and the two modes in which only one source wins.
//! Combining several is in `combine`; who may not even compete is in `admission`.

use super::admission::admit;
use super::combine::Combination;
use super::effect::{Effect, Source, in_order};
use super::selection::{Selection, Selector, total};
use super::stacked::{Choice, Stacked, because_of};
use crate::eligibility::Reason;
use crate::error::Result;
use crate::model::{Amount, Cart, Identifier, OnConflict, Policy, StackingMode};

/// Decides which of the effects apply together and what each takes off; `opened` are the external rules that codes open.
pub fn stack<'a>(
    mut effects: Vec<Effect<'a>>,
    opened: &[&Identifier],
    cart: &Cart,
    policy: &Policy,
) -> Result<Stacked<'a>> {
    in_order(&mut effects, policy.stacking.order);
    // What the host gives for a rule that a code opens is no discount of its own.
    let has_foreign = cart.foreign.iter().any(|one| {
        let rule = one.rule_id.as_ref();
        rule.is_none_or(|rule| !opened.contains(&rule))
    });
    let selector = Selector::new(&effects, cart, policy);
    let (open, turned_away) = admit(&effects, &selector, has_foreign, policy)?;
    let combination = Combination {
        selector: &selector,
        open: &open,
        max_codes: usize::try_from(policy.stacking.max_codes).unwrap_or(usize::MAX),
    };
    let choice = match policy.stacking.mode {
        StackingMode::Additive | StackingMode::Sequential => {
            combination.choose(policy.stacking.on_conflict)?
        }
        StackingMode::BestCombination => combination.choose(OnConflict::KeepBest)?,
        StackingMode::Best => Contest::new(&combination)?.won_by_most()?,
        // Where the shop takes no discounts nothing gets as far as here.
        StackingMode::First | StackingMode::None => Contest::new(&combination)?.won_by_first()?,
    };
    let Choice {
        applied,
        mut refused,
        is_exact,
    } = choice;
    refused.extend(turned_away);
    Ok(Stacked {
        effects,
        applied,
        refused,
        is_exact,
    })
}

/// Sources that compete: in order, only one wins.
struct Contest<'c, 'a, 'w> {
    combination: &'c Combination<'c, 'a, 'w>,
    contenders: Vec<Contender>,
}

/// A source with what its effects take alone.
struct Contender {
    source: Source,
    alone: Selection,
    sum: Amount,
}

impl<'c, 'a, 'w> Contest<'c, 'a, 'w> {
    fn new(combination: &'c Combination<'c, 'a, 'w>) -> Result<Self> {
        let open = || combination.effects(combination.open);
        let mut contenders: Vec<Contender> = Vec::new();
        for (_, Effect { source, .. }) in open() {
            if contenders.iter().any(|known| known.source == *source) {
                continue;
            }
            let own = open().filter(|(_, effect)| effect.source == *source);
            let own: Vec<usize> = own.map(|(place, _)| place).collect();
            let alone = combination.selector.walk(&own, usize::MAX, None)?;
            contenders.push(Contender {
                source: *source,
                sum: total(&alone)?,
                alone,
            });
        }
        Ok(Self {
            combination,
            contenders,
        })
    }

    /// The one that takes most; the earlier in order if two take the same; none if none takes anything.
    fn won_by_most(self) -> Result<Choice> {
        let mut winner = None;
        let mut most = Amount::ZERO;
        for (place, contender) in self.contenders.iter().enumerate() {
            if contender.sum > most {
                (winner, most) = (Some(place), contender.sum);
            }
        }
        self.decide(winner, Reason::SupersededByBetter, &|loser, _| {
            !loser.is_zero()
        })
    }

    /// The first in order that takes anything.
    fn won_by_first(self) -> Result<Choice> {
        let takes = |contender: &Contender| !contender.sum.is_zero();
        let winner = self.contenders.iter().position(takes);
        self.decide(winner, Reason::StoppedByPrevious, &|_, place| {
            winner < Some(place)
        })
    }

    fn decide(
        self,
        winner: Option<usize>,
        beaten: Reason,
        is_beaten: &dyn Fn(Amount, usize) -> bool,
    ) -> Result<Choice> {
        let combination = self.combination;
        let Some(winner) = winner.and_then(|place| self.contenders.get(place)) else {
            return combination.chosen(Selection::new(), true, &|place, _| {
                combination.in_the_way(place, &[], Reason::NotCombinable)
            });
        };
        combination.chosen(winner.alone.clone(), true, &|place, members| {
            let Some(one) = combination.selector.effect(place) else {
                return Ok(None);
            };
            if one.source == winner.source {
                // Its own were walked in order: what comes later was not in the way yet.
                let before: Vec<usize> = members.iter().copied().filter(|at| *at < place).collect();
                return combination.in_the_way(place, &before, Reason::NotCombinable);
            }
            let winners = || combination.effects(members).map(|(_, member)| member);
            let names: Vec<&str> = winners().map(Effect::name).collect();
            if winners().any(|member| member.is_same_discount(one)) {
                return Ok(Some(because_of(Reason::AlreadyApplied, &names)));
            }
            let contenders = self.contenders.iter().enumerate();
            let loses = contenders
                .filter(|(_, contender)| contender.source == one.source)
                .any(|(at, contender)| is_beaten(contender.sum, at));
            match loses {
                true => Ok(Some(because_of(beaten, &names))),
                false => combination.in_the_way(place, &[], Reason::NotCombinable),
            }
        })
    }
}
