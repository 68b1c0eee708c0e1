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

/// The effects at some places, of which some are to apply.
pub(super) struct Combination<'c, 'a, 'w> {
    pub(super) selector: &'c Selector<'a, 'w>,
    pub(super) open: &'c [usize],
    pub(super) max_codes: usize,
}

impl<'a> Combination<'_, 'a, '_> {
    /// Several together, as far as they agree.
    pub(super) fn choose(&self, on_conflict: OnConflict) -> Result<Choice> {
        match on_conflict {
            OnConflict::RejectNew => self.earlier_stays(),
            OnConflict::KeepBest => self.best_stays(),
        }
    }

    /// Those at these places.
    pub(super) fn effects<'p>(
        &'p self,
        places: &'p [usize],
    ) -> impl Iterator<Item = (usize, &'p Effect<'a>)> {
        let found = |place: &usize| Some((*place, self.selector.effect(*place)?));
        places.iter().filter_map(found)
    }

    /// Of two that conflict the earlier stays. Of more codes than the shop allows, those stay that take most.
    fn earlier_stays(&self) -> Result<Choice> {
        // One that finds nothing left to take may take most where it need not share.
        let (taking, agreeing) = self.selector.walk_all(self.open)?;
        let places = taking.iter().map(|(place, _)| *place);
        if taking.len() <= self.max_codes || self.selector.entries(places) <= self.max_codes {
            return self.chosen(taking, true, &|place, members| {
                let before: Vec<usize> = members.iter().copied().filter(|at| *at < place).collect();
                self.in_the_way(place, &before, Reason::NotCombinable)
            });
        }
        let is_exact = agreeing.len() <= MOST_SEARCHED;
        let selection = match is_exact {
            true => self.selector.best_of(&agreeing, self.max_codes)?,
            false => {
                let walked = self.selector.walk(&agreeing, self.max_codes, None)?;
                self.better_if_grown(&agreeing, walked)?
            }
        };
        self.chosen(selection, is_exact, &|place, members| {
            let obstacle = self.in_the_way(place, members, Reason::NotCombinable)?;
            match obstacle.or_else(|| self.too_many(place, members)) {
                Some(obstacle) => Ok(Some(obstacle)),
                None => self.left_out(place, members),
            }
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
            match obstacle.or_else(|| self.too_many(place, members).filter(|_| is_full)) {
                Some(obstacle) => Ok(Some(obstacle)),
                None => self.left_out(place, members),
            }
        })
    }

    /// Too many to try all: the plain walk, one around each effect that has a conflict, and what grows code by code.
    fn best_around_conflicts(&self) -> Result<Selection> {
        let mut best = self.selector.walk(self.open, self.max_codes, None)?;
        if self.selector.is_too_large(self.open) {
            return Ok(best);
        }
        let mut most = total(&best)?;
        for &place in self.open {
            let has_conflict = self.selector.effect(place).is_some_and(|one| {
                self.effects(self.open)
                    .any(|(_, other)| !other.is_same_discount(one) && other.conflicts_with(one))
            });
            if has_conflict {
                let selection = self.selector.walk(self.open, self.max_codes, Some(place))?;
                let sum = total(&selection)?;
                if sum > most {
                    (best, most) = (selection, sum);
                }
            }
        }
        self.better_if_grown(self.open, best)
    }

    fn better_if_grown(&self, places: &[usize], best: Selection) -> Result<Selection> {
        if self.selector.is_too_large(places) {
            return Ok(best);
        }
        let grown = self.selector.grow(places, self.max_codes)?;
        match total(&grown)? > total(&best)? {
            true => Ok(grown),
            false => Ok(best),
        }
    }

    /// One that would take something where it stands is out because the others take more without it.
    fn left_out(&self, place: usize, members: &[usize]) -> Result<Option<Rejection>> {
        let Some(one) = self.selector.effect(place) else {
            return Ok(None);
        };
        let before = members.iter().filter(|at| **at < place);
        let takes = self.selector.after(before)?.take(one)?.amount;
        let names: Vec<&str> = self
            .effects(members)
            .map(|(_, member)| member.name())
            .collect();
        Ok((!takes.is_zero()).then(|| because_of(Reason::SupersededByBetter, &names)))
    }

    /// What keeps an effect from standing with these members: the first obstacle there is.
    pub(super) fn in_the_way(
        &self,
        place: usize,
        members: &[usize],
        of_conflict: Reason,
    ) -> Result<Option<Rejection>> {
        let Some(one) = self.selector.effect(place) else {
            return Ok(None);
        };
        let named = |reason, is_obstacle: &dyn Fn(usize, &Effect<'_>) -> bool| {
            let names: Vec<&str> = self
                .effects(members)
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
        let one = self.selector.effect(place);
        let source = one.filter(|one| one.is_entered())?.source;
        let is_counted = self
            .effects(members)
            .all(|(_, member)| member.source != source);
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
