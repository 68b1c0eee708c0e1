//! Sets of effects that may stand together, and what each takes: by walking the order once, or by trying all. Knows no
//! reasons; those are told in `combine`.

use super::amount::{Applied, Remaining, out_of_range};
use super::effect::{Effect, Source};
use crate::error::Result;
use crate::model::{Amount, Cart, Policy};

/// Up to this many effects every selection is tried: 2^12 of them.
pub(super) const MOST_SEARCHED: usize = 12;

/// Beyond so many effects × lines only one walk is made.
const MOST_VISITED: usize = 10_000;

/// Places in the order, with what the effect there takes off: more than nothing.
pub(super) type Selection = Vec<(usize, Applied)>;

/// What a selection takes off.
pub(super) fn total(selection: &Selection) -> Result<Amount> {
    Amount::sum(selection.iter().map(|(_, applied)| applied.amount)).ok_or_else(out_of_range)
}

/// Selects among effects that are in order.
pub(super) struct Selector<'a, 'w> {
    effects: &'w [Effect<'a>],
    policy: &'w Policy,
    untouched: Remaining<'w>,
}

impl<'a, 'w> Selector<'a, 'w> {
    pub(super) fn new(effects: &'w [Effect<'a>], cart: &'w Cart, policy: &'w Policy) -> Self {
        Self {
            effects,
            policy,
            untouched: Remaining::new(cart, policy),
        }
    }

    /// The effect at a place.
    pub(super) fn effect(&self, place: usize) -> Option<&'w Effect<'a>> {
        self.effects.get(place)
    }

    /// The cart after these have been taken off.
    pub(super) fn after<'s>(
        &self,
        places: impl Iterator<Item = &'s usize>,
    ) -> Result<Remaining<'w>> {
        let mut remaining = self.untouched.clone();
        for effect in places.filter_map(|place| self.effects.get(*place)) {
            remaining.take(effect)?;
        }
        Ok(remaining)
    }

    /// Each of these, in order, that agrees with all before it and takes anything; a seed has its place for certain.
    /// Empty if the seed takes nothing.
    pub(super) fn walk(
        &self,
        places: &[usize],
        max_codes: usize,
        seed: Option<usize>,
    ) -> Result<Selection> {
        self.walk_noting(places, max_codes, seed, &mut Vec::new())
    }

    /// The same without a ceiling; and which agreed with all before them, be it that nothing was left to take.
    pub(super) fn walk_all(&self, places: &[usize]) -> Result<(Selection, Vec<usize>)> {
        let mut agreeing = Vec::new();
        let selection = self.walk_noting(places, usize::MAX, None, &mut agreeing)?;
        Ok((selection, agreeing))
    }

    fn walk_noting(
        &self,
        places: &[usize],
        max_codes: usize,
        seed: Option<usize>,
        agreeing: &mut Vec<usize>,
    ) -> Result<Selection> {
        let mut remaining = self.untouched.clone();
        let mut selection = Selection::new();
        let mut members: Vec<usize> = Vec::new();
        for &place in places {
            let Some(effect) = self.effects.get(place) else {
                continue;
            };
            let is_seed = seed == Some(place);
            let seed_to_come = seed.filter(|seed| *seed > place);
            let may_join = is_seed
                || match seed_to_come {
                    None => self.may_join(place, &members, max_codes),
                    Some(seed) => {
                        let with_seed = [members.as_slice(), &[seed]].concat();
                        self.may_join(place, &with_seed, max_codes)
                    }
                };
            if !may_join || remaining.falls_short_of(effect)? {
                if is_seed {
                    return Ok(Selection::new());
                }
                continue;
            }
            agreeing.push(place);
            // What takes nothing leaves everything as it was.
            let applied = remaining.take(effect)?;
            if !applied.amount.is_zero() {
                selection.push((place, applied));
                members.push(place);
            } else if is_seed {
                return Ok(Selection::new());
            }
        }
        Ok(selection)
    }

    /// The selection of these that takes most; of two that take the same, the one with the earlier effect.
    pub(super) fn best_of(&self, places: &[usize], max_codes: usize) -> Result<Selection> {
        let mut search = Search {
            selector: self,
            max_codes,
            chosen: Selection::new(),
            members: Vec::new(),
            best: Selection::new(),
            most: Amount::ZERO,
        };
        search.extend(places, &self.untouched, Amount::ZERO)?;
        Ok(search.best)
    }

    /// How many codes have an effect among these.
    pub(super) fn entries(&self, members: impl Iterator<Item = usize>) -> usize {
        self.entered(members).len()
    }

    /// The codes that have an effect among these, in the order of their first.
    fn entered(&self, members: impl Iterator<Item = usize>) -> Vec<Source> {
        let mut seen: Vec<Source> = Vec::new();
        for effect in members.filter_map(|place| self.effects.get(place)) {
            if effect.is_entered() && !seen.contains(&effect.source) {
                seen.push(effect.source);
            }
        }
        seen
    }

    /// Whether there is too much even for a few dozen walks.
    pub(super) fn is_too_large(&self, places: &[usize]) -> bool {
        places.len().saturating_mul(self.untouched.left().len()) > MOST_VISITED
    }

    /// Where not every selection can be tried: the automatic discounts with, one after the other, the code that adds
    /// most.
    pub(super) fn grow(&self, places: &[usize], max_codes: usize) -> Result<Selection> {
        let codes = self.entered(places.iter().copied());
        let mut chosen: Vec<Source> = Vec::new();
        let mut grown = self.walk_with(places, max_codes, &chosen)?;
        let mut most = total(&grown)?;
        while chosen.len() < max_codes {
            let mut next = None;
            for code in codes.iter().filter(|code| !chosen.contains(code)) {
                let with_code = [chosen.as_slice(), &[*code]].concat();
                let selection = self.walk_with(places, max_codes, &with_code)?;
                let sum = total(&selection)?;
                if sum > most {
                    (next, most) = (Some((*code, selection)), sum);
                }
            }
            let Some((code, selection)) = next else {
                break;
            };
            chosen.push(code);
            grown = selection;
        }
        Ok(grown)
    }

    /// A walk over the automatic discounts and those of certain codes.
    fn walk_with(&self, places: &[usize], max_codes: usize, codes: &[Source]) -> Result<Selection> {
        let takes_part = |place: &&usize| {
            let effect = self.effects.get(**place);
            effect.is_some_and(|one| !one.is_entered() || codes.contains(&one.source))
        };
        let places: Vec<usize> = places.iter().filter(takes_part).copied().collect();
        self.walk(&places, max_codes, None)
    }

    fn may_join(&self, place: usize, members: &[usize], max_codes: usize) -> bool {
        let Some(one) = self.effects.get(place) else {
            return false;
        };
        let stops =
            |earlier: &Effect<'a>, from: usize, to: usize| from < to && earlier.stops_after();
        let is_in_the_way = |member: &Effect<'a>, at: usize| {
            member.is_same_discount(one)
                || member.conflicts_with(one)
                || stops(member, at, place)
                || stops(one, place, at)
        };
        members
            .iter()
            .filter_map(|at| self.effects.get(*at).map(|member| (*at, member)))
            .all(|(at, member)| !is_in_the_way(member, at))
            && self.full_category(one, members).is_none()
            && (members.len() < max_codes
                || self.entries(members.iter().copied().chain([place])) <= max_codes)
    }

    /// A category of this effect of which there are as many already as the shop allows, and how many that is.
    pub(super) fn full_category(
        &self,
        one: &Effect<'a>,
        members: &[usize],
    ) -> Option<(&'a str, i64)> {
        if self.policy.stacking.max_per_category.is_empty() {
            return None;
        }
        one.categories().find_map(|category| {
            let most = self.policy.stacking.most_of(category)?;
            let same = members
                .iter()
                .filter_map(|place| self.effects.get(*place))
                .filter(|member| member.categories().any(|other| other == category));
            let is_full = i64::try_from(same.count()).unwrap_or(i64::MAX) >= most;
            is_full.then_some((category, most))
        })
    }
}

/// Tries with each effect first and without it second, so that of equal totals the earlier in order is found first.
struct Search<'a, 'w, 's> {
    selector: &'s Selector<'a, 'w>,
    max_codes: usize,
    chosen: Selection,
    members: Vec<usize>,
    best: Selection,
    most: Amount,
}

impl Search<'_, '_, '_> {
    fn extend(&mut self, places: &[usize], remaining: &Remaining<'_>, sum: Amount) -> Result<()> {
        let Some((&place, rest)) = places.split_first() else {
            if sum > self.most {
                (self.best, self.most) = (self.chosen.clone(), sum);
            }
            return Ok(());
        };
        if let Some(effect) = self.selector.effects.get(place)
            && self.selector.may_join(place, &self.members, self.max_codes)
            && !remaining.falls_short_of(effect)?
        {
            let mut after = remaining.clone();
            let applied = after.take(effect)?;
            if !applied.amount.is_zero() {
                let sum = sum.plus(applied.amount).ok_or_else(out_of_range)?;
                self.chosen.push((place, applied));
                self.members.push(place);
                self.extend(rest, &after, sum)?;
                self.members.pop();
                self.chosen.pop();
            }
        }
        self.extend(rest, remaining, sum)
    }
}
