//! Combining several effects (semantics §7): which of them apply together, and what is in the way of the others.
//! Consent is mutual and every tie is settled by the order, so that the outcome is a function of the set (M7); where
//! the number of codes or a conflict forces a choice, the customer gets the selection that takes most (M8).

use super::effect::Effect;
use super::selection::{MOST_SEARCHED, Selection, Selector, total};
use super::stacked::{Choice, because_of};
use crate::eligibility::{Level, Reason, Rejection};
use crate::error::Result;
use crate::model::OnConflict;

/// What keeps an effect from standing with these members, if anything does.
type InTheWay<'a> = dyn Fn(usize, &[usize]) -> Result<Option<Rejection>> + 'a;

/// Combines the effects at these places.
pub(super) fn combine(
    effects: &[Effect<'_>],
    open: &[usize],
    selector: &Selector<'_, '_>,
    max_codes: usize,
    on_conflict: OnConflict,
) -> Result<Choice> {
    let combination = Combination {
        selector,
        effects,
        open,
        max_codes,
    };
    match on_conflict {
        OnConflict::RejectNew => combination.earlier_stays(),
        OnConflict::KeepBest => combination.best_stays(),
    }
}

pub(super) struct Combination<'c, 'a, 'w> {
    pub(super) selector: &'c Selector<'a, 'w>,
    pub(super) effects: &'c [Effect<'a>],
    pub(super) open: &'c [usize],
    pub(super) max_codes: usize,
}

impl Combination<'_, '_, '_> {
    /// Of two that conflict the earlier stays. Of more codes than the shop allows, those stay that take most.
    fn earlier_stays(&self) -> Result<Choice> {
        let agreeing = self.selector.walk(self.open, usize::MAX, None)?;
        let places: Vec<usize> = agreeing.iter().map(|(place, _)| *place).collect();
        if places.len() <= self.max_codes
            || self.selector.entries(places.iter().copied()) <= self.max_codes
        {
            return self.chosen(agreeing, true, &|place, members| {
                let before: Vec<usize> = members.iter().copied().filter(|at| *at < place).collect();
                self.in_the_way(place, &before, Reason::NotCombinable)
            });
        }
        let is_exact = places.len() <= MOST_SEARCHED;
        let selection = match is_exact {
            true => self.selector.best_of(&places, self.max_codes)?,
            false => self.selector.walk(&places, self.max_codes, None)?,
        };
        self.chosen(selection, is_exact, &|place, members| {
            let obstacle = self.in_the_way(place, members, Reason::NotCombinable)?;
            Ok(obstacle.or_else(|| self.too_many(place, members)))
        })
    }

    /// Whatever conflicts: the selection that takes most stays.
    fn best_stays(&self) -> Result<Choice> {
        let is_exact = self.open.len() <= MOST_SEARCHED;
        let selection = match is_exact {
            true => self.selector.best_of(self.open, self.max_codes)?,
            false => self.best_around_conflicts()?,
        };
        let members = selection.iter().map(|(place, _)| *place);
        let is_full = self.selector.entries(members) >= self.max_codes;
        self.chosen(selection, is_exact, &|place, members| {
            let obstacle = self.in_the_way(place, members, Reason::SupersededByBetter)?;
            Ok(obstacle.or_else(|| self.too_many(place, members).filter(|_| is_full)))
        })
    }

    /// Too many to try all: the plain walk, and one around each effect that has a conflict.
    fn best_around_conflicts(&self) -> Result<Selection> {
        let mut best = self.selector.walk(self.open, self.max_codes, None)?;
        let mut most = total(&best)?;
        for &place in self.open {
            let has_conflict = self.effects.get(place).is_some_and(|one| {
                self.open
                    .iter()
                    .filter_map(|other| self.effects.get(*other))
                    .any(|other| !other.is_same_discount(one) && other.conflicts_with(one))
            });
            if has_conflict {
                let selection = self.selector.walk(self.open, self.max_codes, Some(place))?;
                let sum = total(&selection)?;
                if sum > most {
                    (best, most) = (selection, sum);
                }
            }
        }
        Ok(best)
    }

    /// What keeps an effect from standing with these members: the first obstacle there is.
    pub(super) fn in_the_way(
        &self,
        place: usize,
        members: &[usize],
        of_conflict: Reason,
    ) -> Result<Option<Rejection>> {
        let Some(one) = self.effects.get(place) else {
            return Ok(None);
        };
        let standing = || {
            members
                .iter()
                .filter_map(|at| self.effects.get(*at).map(|member| (*at, member)))
        };
        let named = |reason, is_obstacle: &dyn Fn(usize, &Effect<'_>) -> bool| {
            let names: Vec<&str> = standing()
                .filter(|(at, member)| is_obstacle(*at, member))
                .map(|(_, member)| member.name())
                .collect();
            (!names.is_empty()).then(|| because_of(reason, &names))
        };
        let obstacle = named(Reason::AlreadyApplied, &|_, member| {
            member.is_same_discount(one)
        })
        .or_else(|| {
            named(of_conflict, &|at, member| {
                member.conflicts_with(one) || (place < at && one.stops_after())
            })
        })
        .or_else(|| {
            named(Reason::StoppedByPrevious, &|at, member| {
                at < place && member.stops_after()
            })
        })
        .or_else(|| {
            let (category, most) = self.selector.full_category(one, members)?;
            let mut rejection = too_many(most);
            rejection.details.category = Some(category.to_owned());
            Some(rejection)
        });
        if obstacle.is_some() || one.running_minimums.is_empty() {
            return Ok(obstacle);
        }
        let before = members.iter().filter(|at| **at < place);
        self.selector
            .after(before)?
            .unmet_minimum(&one.running_minimums, &one.eligible)
    }

    /// Only codes are counted, and each once.
    fn too_many(&self, place: usize, members: &[usize]) -> Option<Rejection> {
        let source = self
            .effects
            .get(place)
            .filter(|one| one.is_entered())?
            .source;
        let is_counted = members
            .iter()
            .filter_map(|at| self.effects.get(*at))
            .all(|member| member.source != source);
        is_counted.then(|| too_many(i64::try_from(self.max_codes).unwrap_or(i64::MAX)))
    }

    /// What is selected applies; every other is told what is in its way, or that it would take nothing.
    pub(super) fn chosen(
        &self,
        applied: Selection,
        is_exact: bool,
        in_the_way: &InTheWay<'_>,
    ) -> Result<Choice> {
        let members: Vec<usize> = applied.iter().map(|(place, _)| *place).collect();
        let mut refused = Vec::new();
        for &place in self.open {
            if !members.contains(&place) {
                let rejection = in_the_way(place, &members)?
                    .unwrap_or_else(|| Rejection::plain(Reason::NoEffect, Level::Coupon));
                refused.push((place, rejection));
            }
        }
        Ok(Choice {
            applied,
            refused,
            is_exact,
        })
    }
}

fn too_many(most: i64) -> Rejection {
    Rejection::with(Reason::TooManyCodes, Level::Coupon, |details| {
        details.max = Some(most);
    })
}
