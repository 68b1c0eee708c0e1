//! How effects go together (semantics §7): which mode decides, and the two modes in which only one source wins.
//! Combining several is in `combine`; who may not even compete is in `admission`.

use super::admission::admit;
use super::combine::{Combination, combine};
use super::effect::{Effect, Source, in_order};
use super::selection::{Selection, Selector, total};
use super::stacked::{Choice, Stacked, because_of};
use crate::eligibility::Reason;
use crate::error::Result;
use crate::model::{Amount, Cart, OnConflict, Policy, StackingMode};

/// Decides which of the effects apply together and what each takes off.
pub fn stack<'a>(
    mut effects: Vec<Effect<'a>>,
    cart: &Cart,
    policy: &Policy,
) -> Result<Stacked<'a>> {
    in_order(&mut effects, policy.stacking.order);
    let selector = Selector::new(&effects, cart, policy);
    let (open, turned_away) = admit(&effects, &selector, cart, policy)?;
    let max_codes = usize::try_from(policy.stacking.max_codes).unwrap_or(usize::MAX);
    let several = |on_conflict| combine(&effects, &open, &selector, max_codes, on_conflict);
    let choice = match policy.stacking.mode {
        StackingMode::Additive | StackingMode::Sequential => several(policy.stacking.on_conflict)?,
        StackingMode::BestCombination => several(OnConflict::KeepBest)?,
        StackingMode::Best => Contest::new(&effects, &open, &selector)?.won_by_most()?,
        // Where the shop takes no discounts nothing gets as far as here.
        StackingMode::First | StackingMode::None => {
            Contest::new(&effects, &open, &selector)?.won_by_first()?
        }
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

/// Sources that compete, each with what its effects take alone.
struct Contest<'c, 'a, 'w> {
    effects: &'c [Effect<'a>],
    open: &'c [usize],
    selector: &'c Selector<'a, 'w>,
    alone: Vec<(Source, Selection, Amount)>,
}

impl<'c, 'a, 'w> Contest<'c, 'a, 'w> {
    fn new(
        effects: &'c [Effect<'a>],
        open: &'c [usize],
        selector: &'c Selector<'a, 'w>,
    ) -> Result<Self> {
        let mut alone: Vec<(Source, Selection, Amount)> = Vec::new();
        for effect in open.iter().filter_map(|place| effects.get(*place)) {
            let source = effect.source;
            if alone.iter().any(|(known, _, _)| *known == source) {
                continue;
            }
            let of_source = |place: &&usize| {
                let effect = effects.get(**place);
                effect.is_some_and(|effect| effect.source == source)
            };
            let own: Vec<usize> = open.iter().filter(of_source).copied().collect();
            let selection = selector.walk(&own, usize::MAX, None)?;
            let sum = total(&selection)?;
            alone.push((source, selection, sum));
        }
        Ok(Self {
            effects,
            open,
            selector,
            alone,
        })
    }

    /// The one that takes most; the earlier in order if two take the same; none if none takes anything.
    fn won_by_most(self) -> Result<Choice> {
        let mut winner = None;
        let mut most = Amount::ZERO;
        for (place, (_, _, sum)) in self.alone.iter().enumerate() {
            if *sum > most {
                (winner, most) = (Some(place), *sum);
            }
        }
        self.decide(winner, Reason::SupersededByBetter, &|loser, _| {
            !loser.is_zero()
        })
    }

    /// The first in order that takes anything.
    fn won_by_first(self) -> Result<Choice> {
        let winner = self.alone.iter().position(|(_, _, sum)| !sum.is_zero());
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
        let combination = Combination {
            selector: self.selector,
            effects: self.effects,
            open: self.open,
            max_codes: usize::MAX,
        };
        let Some((won, selection, _)) = winner.and_then(|place| self.alone.get(place)) else {
            return combination.chosen(Selection::new(), true, &|place, _| {
                combination.in_the_way(place, &[], Reason::NotCombinable)
            });
        };
        combination.chosen(selection.clone(), true, &|place, members| {
            let Some(one) = self.effects.get(place) else {
                return Ok(None);
            };
            if one.source == *won {
                return combination.in_the_way(place, members, Reason::NotCombinable);
            }
            let winners = || members.iter().filter_map(|at| self.effects.get(*at));
            let names: Vec<&str> = winners().map(Effect::name).collect();
            if winners().any(|member| member.is_same_discount(one)) {
                return Ok(Some(because_of(Reason::AlreadyApplied, &names)));
            }
            let contender = self.alone.iter().enumerate();
            let loses = contender
                .filter(|(_, (source, _, _))| *source == one.source)
                .any(|(at, (_, _, sum))| is_beaten(*sum, at));
            match loses {
                true => Ok(Some(because_of(beaten, &names))),
                false => combination.in_the_way(place, &[], Reason::NotCombinable),
            }
        })
    }
}
