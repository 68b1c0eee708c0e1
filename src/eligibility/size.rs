//! The least and the most an order may be (semantics §9), on the cart before any discount: a coupon can never refuse
//! itself. All levels must hold; the one that asks for the most is told first.

use super::candidate::Candidate;
use super::{Details, Level, Reason, Rejection};
use crate::error::{Error, Result};
use crate::model::{
    Amount, Amounts, Cart, Currency, Line, LineKind, Minimum, MinimumBasis, Path, Scope, sort_by,
};

pub(super) fn minimums(
    candidate: &Candidate<'_>,
    cart: &Cart,
    eligible: &[usize],
    rejections: &mut Vec<Rejection>,
) -> Result<()> {
    let mut failing = Vec::new();
    for part in candidate.parts() {
        let Some(minimum) = &part.restrictions.minimum else {
            continue;
        };
        let amounts = minimum
            .amounts
            .as_ref()
            .filter(|_| minimum.basis == MinimumBasis::BeforeCoupons);
        let figures = Measured::of(cart, minimum.scope, eligible)?.against(
            amounts,
            minimum.quantity,
            |actual, required| actual < required,
        );
        failing.extend(figures.map(|mut details| {
            details.shortfall = shortfall(&details);
            Rejection {
                code: Reason::MinimumNotMet,
                level: part.level,
                details,
            }
        }));
    }
    sort_by(&mut failing, |one, two| {
        two.details.shortfall.cmp(&one.details.shortfall)
    });
    rejections.append(&mut failing);
    Ok(())
}

pub(super) fn maximums(
    candidate: &Candidate<'_>,
    cart: &Cart,
    eligible: &[usize],
    rejections: &mut Vec<Rejection>,
) -> Result<()> {
    for part in candidate.parts() {
        let Some(maximum) = &part.restrictions.maximum else {
            continue;
        };
        let figures = Measured::of(cart, maximum.scope, eligible)?.against(
            maximum.amounts.as_ref(),
            maximum.quantity,
            |actual, most| actual > most,
        );
        rejections.extend(figures.map(|details| Rejection {
            code: Reason::MaximumExceeded,
            level: part.level,
            details,
        }));
    }
    Ok(())
}

/// A minimum on what earlier discounts leave: `actual` is what is left of the lines of its scope. Its quantity was
/// checked before.
pub fn running_minimum_rejection(
    level: Level,
    minimum: &Minimum,
    currency: Currency,
    actual: Amount,
) -> Option<Rejection> {
    let required = minimum.amounts.as_ref()?.get(currency)?;
    let shortfall = required.minus(actual).filter(|short| !short.is_zero())?;
    Some(Rejection::with(Reason::MinimumNotMet, level, |details| {
        details.currency = Some(currency);
        details.required = Some(required);
        details.actual = Some(actual);
        details.shortfall = Some(shortfall);
        details.scope = Some(minimum.scope);
    }))
}

fn shortfall(figures: &Details) -> Option<Amount> {
    figures.required?.minus(figures.actual?)
}

/// What counts toward a bound.
struct Measured {
    currency: Currency,
    scope: Scope,
    amount: Amount,
    quantity: i64,
}

impl Measured {
    fn of(cart: &Cart, scope: Scope, eligible: &[usize]) -> Result<Self> {
        let counted = |place: usize, line: &Line| match scope {
            Scope::AllLines => line.kind != LineKind::GiftCard,
            Scope::EligibleLines => eligible.binary_search(&place).is_ok(),
        };
        let (mut amount, mut quantity) = (Some(Amount::ZERO), 0_i64);
        for (place, line) in cart.lines.iter().enumerate() {
            if counted(place, line) {
                amount = amount.and_then(|sum| sum.plus(line.subtotal));
                quantity = quantity.saturating_add(line.quantity);
            }
        }
        Ok(Self {
            currency: cart.currency,
            scope,
            amount: amount.ok_or_else(|| Error::arithmetic(Path::root("cart.lines")))?,
            quantity,
        })
    }

    /// The figures of whichever bound fails. An amount without the cart's currency is `currency_mismatch`, not this.
    fn against(
        &self,
        amounts: Option<&Amounts>,
        quantity: Option<i64>,
        fails: fn(i64, i64) -> bool,
    ) -> Option<Box<Details>> {
        let amount = amounts
            .and_then(|amounts| amounts.get(self.currency))
            .filter(|bound| fails(self.amount.minor(), bound.minor()));
        let quantity = quantity.filter(|bound| fails(self.quantity, *bound));
        (amount.is_some() || quantity.is_some()).then(|| {
            Details::of(|details| {
                details.currency = amount.map(|_| self.currency);
                details.required = amount;
                details.actual = amount.map(|_| self.amount);
                details.required_quantity = quantity;
                details.actual_quantity = quantity.map(|_| self.quantity);
                details.scope = Some(self.scope);
            })
        })
    }
}
