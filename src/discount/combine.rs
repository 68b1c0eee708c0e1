//! Combining several coupons (semantics §7): which of them apply together, and what is in the way of the others.
//! Consent is mutual and every tie is settled by the order, so that the outcome is a function of the set (M7); where
//! the number of codes or a conflict forces a choice, the customer gets the selection that takes most (M8).

use super::amount::Applied;
use super::order::Applicable;
use super::selection::{MOST_SEARCHED, Selection, Selector, total};
use super::stacked::{Stacked, because_of};
use crate::eligibility::{Details, Level, Reason, Rejection};
use crate::error::Result;
use crate::model::{Cart, OnConflict, Policy};

/// Combines coupons that are in order.
pub(super) fn combine<'a>(
    in_order: Vec<Applicable<'a>>,
    cart: &Cart,
    policy: &Policy,
) -> Result<Stacked<'a>> {
    let max_codes = usize::try_from(policy.stacking.max_codes).unwrap_or(usize::MAX);
    let combination = Combination {
        selector: Selector::new(&in_order, cart, policy),
        in_order: &in_order,
        max_codes,
    };
    match policy.stacking.on_conflict {
        OnConflict::RejectNew => combination.earlier_stays(),
        OnConflict::KeepBest => combination.best_stays(),
    }
}

struct Combination<'a, 'w> {
    selector: Selector<'a, 'w>,
    in_order: &'w [Applicable<'a>],
    max_codes: usize,
}

impl<'a> Combination<'a, '_> {
    /// Of two that conflict the earlier stays. Of more than the shop allows, those stay that take most.
    fn earlier_stays(&self) -> Result<Stacked<'a>> {
        let agreeing = self.selector.walk(usize::MAX, None)?;
        if agreeing.len() <= self.max_codes {
            return Ok(self.stacked(agreeing, true, |place, selection| {
                let before = selection.iter().filter(|(member, _)| *member < place);
                self.in_the_way(place, before, Reason::NotCombinable)
            }));
        }
        let places: Vec<usize> = agreeing.iter().map(|(place, _)| *place).collect();
        let is_exact = places.len() <= MOST_SEARCHED;
        let selection = match is_exact {
            true => self.selector.best_of(&places, self.max_codes)?,
            false => agreeing.into_iter().take(self.max_codes).collect(),
        };
        Ok(self.stacked(selection, is_exact, |place, selection| {
            self.in_the_way(place, selection.iter(), Reason::NotCombinable)
                .or_else(|| Some(self.too_many()))
        }))
    }

    /// Whatever conflicts: the selection that takes most stays.
    fn best_stays(&self) -> Result<Stacked<'a>> {
        let places: Vec<usize> = (0..self.in_order.len()).collect();
        let is_exact = places.len() <= MOST_SEARCHED;
        let selection = match is_exact {
            true => self.selector.best_of(&places, self.max_codes)?,
            false => self.best_around_conflicts()?,
        };
        let is_full = selection.len() >= self.max_codes;
        Ok(self.stacked(selection, is_exact, |place, selection| {
            self.in_the_way(place, selection.iter(), Reason::SupersededByBetter)
                .or_else(|| is_full.then(|| self.too_many()))
        }))
    }

    /// Too many to try all: the plain walk, and one around each coupon that has a conflict.
    fn best_around_conflicts(&self) -> Result<Selection> {
        let mut best = self.selector.walk(self.max_codes, None)?;
        let mut most = total(&best)?;
        for (place, one) in self.in_order.iter().enumerate() {
            let has_conflict = self
                .in_order
                .iter()
                .any(|other| other.coupon_id() != one.coupon_id() && other.conflicts_with(one));
            if has_conflict {
                let selection = self.selector.walk(self.max_codes, Some(place))?;
                let sum = total(&selection)?;
                if sum > most {
                    (best, most) = (selection, sum);
                }
            }
        }
        Ok(best)
    }

    /// The same coupon, or members it conflicts with.
    fn in_the_way<'s>(
        &self,
        place: usize,
        members: impl Iterator<Item = &'s (usize, Applied)>,
        of_conflict: Reason,
    ) -> Option<Rejection> {
        let one = self.in_order.get(place)?;
        let members: Vec<&Applicable<'a>> = members
            .filter_map(|(member, _)| self.in_order.get(*member))
            .collect();
        let same = members
            .iter()
            .find(|member| member.coupon_id() == one.coupon_id());
        if let Some(same) = same {
            return Some(because_of(
                Reason::AlreadyApplied,
                vec![same.name.to_owned()],
            ));
        }
        let conflicting: Vec<String> = members
            .iter()
            .filter(|member| member.conflicts_with(one))
            .map(|member| member.name.to_owned())
            .collect();
        (!conflicting.is_empty()).then(|| because_of(of_conflict, conflicting))
    }

    fn too_many(&self) -> Rejection {
        Rejection {
            code: Reason::TooManyCodes,
            level: Level::Coupon,
            details: Details {
                max: i64::try_from(self.max_codes).ok(),
                ..Details::default()
            },
        }
    }

    /// What is selected applies; every other is told what is in its way, or that it would take nothing.
    fn stacked(
        &self,
        selection: Selection,
        is_exact: bool,
        in_the_way: impl Fn(usize, &Selection) -> Option<Rejection>,
    ) -> Stacked<'a> {
        let refused = self
            .in_order
            .iter()
            .enumerate()
            .filter(|(place, _)| !selection.iter().any(|(member, _)| member == place))
            .map(|(place, one)| {
                let rejection = in_the_way(place, &selection)
                    .unwrap_or_else(|| Rejection::plain(Reason::NoEffect, Level::Coupon));
                (one.index, rejection)
            })
            .collect();
        let applied = selection
            .into_iter()
            .filter_map(|(place, applied)| Some((self.in_order.get(place)?.clone(), applied)))
            .collect();
        Stacked {
            applied,
            refused,
            is_exact,
        }
    }
}
