//! How coupons go together (semantics §7): which mode decides, and the two modes in which only one wins. The walk that
//! combines several is in `walk`.

use super::amount::{Applied, Remaining};
use super::order::Applicable;
use super::walk::walk;
use crate::eligibility::{Details, Level, Reason, Rejection};
use crate::error::Result;
use crate::model::{Cart, Policy, StackingMode};

/// What became of the coupons.
#[derive(Debug)]
pub struct Stacked<'a> {
    /// In the order taken off, each with what it took: always more than nothing.
    pub applied: Vec<(Applicable<'a>, Applied)>,
    /// By place in the request's codes.
    pub refused: Vec<(usize, Rejection)>,
}

/// Decides which of the coupons, in order, apply together and what each takes off.
pub fn stack<'a>(
    in_order: Vec<Applicable<'a>>,
    cart: &Cart,
    policy: &Policy,
) -> Result<Stacked<'a>> {
    match policy.stacking.mode {
        StackingMode::Additive | StackingMode::Sequential => walk(in_order, cart, policy),
        StackingMode::Best => one_winner(
            in_order,
            cart,
            policy,
            (
                best,
                |_, _, applied| !applied.amount.is_zero(),
                Reason::SupersededByBetter,
            ),
        ),
        StackingMode::First => one_winner(
            in_order,
            cart,
            policy,
            (
                first,
                |won, place, _| won < Some(place),
                Reason::StoppedByPrevious,
            ),
        ),
        StackingMode::None => Ok(Stacked {
            applied: Vec::new(),
            refused: in_order
                .iter()
                .map(|one| {
                    (
                        one.index,
                        Rejection::plain(Reason::CodesNotAllowed, Level::Coupon),
                    )
                })
                .collect(),
        }),
    }
}

/// A refusal because of others.
pub(super) fn because_of(reason: Reason, others: Vec<String>) -> Rejection {
    Rejection {
        code: reason,
        level: Level::Coupon,
        details: Details {
            with: Some(others),
            ..Details::default()
        },
    }
}

type Winner = fn(&[(Applicable<'_>, Applied)]) -> Option<usize>;
/// Whether a coupon was beaten by the winner, rather than having no effect of its own.
type Loses = fn(Option<usize>, usize, &Applied) -> bool;

fn one_winner<'a>(
    in_order: Vec<Applicable<'a>>,
    cart: &Cart,
    policy: &Policy,
    (winner, loses, refusal): (Winner, Loses, Reason),
) -> Result<Stacked<'a>> {
    let alone = in_order
        .into_iter()
        .map(|applicable| {
            let mut remaining = Remaining::new(cart, policy.stacking.mode, policy.rounding);
            let applied = remaining.take(&applicable)?;
            Ok((applicable, applied))
        })
        .collect::<Result<Vec<_>>>()?;
    let won = winner(&alone);
    let winner = won
        .and_then(|place| alone.get(place))
        .map(|(applicable, _)| (applicable.coupon_id().clone(), applicable.label.clone()));

    let mut stacked = Stacked {
        applied: Vec::new(),
        refused: Vec::new(),
    };
    for (place, (applicable, applied)) in alone.into_iter().enumerate() {
        if won == Some(place) {
            stacked.applied.push((applicable, applied));
            continue;
        }
        let rejection = match &winner {
            Some((coupon, label)) if coupon == applicable.coupon_id() => {
                because_of(Reason::AlreadyApplied, vec![label.clone()])
            }
            Some((_, label)) if loses(won, place, &applied) => {
                because_of(refusal, vec![label.clone()])
            }
            _ => Rejection::plain(Reason::NoEffect, Level::Coupon),
        };
        stacked.refused.push((applicable.index, rejection));
    }
    Ok(stacked)
}

/// The one that takes most; the earlier in order if two take the same.
fn best(alone: &[(Applicable<'_>, Applied)]) -> Option<usize> {
    let mut best = None;
    for (place, (_, applied)) in alone.iter().enumerate() {
        let beats = best.is_none_or(|(_, most)| applied.amount > most);
        if beats && !applied.amount.is_zero() {
            best = Some((place, applied.amount));
        }
    }
    best.map(|(place, _)| place)
}

/// The first that takes anything.
fn first(alone: &[(Applicable<'_>, Applied)]) -> Option<usize> {
    alone
        .iter()
        .position(|(_, applied)| !applied.amount.is_zero())
}
