//! What one effect takes off, given what those before it left (semantics §2 – §6).

use super::effect::Effect;
use super::share::{Party, Strategy, above_price, of_units};
use crate::eligibility::{Level, Rejection, running_minimum_rejection};
use crate::error::{Error, Result};
use crate::model::{
    Amount, Amounts, Basis, BasisPoints, Cart, Currency, DiscountValue, Distribution,
    ForeignDiscounts, LineKind, Minimum, Path, Policy, Scope, StackingMode,
};

/// What one effect took off.
#[derive(Clone, Debug)]
pub struct Applied {
    /// What the terms were taken of.
    pub base: Amount,
    /// What the terms ask for before cap and clamp.
    pub requested: Amount,
    /// The cap that held it back, if one did.
    pub capped_at: Option<Amount>,
    /// What it took off, shipping included.
    pub amount: Amount,
    /// By place in the cart.
    pub shares: Vec<Amount>,
    /// Of shipping.
    pub shipping: Amount,
    /// How it was shared out; `None` where there was nothing to share.
    pub distribution: Option<Distribution>,
    /// Whether it was taken of what earlier ones left.
    pub is_running: bool,
    /// Whether a cap of the shop's took some of it back.
    pub is_trimmed: bool,
}

/// A cart while effects are taken off one by one.
#[derive(Clone, Debug)]
pub(super) struct Remaining<'a> {
    cart: &'a Cart,
    policy: &'a Policy,
    left: Vec<Amount>,
    shipping_left: Amount,
    /// By place: whether a line-level effect took something of it. Empty if it does not matter.
    has_line_level: Vec<bool>,
}

impl<'a> Remaining<'a> {
    pub(super) fn new(cart: &'a Cart, policy: &'a Policy) -> Self {
        let left = cart.lines.iter().enumerate();
        let has_line_level = match policy.stacking.one_per_line {
            true => vec![false; cart.lines.len()],
            false => Vec::new(),
        };
        Self {
            cart,
            policy,
            left: left
                .map(|(place, line)| {
                    let foreign = cart.foreign_on(place);
                    line.subtotal.minus(foreign).unwrap_or_default()
                })
                .collect(),
            shipping_left: cart.shipping,
            has_line_level,
        }
    }

    /// Takes an effect off. What is left never goes below 0 on any line (M2).
    pub(super) fn take(&mut self, effect: &Effect<'_>) -> Result<Applied> {
        self.applied(effect)
            .and_then(|applied| {
                self.subtract(&applied)?;
                if effect.is_line_level() {
                    let touched = self.has_line_level.iter_mut().zip(&applied.shares);
                    touched.for_each(|(touched, share)| *touched |= !share.is_zero());
                }
                Some(applied)
            })
            .ok_or_else(out_of_range)
    }

    /// What is left of each line, by place.
    pub(super) fn left(&self) -> &[Amount] {
        &self.left
    }

    /// What is left of shipping.
    pub(super) fn shipping_left(&self) -> Amount {
        self.shipping_left
    }

    /// Takes off what was taken before.
    pub(super) fn subtract(&mut self, applied: &Applied) -> Option<()> {
        for (left, share) in self.left.iter_mut().zip(&applied.shares) {
            *left = left.minus(*share)?;
        }
        self.shipping_left = self.shipping_left.minus(applied.shipping)?;
        Some(())
    }

    /// Whether a minimum of the effect's own is not reached by what is left.
    pub(super) fn falls_short_of(&self, effect: &Effect<'_>) -> Result<bool> {
        if effect.running_minimums.is_empty() {
            return Ok(false);
        }
        let unmet = self.unmet_minimum(&effect.running_minimums, &effect.eligible)?;
        Ok(unmet.is_some())
    }

    /// The minimum on what is left that fails now; of several the one that lacks most.
    pub(super) fn unmet_minimum(
        &self,
        minimums: &[(Level, &Minimum)],
        eligible: &[usize],
    ) -> Result<Option<Rejection>> {
        let mut furthest: Option<Rejection> = None;
        for (level, minimum) in minimums {
            let counted = self
                .left
                .iter()
                .enumerate()
                .filter(|(place, _)| match minimum.scope {
                    Scope::EligibleLines => eligible.binary_search(place).is_ok(),
                    Scope::AllLines => self
                        .cart
                        .lines
                        .get(*place)
                        .is_some_and(|line| line.kind != LineKind::GiftCard),
                });
            let actual = Amount::sum(counted.map(|(_, left)| *left)).ok_or_else(out_of_range)?;
            let rejection = running_minimum_rejection(*level, minimum, self.cart.currency, actual);
            let shortfall = |one: &Rejection| one.details.shortfall;
            if rejection.as_ref().and_then(shortfall) > furthest.as_ref().and_then(shortfall) {
                furthest = rejection;
            }
        }
        Ok(furthest)
    }

    fn applied(&self, effect: &Effect<'_>) -> Option<Applied> {
        let is_running = match effect.discount.basis {
            Some(basis) => basis == Basis::Running,
            None => self.policy.stacking.mode == StackingMode::Sequential,
        };
        if effect.discount.is_for_shipping() {
            return self.applied_to_shipping(effect, is_running);
        }
        let parties = self.parties(effect, is_running)?;
        let distribution = effect
            .discount
            .distribution
            .unwrap_or(self.policy.distribution);
        let strategy = Strategy {
            distribution,
            rounding: self.policy.rounding,
            rounding_point: self.policy.rounding_point,
        };
        let currency = self.cart.currency;
        let shared = match effect.plan.value {
            DiscountValue::Percent { basis_points, cap } => {
                strategy.percent(*basis_points, amount_of(cap.as_ref(), currency)?, &parties)?
            }
            DiscountValue::Amount { amounts, .. } => {
                let amount = amounts.get(currency)?.times(effect.plan.times)?;
                strategy.amount(amount, &parties)?
            }
            DiscountValue::Price { amounts } => above_price(amounts.get(currency)?, &parties)?,
            DiscountValue::Tiers(_) | DiscountValue::StoreCredit { .. } => return None,
        };
        let most_of_line = amount_of(effect.discount.max_per_line.as_ref(), currency)?;
        let mut shares = vec![Amount::ZERO; self.cart.lines.len()];
        for (party, share) in parties.iter().zip(shared.shares) {
            // On the original base what earlier effects took is cut off here, line by line.
            let left = *self.left.get(party.place)?;
            let most = most_of_line.map_or(left, |most| most.min(left));
            *shares.get_mut(party.place)? = share.min(most);
        }
        let is_shared = !matches!(effect.plan.value, DiscountValue::Price { .. });
        Some(Applied {
            base: Amount::sum(parties.iter().map(|party| party.base))?,
            requested: shared.requested,
            capped_at: shared.capped_at,
            amount: Amount::sum(shares.iter().copied())?,
            shares,
            shipping: Amount::ZERO,
            distribution: is_shared.then_some(distribution),
            is_running,
            is_trimmed: false,
        })
    }

    fn parties(&self, effect: &Effect<'_>, is_running: bool) -> Option<Vec<Party<'a>>> {
        let mut parties = Vec::with_capacity(effect.eligible.len());
        let of_lines = effect.eligible.iter().map(|place| (*place, None));
        let of_picks = effect.plan.picks.iter().flatten();
        let of_picks = of_picks.map(|pick| (pick.place, Some(pick.units)));
        let takes_lines = effect.plan.picks.is_none();
        for (place, units) in of_lines.filter(|_| takes_lines).chain(of_picks) {
            let is_taken = self.has_line_level.get(place).copied().unwrap_or(false);
            if is_taken && effect.is_line_level() {
                continue;
            }
            let line = self.cart.lines.get(place)?;
            let whole = match (is_running, self.policy.foreign_discounts) {
                (true, _) => *self.left.get(place)?,
                (false, ForeignDiscounts::SubtractFromBase) => {
                    line.subtotal.minus(self.cart.foreign_on(place))?
                }
                (false, _) => line.subtotal,
            };
            let quantity = units.unwrap_or(line.quantity);
            parties.push(Party {
                place,
                id: &line.id,
                quantity,
                base: of_units(whole, quantity, line.quantity)?,
            });
        }
        Some(parties)
    }

    fn applied_to_shipping(&self, effect: &Effect<'_>, is_running: bool) -> Option<Applied> {
        let currency = self.cart.currency;
        let base = match is_running {
            true => self.shipping_left,
            false => self.cart.shipping,
        };
        let (requested, cap) = match effect.plan.value {
            DiscountValue::Percent { basis_points, cap } => {
                let rounding = self.policy.rounding;
                let requested = base.scaled(basis_points.get(), BasisPoints::WHOLE, rounding)?;
                (requested, amount_of(cap.as_ref(), currency)?)
            }
            DiscountValue::Amount { amounts, .. } => {
                (amounts.get(currency)?.times(effect.plan.times)?, None)
            }
            DiscountValue::Price { amounts } => {
                let kept = amounts.get(currency)?.min(base);
                (base.minus(kept)?, None)
            }
            DiscountValue::Tiers(_) | DiscountValue::StoreCredit { .. } => return None,
        };
        let clamped = requested.min(base);
        let capped_at = cap.filter(|&cap| cap < clamped);
        let amount = capped_at.unwrap_or(clamped).min(self.shipping_left);
        Some(Applied {
            base,
            requested,
            capped_at,
            amount,
            shares: vec![Amount::ZERO; self.cart.lines.len()],
            shipping: amount,
            distribution: None,
            is_running,
            is_trimmed: false,
        })
    }
}

/// The amount in this currency, if there is a map at all; the outer `None` if the map lacks the currency.
fn amount_of(amounts: Option<&Amounts>, currency: Currency) -> Option<Option<Amount>> {
    match amounts {
        None => Some(None),
        Some(amounts) => amounts.get(currency).map(Some),
    }
}

pub(super) fn out_of_range() -> Error {
    Error::arithmetic(Path::root("cart.lines"))
}
