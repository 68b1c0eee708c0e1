//! The caps of the shop, after stacking (semantics §6, §8): the most that all discounts together take off, and the least
//! that must remain to be paid. What is too much is taken back from the last applied backwards, so that priority holds.

use super::amount::{Applied, out_of_range};
use super::share::{Party, in_proportion};
use super::stacked::Stacked;
use crate::eligibility::{Level, Reason, Rejection};
use crate::error::Result;
use crate::model::{Amount, BasisPoints, Cart, LineKind, Policy, Rounding};

/// Holds what was stacked to the shop's caps.
pub fn hold_to_caps(stacked: &mut Stacked<'_>, cart: &Cart, policy: &Policy) -> Result<()> {
    let above = above_global_cap(stacked, cart, policy).ok_or_else(out_of_range)?;
    take_back(stacked, cart, above, false)?;
    let above = below_least_payable(stacked, cart, policy).ok_or_else(out_of_range)?;
    take_back(stacked, cart, above, true)?;
    let mut left = Vec::with_capacity(stacked.applied.len());
    for (place, applied) in std::mem::take(&mut stacked.applied) {
        match applied.amount.is_zero() {
            true => {
                let rejection = Rejection::plain(Reason::CapReached, Level::Coupon);
                stacked.refused.push((place, rejection));
            }
            false => left.push((place, applied)),
        }
    }
    stacked.applied = left;
    Ok(())
}

/// What the lines' discounts are above the most they may be.
fn above_global_cap(stacked: &Stacked<'_>, cart: &Cart, policy: &Policy) -> Option<Amount> {
    let Some(cap) = policy.global_cap_basis_points else {
        return Some(Amount::ZERO);
    };
    let discountable = cart
        .lines
        .iter()
        .filter(|line| line.discountable && line.kind != LineKind::GiftCard);
    let full_price = Amount::sum(discountable.map(|line| line.subtotal))?;
    let most = full_price.scaled(cap.get(), BasisPoints::WHOLE, Rounding::Floor)?;
    let of_lines = stacked.applied.iter().map(|(_, applied)| of_lines(applied));
    let together = Amount::sum(of_lines.collect::<Option<Vec<_>>>()?)?;
    Some(together.minus(most).unwrap_or_default())
}

/// What the discounts leave too little by.
fn below_least_payable(stacked: &Stacked<'_>, cart: &Cart, policy: &Policy) -> Option<Amount> {
    let own = policy.min_payable.as_ref();
    let own = own.and_then(|least| least.get(cart.currency));
    if own.is_none() && policy.allow_zero_total {
        return Some(Amount::ZERO);
    }
    let rest = payable(cart, stacked)?;
    if rest.is_zero() && policy.allow_zero_total {
        return Some(Amount::ZERO);
    }
    let least = own.unwrap_or_default();
    let least = match policy.allow_zero_total {
        true => least,
        false => least.max(Amount::new(1)?),
    };
    Some(least.minus(rest).unwrap_or_default())
}

/// What is to pay before store credit.
pub(super) fn payable(cart: &Cart, stacked: &Stacked<'_>) -> Option<Amount> {
    let taken = Amount::sum(stacked.applied.iter().map(|(_, applied)| applied.amount))?;
    let foreign = Amount::sum(cart.foreign.iter().map(|one| one.amount))?;
    cart.subtotal
        .minus(foreign)?
        .plus(cart.shipping)?
        .plus(cart.tax)?
        .minus(taken)
}

fn of_lines(applied: &Applied) -> Option<Amount> {
    applied.amount.minus(applied.shipping)
}

/// Takes an amount back from the last applied backwards; of each its lines first, then shipping if that is meant too.
fn take_back(
    stacked: &mut Stacked<'_>,
    cart: &Cart,
    mut excess: Amount,
    of_shipping: bool,
) -> Result<()> {
    for (_, applied) in stacked.applied.iter_mut().rev() {
        if excess.is_zero() {
            break;
        }
        excess = trim(applied, cart, excess, of_shipping).ok_or_else(out_of_range)?;
    }
    Ok(())
}

/// What of the excess is left.
fn trim(applied: &mut Applied, cart: &Cart, excess: Amount, of_shipping: bool) -> Option<Amount> {
    let lines = of_lines(applied)?;
    let from_lines = lines.min(excess);
    let mut left = excess.minus(from_lines)?;
    if !from_lines.is_zero() {
        let parties: Vec<Party<'_>> = cart
            .lines
            .iter()
            .enumerate()
            .map(|(place, line)| Party {
                place,
                id: &line.id,
                quantity: line.quantity,
                base: line.subtotal,
            })
            .collect();
        applied.shares = in_proportion(lines.minus(from_lines)?, &parties, &applied.shares)?;
    }
    let from_shipping = match of_shipping {
        true => applied.shipping.min(left),
        false => Amount::ZERO,
    };
    applied.shipping = applied.shipping.minus(from_shipping)?;
    left = left.minus(from_shipping)?;
    applied.amount = applied.amount.minus(from_lines)?.minus(from_shipping)?;
    applied.is_trimmed |= excess != left;
    Some(left)
}
