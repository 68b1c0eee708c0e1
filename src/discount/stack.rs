//! How coupons go together (semantics §7): which mode decides, and the two modes in which only one wins. Combining
//! several is in `combine`.

use super::amount::{Applied, Remaining};
use super::combine::combine;
use super::order::Applicable;
use super::stacked::{Stacked, because_of};
use crate::eligibility::{Level, Reason, Rejection};
use crate::error::Result;
use crate::model::{Amount, Cart, Policy, StackingMode};

/// Decides which of the coupons, in order, apply together and what each takes off.
pub fn stack<'a>(
    in_order: Vec<Applicable<'a>>,
    cart: &Cart,
    policy: &Policy,
) -> Result<Stacked<'a>> {
    match policy.stacking.mode {
        StackingMode::Additive | StackingMode::Sequential => combine(in_order, cart, policy),
        StackingMode::Best => {
            let alone = each_alone(in_order, cart, policy)?;
            let winner = most(&alone);
            Ok(one_winner(alone, winner, |_, applied| {
                (!applied.amount.is_zero()).then_some(Reason::SupersededByBetter)
            }))
        }
        StackingMode::First => {
            let alone = each_alone(in_order, cart, policy)?;
            let winner = alone
                .iter()
                .position(|(_, applied)| !applied.amount.is_zero());
            Ok(one_winner(alone, winner, |place, _| {
                (winner < Some(place)).then_some(Reason::StoppedByPrevious)
            }))
        }
        StackingMode::None => Ok(Stacked {
            applied: Vec::new(),
            refused: in_order
                .iter()
                .map(|one| {
                    let closed = Rejection::plain(Reason::CodesNotAllowed, Level::Coupon);
                    (one.index, closed)
                })
                .collect(),
            is_exact: true,
        }),
    }
}

fn each_alone<'a>(
    in_order: Vec<Applicable<'a>>,
    cart: &Cart,
    policy: &Policy,
) -> Result<Vec<(Applicable<'a>, Applied)>> {
    let untouched = Remaining::new(cart, policy.stacking.mode, policy.rounding);
    in_order
        .into_iter()
        .map(|applicable| {
            let applied = untouched.clone().take(&applicable)?;
            Ok((applicable, applied))
        })
        .collect()
}

/// The one that takes most; the earlier in order if two take the same; none if none takes anything.
fn most(alone: &[(Applicable<'_>, Applied)]) -> Option<usize> {
    let mut most = (None, Amount::ZERO);
    for (place, (_, applied)) in alone.iter().enumerate() {
        if applied.amount > most.1 {
            most = (Some(place), applied.amount);
        }
    }
    most.0
}

fn one_winner<'a>(
    alone: Vec<(Applicable<'a>, Applied)>,
    winner: Option<usize>,
    beaten: impl Fn(usize, &Applied) -> Option<Reason>,
) -> Stacked<'a> {
    let named = winner
        .and_then(|place| alone.get(place))
        .map(|(one, _)| (one.coupon_id().clone(), one.name.to_owned()));
    let mut stacked = Stacked {
        applied: Vec::new(),
        refused: Vec::new(),
        is_exact: true,
    };
    for (place, (one, applied)) in alone.into_iter().enumerate() {
        if winner == Some(place) {
            stacked.applied.push((one, applied));
            continue;
        }
        let because_of_winner = named.as_ref().and_then(|(coupon, name)| {
            let reason = match coupon == one.coupon_id() {
                true => Reason::AlreadyApplied,
                false => beaten(place, &applied)?,
            };
            Some(because_of(reason, vec![name.clone()]))
        });
        let rejection =
            because_of_winner.unwrap_or_else(|| Rejection::plain(Reason::NoEffect, Level::Coupon));
        stacked.refused.push((one.index, rejection));
    }
    stacked
}
