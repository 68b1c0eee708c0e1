//! The ways in which hosts share a sum out over lines. Knows no host. Nothing is given beyond what is left, or beyond what
//! a line has room for.

use super::Party;
use crate::model::{Amount, Rounding, sort_by};

/// A way to share a sum out in proportion to the lines' bases, unless said otherwise.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Spread {
    /// Down; then one each to the largest fractions, of equal ones the first.
    Fractions,
    /// Down; then one each to the largest fractions, of equal ones the last.
    FractionsFromLast,
    /// Each rounded, halves to even; the last line takes the rest.
    LastTakes,
    /// Each down, from the cheapest unit to the dearest; the last that costs anything takes the rest.
    DearestTakes,
    /// Each rounded, halves down; what is missing or too much one each from the first line on; what is above a line's base
    /// once more over those with room.
    Nearest,
    /// From the last line to the first, each its part of what is left, down; the first takes the rest.
    Backwards,
    /// What all lines so far have a right to, less what they have: up from 0.4999 on, for its host starts with a little
    /// more than nothing lest binary halves fall either way.
    Carry,
    /// Down; then the rest to the first line with room, and on.
    FirstWithRoom,
    /// The same to each unit, down, as long as that is anything; then one per unit, dearest unit first.
    Units,
}

/// What has been given so far, and what is left to give.
pub(super) struct Sharing<'a> {
    pub(super) parties: &'a [Party<'a>],
    pub(super) shares: Vec<Amount>,
    pub(super) left: Amount,
}

impl Sharing<'_> {
    /// Shares out what is left. `cost` is what the parties cost together: more than nothing.
    pub(super) fn spread(&mut self, spread: Spread, cost: i64) -> Option<()> {
        match spread {
            Spread::Units => self.units(),
            Spread::Nearest => self.nearest(cost),
            _ => self.in_turn(spread, cost),
        }
    }

    /// To each its part, in turn; then what is still left.
    fn in_turn(&mut self, spread: Spread, cost: i64) -> Option<()> {
        let whole = self.left;
        let one = Amount::new(1)?;
        let mut places: Vec<usize> = (0..self.parties.len()).collect();
        let mut rounding = Rounding::Floor;
        let mut last = None;
        match spread {
            Spread::Backwards => places.reverse(),
            Spread::LastTakes => {
                rounding = Rounding::HalfEven;
                last = places.pop();
            }
            Spread::DearestTakes => {
                places = self.dearest_first(true);
                places.reverse();
                places.retain(|place| self.room(*place) != Amount::ZERO);
                last = places.pop();
            }
            _ => {}
        }
        let mut so_far = 0_i64;
        let mut fractions = Vec::new();
        for place in places {
            let base = self.parties.get(place)?.base.minor();
            let rest = cost.checked_sub(so_far)?;
            so_far = so_far.checked_add(base)?;
            let part = match spread {
                Spread::Backwards => self.left.scaled(base, rest.max(1), rounding)?,
                Spread::Carry => {
                    let due = whole.scaled(so_far, cost, rounding)?;
                    let up = i128::from(fraction(whole, so_far, cost)?).checked_mul(10_000)?
                        >= i128::from(cost).checked_mul(4_999)?;
                    let due = due.plus(Amount::new(i64::from(up))?)?;
                    due.minus(whole.minus(self.left)?)?
                }
                _ => {
                    fractions.push((fraction(whole, base, cost)?, 1));
                    whole.scaled(base, cost, rounding)?
                }
            };
            self.give(place, part);
        }
        if let Some(last) = last {
            self.give(last, self.left);
        }
        match spread {
            Spread::Fractions | Spread::FractionsFromLast => {
                for place in by_ratio(&fractions, spread == Spread::FractionsFromLast) {
                    self.give(place, one);
                }
            }
            Spread::FirstWithRoom => {
                for place in 0..self.parties.len() {
                    self.give(place, self.left);
                }
            }
            _ => {}
        }
        Some(())
    }

    fn units(&mut self) -> Option<()> {
        let dearest_first = self.dearest_first(false);
        let mut each = 1;
        while each > 0 {
            let mut units = 0_i64;
            for (place, party) in self.parties.iter().enumerate() {
                if self.room(place) != Amount::ZERO {
                    units = units.checked_add(party.quantity)?;
                }
            }
            each = self.left.minor().checked_div(units).unwrap_or(0);
            for place in &dearest_first {
                let quantity = self.parties.get(*place)?.quantity;
                self.give(*place, Amount::new(each.max(1))?.times(quantity)?);
            }
        }
        Some(())
    }

    fn nearest(&mut self, mut cost: i64) -> Option<()> {
        let mut open: Vec<usize> = (0..self.parties.len()).collect();
        let one = Amount::new(1)?;
        let mut amount = self.left;
        while !amount.is_zero() && cost > 0 {
            let mut parts = Vec::new();
            let mut given = Amount::ZERO;
            for place in &open {
                let base = self.parties.get(*place)?.base.minor();
                let part = amount.scaled(base, cost, Rounding::HalfDown)?;
                given = given.plus(part)?;
                parts.push(part);
            }
            if given.is_zero() {
                break;
            }
            cost = 0;
            let mut above = Amount::ZERO;
            let mut still_open = Vec::new();
            for (place, mut part) in open.into_iter().zip(parts) {
                if given < amount {
                    given = given.plus(one)?;
                    part = part.plus(one)?;
                } else if let (true, Some(less)) = (given > amount, part.minus(one)) {
                    given = given.minus(one)?;
                    part = less;
                }
                let room = self.room(place);
                self.give(place, part);
                if let Some(more) = part.minus(room) {
                    above = above.plus(more)?;
                } else {
                    still_open.push(place);
                    cost = cost.checked_add(self.parties.get(place)?.base.minor())?;
                }
            }
            (amount, open) = (above, still_open);
        }
        Some(())
    }

    fn dearest_first(&self, last_first: bool) -> Vec<usize> {
        let prices: Vec<(i64, i64)> = self
            .parties
            .iter()
            .map(|party| (party.base.minor(), party.quantity))
            .collect();
        by_ratio(&prices, last_first)
    }

    fn room(&self, place: usize) -> Amount {
        match (self.parties.get(place), self.shares.get(place)) {
            (Some(party), Some(share)) => party.base.minus(*share).unwrap_or_default(),
            _ => Amount::ZERO,
        }
    }

    /// Gives as much of `wanted` as there is and the line has room for.
    #[inline(never)]
    fn give(&mut self, place: usize, wanted: Amount) {
        let given = wanted.min(self.room(place)).min(self.left);
        if let Some(share) = self.shares.get_mut(place) {
            *share = share.plus(given).unwrap_or(*share);
            self.left = self.left.minus(given).unwrap_or_default();
        }
    }
}

/// What `whole × of ÷ cost` leaves.
fn fraction(whole: Amount, of: i64, cost: i64) -> Option<i64> {
    let product = i128::from(whole.minor()).checked_mul(of.into())?;
    i64::try_from(product.checked_rem(cost.into())?).ok()
}

/// Places by falling ratio of their pair; of equal ones the first, or the last.
fn by_ratio(pairs: &[(i64, i64)], last_first: bool) -> Vec<usize> {
    let cross = |one: usize, other: usize| match (pairs.get(one), pairs.get(other)) {
        (Some(one), Some(other)) => i128::from(one.0).saturating_mul(other.1.into()),
        _ => 0,
    };
    let mut places: Vec<usize> = (0..pairs.len()).collect();
    if last_first {
        places.reverse();
    }
    sort_by(&mut places, |one, two| {
        cross(*two, *one).cmp(&cross(*one, *two))
    });
    places
}
