//! Sharing a discount out over lines by the shop's strategy (semantics §4), and at which point it becomes whole minor
//! units (§3). Each strategy keeps 0 ≤ share ≤ base, and what is shared adds up exactly.

use super::allocate::{Weight, allocate, split_over_units};
use super::host::{self, Take};
use crate::model::{Amount, BasisPoints, Distribution, Rounding, RoundingPoint};

/// A line that bears a part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Party<'a> {
    /// The line's place in the cart.
    pub(super) place: usize,
    /// Breaks ties, bytewise.
    pub(super) id: &'a str,
    /// The units it takes part with.
    pub(super) quantity: i64,
    /// What may be taken of them.
    pub(super) base: Amount,
}

/// Shares in the parties' order.
pub(super) struct Shared {
    /// What the terms ask for before cap and clamp.
    pub(super) requested: Amount,
    /// The cap that held it back, if one did.
    pub(super) capped_at: Option<Amount>,
    pub(super) shares: Vec<Amount>,
}

/// How to share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strategy {
    pub(super) distribution: Distribution,
    pub(super) rounding: Rounding,
    pub(super) rounding_point: RoundingPoint,
}

impl Strategy {
    /// A percentage, at most `cap`.
    pub(super) fn percent(
        self,
        basis_points: BasisPoints,
        cap: Option<Amount>,
        parties: &[Party<'_>],
    ) -> Option<Shared> {
        let scaled =
            |base: Amount| base.scaled(basis_points.get(), BasisPoints::WHOLE, self.rounding);
        let own: Option<Vec<Amount>> = match (self.distribution, self.point()) {
            (Distribution::Host(host), _) => {
                Some(host::shares(host, Take::Percent(basis_points), parties)?)
            }
            (_, RoundingPoint::Line) => Some(
                parties
                    .iter()
                    .map(|party| scaled(party.base))
                    .collect::<Option<_>>()?,
            ),
            (_, RoundingPoint::Unit) => {
                let shares = parties.iter().map(|party| each_unit(party, &scaled));
                Some(shares.collect::<Option<_>>()?)
            }
            (_, RoundingPoint::Coupon) => None,
        };
        let requested = match &own {
            Some(shares) => Amount::sum(shares.iter().copied())?,
            None => scaled(base_of(parties)?)?,
        };
        let capped_at = cap.filter(|&cap| cap < requested);
        let shares = match (own, capped_at) {
            (None, _) => self.share_out(capped_at.unwrap_or(requested), parties)?,
            (Some(shares), None) => shares,
            (Some(shares), Some(cap)) => in_proportion(cap, parties, &shares)?,
        };
        Some(Shared {
            requested,
            capped_at,
            shares,
        })
    }

    /// A fixed amount: of the whole, of each line, or of each unit.
    pub(super) fn amount(self, amount: Amount, parties: &[Party<'_>]) -> Option<Shared> {
        let (requested, shares) = match self.distribution {
            Distribution::Host(host) => {
                let shares = host::shares(host, Take::Amount(amount), parties)?;
                (amount, shares)
            }
            Distribution::EachLine => {
                let shares = parties.iter().map(|party| party.base.min(amount)).collect();
                (amount.times(i64::try_from(parties.len()).ok()?)?, shares)
            }
            Distribution::EachUnit => {
                let units = parties
                    .iter()
                    .try_fold(0_i64, |sum, party| sum.checked_add(party.quantity))?;
                let at_most = |base: Amount| Some(base.min(amount));
                let shares = parties.iter().map(|party| each_unit(party, &at_most));
                (amount.times(units)?, shares.collect::<Option<_>>()?)
            }
            _ => (
                amount,
                self.share_out(amount.min(base_of(parties)?), parties)?,
            ),
        };
        Some(Shared {
            requested,
            capped_at: None,
            shares,
        })
    }

    /// The finer of the shop's rounding point and the one the distribution implies.
    fn point(self) -> RoundingPoint {
        let implied = match self.distribution {
            Distribution::EachLine => RoundingPoint::Line,
            Distribution::EachUnit => RoundingPoint::Unit,
            _ => RoundingPoint::Coupon,
        };
        self.rounding_point.max(implied)
    }

    /// Shares out a total of at most the parties' bases together.
    fn share_out(self, total: Amount, parties: &[Party<'_>]) -> Option<Vec<Amount>> {
        match self.distribution {
            Distribution::ByQuantity => in_rounds(total, parties, |party| party.quantity),
            Distribution::Even => in_rounds(total, parties, |_| 1),
            Distribution::GreedyInOrder => in_turn(total, parties),
            _ => {
                let weights: Vec<Weight<'_>> = parties
                    .iter()
                    .map(|party| Weight {
                        id: party.id,
                        amount: party.base,
                    })
                    .collect();
                allocate(total, &weights)
            }
        }
    }
}

/// What a price is above a new one; a unit that costs less already is left alone.
pub(super) fn above_price(price: Amount, parties: &[Party<'_>]) -> Option<Shared> {
    let shares: Vec<Amount> = parties
        .iter()
        .map(|party| {
            let kept = price.times(party.quantity).unwrap_or(party.base);
            party.base.minus(kept.min(party.base))
        })
        .collect::<Option<_>>()?;
    Some(Shared {
        requested: Amount::sum(shares.iter().copied())?,
        capped_at: None,
        shares,
    })
}

/// So many units of what a line of so many is worth: the first units have the extra minor unit.
pub(super) fn of_units(whole: Amount, units: i64, quantity: i64) -> Option<Amount> {
    if units == quantity {
        return Some(whole);
    }
    let each = whole.minor().checked_div(quantity)?;
    let extra = whole.minor().checked_rem(quantity)?.min(units);
    Amount::new(each.checked_mul(units)?.checked_add(extra)?)
}

/// A smaller total, in proportion to shares that were given already.
pub(super) fn in_proportion(
    total: Amount,
    parties: &[Party<'_>],
    given: &[Amount],
) -> Option<Vec<Amount>> {
    let weights: Vec<Weight<'_>> = parties
        .iter()
        .zip(given)
        .map(|(party, given)| Weight {
            id: party.id,
            amount: *given,
        })
        .collect();
    allocate(total, &weights)
}

fn base_of(parties: &[Party<'_>]) -> Option<Amount> {
    Amount::sum(parties.iter().map(|party| party.base))
}

fn each_unit(party: &Party<'_>, of_one: &dyn Fn(Amount) -> Option<Amount>) -> Option<Amount> {
    split_over_units(party.base, party.quantity)
        .into_iter()
        .try_fold(Amount::ZERO, |sum, run| {
            sum.plus(of_one(run.amount)?.times(run.quantity)?)
        })
}

/// By weights, but no party gives more than it has: what it could not bear goes round again.
fn in_rounds(
    total: Amount,
    parties: &[Party<'_>],
    weight: fn(&Party<'_>) -> i64,
) -> Option<Vec<Amount>> {
    let mut shares = vec![Amount::ZERO; parties.len()];
    let mut rest = total;
    while !rest.is_zero() {
        let mut open = Vec::new();
        let mut weights = Vec::new();
        for (place, (party, share)) in parties.iter().zip(&shares).enumerate() {
            let room = party.base.minus(*share)?;
            if !room.is_zero() {
                open.push((place, room));
                weights.push(Weight {
                    id: party.id,
                    amount: Amount::new(weight(party))?,
                });
            }
        }
        for ((place, room), given) in open.into_iter().zip(allocate(rest, &weights)?) {
            let given = given.min(room);
            let share = shares.get_mut(place)?;
            *share = share.plus(given)?;
            rest = rest.minus(given)?;
        }
    }
    Some(shares)
}

/// The first party gives all it has, then the next.
fn in_turn(total: Amount, parties: &[Party<'_>]) -> Option<Vec<Amount>> {
    let mut rest = total;
    parties
        .iter()
        .map(|party| {
            let share = party.base.min(rest);
            rest = rest.minus(share)?;
            Some(share)
        })
        .collect()
}
