//! What a discount comes to on a cart before anything is taken off: the tier that is reached, how many times an amount is
//! given, which units are picked (semantics §5 – §6, §10). Says what is missing where nothing is reached.

use super::units::{Pick, pick_units};
use crate::eligibility::Details;
use crate::error::{Error, Result};
use crate::model::{Amount, Cart, Discount, DiscountValue, Path, Scope, Threshold, Tiers};

/// A discount on a certain cart.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// Never tiers.
    pub value: &'a DiscountValue,
    /// How many times an amount is given.
    pub times: i64,
    /// The units it is taken of; `None` for all of the eligible lines.
    pub picks: Option<Vec<Pick>>,
}

/// What a cart comes to, or the figures of what it lacks.
type Reached<T> = std::result::Result<T, Box<Details>>;

/// Plans a discount. `None` if it has no amount in the cart's currency.
pub fn plan<'a>(
    discount: &'a Discount,
    cart: &Cart,
    eligible: &[usize],
) -> Result<Option<Reached<Plan<'a>>>> {
    let value = value(&discount.value, cart, eligible)?;
    let picks = discount
        .units
        .as_ref()
        .map(|units| pick_units(units, cart, eligible))
        .transpose();
    Ok(match (value, picks) {
        (Some(Err(lacking)), _) => Some(Err(lacking)),
        (_, Err((required, actual))) => Some(Err(lacking_units(required, actual))),
        (None, _) => None,
        (Some(Ok((value, times))), Ok(picks)) => Some(Ok(Plan {
            value,
            times,
            picks,
        })),
    })
}

/// The value that is reached, and how many times it is given.
fn value<'a>(
    value: &'a DiscountValue,
    cart: &Cart,
    eligible: &[usize],
) -> Result<Option<Reached<(&'a DiscountValue, i64)>>> {
    match value {
        DiscountValue::Tiers(tiers) => {
            let reached = reached(tiers, cart, eligible)?;
            Ok(reached.map(|value| value.map(|value| (value, 1))))
        }
        DiscountValue::Amount {
            every: Some(every),
            times,
            ..
        } => {
            let Some(every) = every.get(cart.currency) else {
                return Ok(None);
            };
            let worth = worth(cart, eligible)?;
            let fitting = worth.minor().checked_div(every.minor()).unwrap_or(0);
            Ok(Some(match fitting.min(times.unwrap_or(i64::MAX)) {
                0 => Err(lacking_amount(cart, every, worth)),
                times => Ok((value, times)),
            }))
        }
        _ => Ok(Some(Ok((value, 1)))),
    }
}

/// The last tier that begins at or below the measure.
fn reached<'a>(
    tiers: &'a Tiers,
    cart: &Cart,
    eligible: &[usize],
) -> Result<Option<Reached<&'a DiscountValue>>> {
    let worth = worth(cart, eligible)?;
    let quantity = quantity(cart, eligible);
    let mut best = None;
    let mut lacking = None;
    for tier in &tiers.tiers {
        let missing = match &tier.from {
            Threshold::Amounts(amounts) => {
                let Some(from) = amounts.get(cart.currency) else {
                    return Ok(None);
                };
                (from > worth).then(|| lacking_amount(cart, from, worth))
            }
            Threshold::Quantity(from) => (*from > quantity).then(|| lacking_units(*from, quantity)),
        };
        match missing {
            None => best = Some(&tier.discount),
            Some(figures) => lacking = lacking.or(Some(figures)),
        }
    }
    Ok(best.map(Ok).or(lacking.map(Err)))
}

fn worth(cart: &Cart, places: &[usize]) -> Result<Amount> {
    let lines = places.iter().filter_map(|&place| cart.lines.get(place));
    Amount::sum(lines.map(|line| line.subtotal))
        .ok_or_else(|| Error::arithmetic(Path::root("cart.lines")))
}

fn quantity(cart: &Cart, places: &[usize]) -> i64 {
    let lines = places.iter().filter_map(|&place| cart.lines.get(place));
    lines.fold(0, |sum: i64, line| sum.saturating_add(line.quantity))
}

fn lacking_amount(cart: &Cart, required: Amount, actual: Amount) -> Box<Details> {
    Details::of(|details| {
        details.currency = Some(cart.currency);
        details.required = Some(required);
        details.actual = Some(actual);
        details.shortfall = required.minus(actual);
        details.scope = Some(Scope::EligibleLines);
    })
}

fn lacking_units(required: i64, actual: i64) -> Box<Details> {
    Details::of(|details| {
        details.required_quantity = Some(required);
        details.actual_quantity = Some(actual);
        details.scope = Some(Scope::EligibleLines);
    })
}
