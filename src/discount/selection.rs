//! Sets of coupons that may stand together, and what each takes: by walking the order once, or by trying all. Knows no
//! reasons; those are told in `combine`.

use super::amount::{Applied, Remaining};
use super::order::Applicable;
use crate::error::{Error, Result};
use crate::model::{Amount, Cart, Path, Policy};

/// Up to this many coupons every selection is tried: 2^12 of them.
pub(super) const MOST_SEARCHED: usize = 12;

/// Places in the order, with what the coupon there takes off: more than nothing.
pub(super) type Selection = Vec<(usize, Applied)>;

/// What a selection takes off.
pub(super) fn total(selection: &Selection) -> Result<Amount> {
    Amount::sum(selection.iter().map(|(_, applied)| applied.amount)).ok_or_else(out_of_range)
}

/// Selects among coupons that are in order.
pub(super) struct Selector<'a, 'w> {
    in_order: &'w [Applicable<'a>],
    untouched: Remaining<'w>,
}

impl<'a, 'w> Selector<'a, 'w> {
    pub(super) fn new(in_order: &'w [Applicable<'a>], cart: &'w Cart, policy: &Policy) -> Self {
        Self {
            in_order,
            untouched: Remaining::new(cart, policy.stacking.mode, policy.rounding),
        }
    }

    /// Each, in order, that agrees with all before it and takes anything; a seed has its place for certain. Empty if
    /// the seed takes nothing.
    pub(super) fn walk(&self, max_codes: usize, seed: Option<usize>) -> Result<Selection> {
        let mut remaining = self.untouched.clone();
        let mut selection = Selection::new();
        for (place, one) in self.in_order.iter().enumerate() {
            let is_seed = seed == Some(place);
            let seed_to_come = seed.filter(|seed| *seed > place);
            let mut members = places_of(&selection);
            members.extend(seed_to_come);
            if !is_seed && !self.may_join(one, &members, max_codes) {
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

    /// The selection of these that takes most; of two that take the same, the one with the earlier coupon.
    pub(super) fn best_of(&self, places: &[usize], max_codes: usize) -> Result<Selection> {
        let mut search = Search {
            selector: self,
            max_codes,
            best: Selection::new(),
            most: Amount::ZERO,
        };
        search.extend(places, &mut Selection::new(), &self.untouched, Amount::ZERO)?;
        Ok(search.best)
    }

    fn may_join(&self, one: &Applicable<'a>, members: &[usize], max_codes: usize) -> bool {
        members.len() < max_codes
            && members
                .iter()
                .filter_map(|place| self.in_order.get(*place))
                .all(|member| member.coupon_id() != one.coupon_id() && !member.conflicts_with(one))
    }
}

/// Tries with each coupon first and without it second, so that of equal totals the earlier in order is found first.
struct Search<'a, 'w, 's> {
    selector: &'s Selector<'a, 'w>,
    max_codes: usize,
    best: Selection,
    most: Amount,
}

impl Search<'_, '_, '_> {
    fn extend(
        &mut self,
        places: &[usize],
        chosen: &mut Selection,
        remaining: &Remaining<'_>,
        sum: Amount,
    ) -> Result<()> {
        let Some((&place, rest)) = places.split_first() else {
            if sum > self.most {
                (self.best, self.most) = (chosen.clone(), sum);
            }
            return Ok(());
        };
        if let Some(one) = self.selector.in_order.get(place)
            && self
                .selector
                .may_join(one, &places_of(chosen), self.max_codes)
        {
            let mut after = remaining.clone();
            let applied = after.take(one)?;
            if !applied.amount.is_zero() {
                let sum = sum.plus(applied.amount).ok_or_else(out_of_range)?;
                chosen.push((place, applied));
                self.extend(rest, chosen, &after, sum)?;
                chosen.pop();
            }
        }
        self.extend(rest, chosen, remaining, sum)
    }
}

fn places_of(selection: &Selection) -> Vec<usize> {
    selection.iter().map(|(place, _)| *place).collect()
}

fn out_of_range() -> Error {
    Error::arithmetic(Path::root("cart.lines"))
}
