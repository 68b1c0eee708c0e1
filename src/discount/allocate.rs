//! Sharing an amount out (semantics §4): largest remainder, ties by line id, so that the shares add up exactly and the
//! order of lines never changes one. Invariants M1 and M2 live here.

use serde::Serialize;

use crate::model::{Amount, sort_by};

/// A party to an allocation.
#[derive(Clone, Copy, Debug)]
pub struct Weight<'a> {
    /// Breaks ties, bytewise.
    pub id: &'a str,
    /// Its part of the whole.
    pub amount: Amount,
}

/// Shares of `total` in proportion to the weights, in their order. Σ shares = total, and if `total` is not more than the
/// weights together, no share is more than its weight; a weight of 0 gets 0. `None` only if the weights add up to 0
/// while there is something to share, or out of range.
pub fn allocate(total: Amount, weights: &[Weight<'_>]) -> Option<Vec<Amount>> {
    let whole = i128::from(Amount::sum(weights.iter().map(|weight| weight.amount))?.minor());
    if total.is_zero() {
        return Some(vec![Amount::ZERO; weights.len()]);
    }
    if whole == 0 {
        return None;
    }
    let exact: Vec<(Amount, i128)> = weights
        .iter()
        .map(|weight| {
            let product = i128::from(total.minor()).checked_mul(weight.amount.minor().into())?;
            let share = i64::try_from(product.checked_div(whole)?).ok()?;
            Some((Amount::new(share)?, product.checked_rem(whole)?))
        })
        .collect::<Option<_>>()?;
    let given = Amount::sum(exact.iter().map(|(share, _)| *share))?;
    let missing = usize::try_from(total.minus(given)?.minor()).ok()?;

    let mut by_remainder: Vec<(i128, &str, usize)> = exact
        .iter()
        .zip(weights)
        .enumerate()
        .map(|(place, ((_, remainder), weight))| (*remainder, weight.id, place))
        .collect();
    sort_by(&mut by_remainder, |one, two| {
        two.0.cmp(&one.0).then_with(|| one.1.cmp(two.1))
    });
    let mut shares: Vec<Amount> = exact.iter().map(|(share, _)| *share).collect();
    let one = Amount::new(1)?;
    for (_, _, place) in by_remainder.into_iter().take(missing) {
        let share = shares.get_mut(place)?;
        *share = share.plus(one)?;
    }
    Some(shares)
}

/// So many units with the same share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct UnitRun {
    /// How many.
    pub quantity: i64,
    /// The share of each.
    pub amount: Amount,
}

/// A line's share, unit by unit: the first units get the extra minor unit.
pub fn split_over_units(share: Amount, quantity: i64) -> Vec<UnitRun> {
    let each = share
        .minor()
        .checked_div(quantity)
        .and_then(Amount::new)
        .unwrap_or_default();
    let extra = share.minor().checked_rem(quantity).unwrap_or(0);
    let one = Amount::new(1).unwrap_or_default();
    let rest = quantity.saturating_sub(extra);
    [(extra, each.plus(one).unwrap_or(each)), (rest, each)]
        .into_iter()
        .filter(|(quantity, _)| *quantity > 0)
        .map(|(quantity, amount)| UnitRun { quantity, amount })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(total: i64, weights: &[i64]) -> Vec<i64> {
        let ids: Vec<String> = (0..weights.len())
            .map(|place| format!("line-{place}"))
            .collect();
        let weights: Vec<Weight<'_>> = weights
            .iter()
            .zip(&ids)
            .map(|(&weight, id)| Weight {
                id,
                amount: Amount::new(weight).unwrap(),
            })
            .collect();
        allocate(Amount::new(total).unwrap(), &weights)
            .unwrap()
            .into_iter()
            .map(Amount::minor)
            .collect()
    }

    #[test]
    fn semantics_4_published_cases() {
        assert_eq!(shares(100, &[100, 200]), [33, 67]);
        assert_eq!(shares(1500, &[1000, 1000]), [750, 750]);
        assert_eq!(shares(750, &[300, 1200]), [150, 600]);
        assert_eq!(shares(600, &[500, 200, 100]), [375, 150, 75]);
        assert_eq!(shares(1, &[1, 1, 1]), [1, 0, 0]);
        assert_eq!(shares(2, &[0, 5, 0, 5]), [0, 1, 0, 1]);
        assert_eq!(shares(0, &[0, 0]), [0, 0]);
    }

    #[test]
    fn units_share_a_line_s_part() {
        let runs = split_over_units(Amount::new(5899).unwrap(), 2);
        let flat: Vec<(i64, i64)> = runs
            .iter()
            .map(|run| (run.quantity, run.amount.minor()))
            .collect();
        assert_eq!(flat, [(1, 2950), (1, 2949)]);
        let even = split_over_units(Amount::new(6).unwrap(), 3);
        assert_eq!(
            even,
            [UnitRun {
                quantity: 3,
                amount: Amount::new(2).unwrap()
            }]
        );
    }

    #[test]
    fn a_total_that_nobody_can_bear_has_no_shares() {
        let weights = [Weight {
            id: "a",
            amount: Amount::ZERO,
        }];
        assert_eq!(allocate(Amount::new(1).unwrap(), &weights), None);
        assert_eq!(allocate(Amount::new(1).unwrap(), &[]), None);
    }
}
