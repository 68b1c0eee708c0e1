//! Combining several coupons, one after the other in order: each joins those accepted before it, or is refused with the
//! reason. Consent is mutual and every tie is settled by the order, so that the outcome is a function of the set (M7).

use super::amount::{Applied, Remaining};
use super::order::Applicable;
use super::stack::{Stacked, because_of};
use crate::eligibility::{Details, Level, Reason, Rejection};
use crate::error::{Error, Result};
use crate::model::{Amount, Cart, OnConflict, Path, Policy};

/// Walks the coupons in order.
pub(super) fn walk<'a>(
    in_order: Vec<Applicable<'a>>,
    cart: &Cart,
    policy: &Policy,
) -> Result<Stacked<'a>> {
    let walk = Walk {
        in_order: &in_order,
        cart,
        policy,
    };
    match policy.stacking.on_conflict {
        OnConflict::RejectNew => {
            let selection = walk.select(None)?;
            Ok(walk.stacked(selection, Reason::NotCombinable))
        }
        OnConflict::KeepBest => {
            let selection = walk.best_selection()?;
            Ok(walk.stacked(selection, Reason::SupersededByBetter))
        }
    }
}

struct Walk<'a, 'w> {
    in_order: &'w [Applicable<'a>],
    cart: &'w Cart,
    policy: &'w Policy,
}

/// Places in the order, with what the coupon there takes off.
type Selection = Vec<(usize, Applied)>;

impl<'a> Walk<'a, '_> {
    /// Those that go together, in order: each that agrees with all accepted before it, and with the seed, which has its
    /// place for certain.
    fn select(&self, seed: Option<usize>) -> Result<Selection> {
        let seed = seed.and_then(|place| Some((place, self.in_order.get(place)?)));
        let mut remaining =
            Remaining::new(self.cart, self.policy.stacking.mode, self.policy.rounding);
        let mut selection = Selection::new();
        for (place, one) in self.in_order.iter().enumerate() {
            let is_seed = seed.is_some_and(|(seeded, _)| seeded == place);
            let seed_to_come = seed
                .filter(|(seeded, _)| *seeded > place)
                .map(|(_, one)| one);
            let accepted = self.accepted(&selection).chain(seed_to_come);
            let in_the_way = self.reason_against(one, accepted, Reason::NotCombinable);
            if in_the_way.is_some() && !is_seed {
                continue;
            }
            let mut after = remaining.clone();
            let applied = after.take(one)?;
            if !applied.amount.is_zero() {
                remaining = after;
                selection.push((place, applied));
            } else if is_seed {
                return Ok(Selection::new());
            }
        }
        Ok(selection)
    }

    /// The selection that takes most, the plain one and each that is built around a coupon with a conflict.
    fn best_selection(&self) -> Result<Selection> {
        let mut best = self.select(None)?;
        let mut most = total(&best)?;
        for (place, one) in self.in_order.iter().enumerate() {
            let has_conflict = self
                .in_order
                .iter()
                .any(|other| other.coupon_id() != one.coupon_id() && other.conflicts_with(one));
            if has_conflict {
                let selection = self.select(Some(place))?;
                let sum = total(&selection)?;
                if sum > most {
                    (best, most) = (selection, sum);
                }
            }
        }
        Ok(best)
    }

    fn accepted<'s>(
        &'s self,
        selection: &'s Selection,
    ) -> impl Iterator<Item = &'s Applicable<'a>> + 's {
        selection
            .iter()
            .filter_map(|(place, _)| self.in_order.get(*place))
    }

    /// Why a coupon cannot join the accepted ones; `None` if nothing is in its way.
    fn reason_against<'s>(
        &self,
        one: &Applicable<'a>,
        accepted: impl Iterator<Item = &'s Applicable<'a>>,
        of_conflict: Reason,
    ) -> Option<Rejection>
    where
        'a: 's,
    {
        let accepted: Vec<&Applicable<'a>> = accepted.collect();
        if let Some(standing) = accepted
            .iter()
            .find(|other| other.coupon_id() == one.coupon_id())
        {
            return Some(because_of(
                Reason::AlreadyApplied,
                vec![standing.label.clone()],
            ));
        }
        let in_the_way: Vec<String> = accepted
            .iter()
            .filter(|other| other.conflicts_with(one))
            .map(|other| other.label.clone())
            .collect();
        if !in_the_way.is_empty() {
            return Some(because_of(of_conflict, in_the_way));
        }
        let max = self.policy.stacking.max_codes;
        let is_full = usize::try_from(max).is_ok_and(|max| accepted.len() >= max);
        is_full.then(|| Rejection {
            code: Reason::TooManyCodes,
            level: Level::Coupon,
            details: Details {
                max: Some(max),
                ..Details::default()
            },
        })
    }

    /// The outcome: what is selected applies, every other is told what is in its way.
    fn stacked(&self, selection: Selection, of_conflict: Reason) -> Stacked<'a> {
        let refused = self
            .in_order
            .iter()
            .enumerate()
            .filter(|(place, _)| !selection.iter().any(|(selected, _)| selected == place))
            .map(|(place, one)| {
                // What was walked in order was judged by those before it; a best selection is judged as a whole.
                let before = selection.iter().filter(|(selected, _)| {
                    of_conflict == Reason::SupersededByBetter || *selected < place
                });
                let accepted = before.filter_map(|(place, _)| self.in_order.get(*place));
                let rejection = self
                    .reason_against(one, accepted, of_conflict)
                    .unwrap_or_else(|| Rejection::plain(Reason::NoEffect, Level::Coupon));
                (one.index, rejection)
            })
            .collect();
        let applied = selection
            .into_iter()
            .filter_map(|(place, applied)| Some((self.in_order.get(place)?.clone(), applied)))
            .collect();
        Stacked { applied, refused }
    }
}

fn total(selection: &Selection) -> Result<Amount> {
    Amount::sum(selection.iter().map(|(_, applied)| applied.amount))
        .ok_or_else(|| Error::arithmetic(Path::root("cart.lines")))
}
