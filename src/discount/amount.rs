//! What one coupon takes off, given what those before it left (semantics §2, §3, §5, §6).

use super::allocate::{Weight, allocate};
use super::order::Applicable;
use crate::error::{Error, Result};
use crate::model::{Amount, BasisPoints, Cart, Discount, Path, Rounding, StackingMode};

/// What one coupon took off.
#[derive(Clone, Debug)]
pub struct Applied {
    /// What the terms were taken of.
    pub base: Amount,
    /// What the terms ask for before cap and clamp.
    pub requested: Amount,
    /// The cap that held it back, if one did.
    pub capped_at: Option<Amount>,
    /// What it took off.
    pub amount: Amount,
    /// By place in the cart.
    pub shares: Vec<Amount>,
}

/// A cart's lines while coupons are taken off one by one.
#[derive(Clone, Debug)]
pub(super) struct Remaining<'a> {
    cart: &'a Cart,
    takes_running_base: bool,
    rounding: Rounding,
    left: Vec<Amount>,
}

impl<'a> Remaining<'a> {
    pub(super) fn new(cart: &'a Cart, mode: StackingMode, rounding: Rounding) -> Self {
        Self {
            cart,
            takes_running_base: mode == StackingMode::Sequential,
            rounding,
            left: cart.lines.iter().map(|line| line.subtotal).collect(),
        }
    }

    /// Takes a coupon off. What is left never goes below 0 on any line (M2).
    pub(super) fn take(&mut self, applicable: &Applicable<'_>) -> Result<Applied> {
        self.applied(applicable)
            .and_then(|applied| {
                for (left, share) in self.left.iter_mut().zip(&applied.shares) {
                    *left = left.minus(*share)?;
                }
                Some(applied)
            })
            .ok_or_else(|| Error::arithmetic(Path::root("cart.lines")))
    }

    fn applied(&self, applicable: &Applicable<'_>) -> Option<Applied> {
        let lines: Vec<(usize, Weight<'_>)> = applicable
            .eligible
            .iter()
            .map(|&place| {
                let line = self.cart.lines.get(place)?;
                let amount = match self.takes_running_base {
                    true => *self.left.get(place)?,
                    false => line.subtotal,
                };
                Some((
                    place,
                    Weight {
                        id: &line.id,
                        amount,
                    },
                ))
            })
            .collect::<Option<_>>()?;
        let weights: Vec<Weight<'_>> = lines.iter().map(|(_, weight)| *weight).collect();
        let base = Amount::sum(weights.iter().map(|weight| weight.amount))?;
        let (requested, cap) = self.terms(applicable.discount, base)?;
        let clamped = requested.min(base);
        let capped_at = cap.filter(|&cap| cap < clamped);
        let total = capped_at.unwrap_or(clamped);

        let mut shares = vec![Amount::ZERO; self.cart.lines.len()];
        for ((place, _), share) in lines.iter().zip(allocate(total, &weights)?) {
            // In additive mode the base is the full price: what earlier coupons took is cut off here, line by line.
            *shares.get_mut(*place)? = share.min(*self.left.get(*place)?);
        }
        let amount = Amount::sum(shares.iter().copied())?;
        Some(Applied {
            base,
            requested,
            capped_at,
            amount,
            shares,
        })
    }

    fn terms(&self, discount: &Discount, base: Amount) -> Option<(Amount, Option<Amount>)> {
        let currency = self.cart.currency;
        match discount {
            Discount::Percent { basis_points, cap } => {
                let requested =
                    base.scaled(basis_points.get(), BasisPoints::WHOLE, self.rounding)?;
                let cap = match cap {
                    Some(cap) => Some(cap.get(currency)?),
                    None => None,
                };
                Some((requested, cap))
            }
            Discount::Amount { amounts } => Some((amounts.get(currency)?, None)),
        }
    }
}
