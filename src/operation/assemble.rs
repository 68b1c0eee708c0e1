//! The quote, put together from what was decided: adjustments, lines, totals. M1 and M2 hold by construction and are
//! held to once more here.

use super::find::Found;
use super::fingerprint::fingerprint;
use super::quote::{
    Adjustment, AdjustmentSource, CodeOutcome, Distribution, LineShare, Quote, QuoteLine, Strategy,
    Totals,
};
use super::request::{Checkout, Ground};
use crate::discount::{Applicable, Applied, Stacked, split_over_units, trace};
use crate::error::{Error, Result};
use crate::model::{Amount, Cart, Path};

/// Puts the quote together.
pub(super) fn assemble(
    checkout: &Checkout,
    found: &[Found<'_>],
    codes: Vec<CodeOutcome>,
    stacked: &Stacked<'_>,
    ground: &Ground<'_>,
) -> Result<Quote> {
    let cart = &checkout.cart;
    let lines = quote_lines(cart, stacked).ok_or_else(|| Error::arithmetic(Path::root("cart")))?;
    let totals = totals(cart, &lines).ok_or_else(|| Error::arithmetic(Path::root("cart")))?;
    let adjustments: Vec<Adjustment> = stacked
        .applied
        .iter()
        .map(|(applicable, applied)| adjustment(applicable, applied, cart, found))
        .collect();
    let strategy = Strategy {
        stacking: ground.policy.stacking.mode,
        rounding: ground.policy.rounding,
        distribution: Distribution::Proportional,
        exact: stacked.is_exact,
    };
    let trace = checkout.trace.then(|| {
        let texts: Vec<Option<String>> = codes.iter().map(|code| code.code.clone()).collect();
        trace(&stacked.applied, &texts, cart, strategy.stacking)
    });
    Ok(Quote {
        currency: cart.currency,
        fingerprint: fingerprint(cart, &adjustments),
        codes,
        adjustments,
        lines,
        totals,
        strategy,
        trace,
        disclosure: ground.disclosure,
    })
}

/// `minus` refuses a line below 0.
fn quote_lines(cart: &Cart, stacked: &Stacked<'_>) -> Option<Vec<QuoteLine>> {
    cart.lines
        .iter()
        .enumerate()
        .map(|(place, line)| {
            let discount = Amount::sum(
                stacked
                    .applied
                    .iter()
                    .filter_map(|(_, applied)| applied.shares.get(place).copied()),
            )?;
            Some(QuoteLine {
                id: line.id.clone(),
                subtotal: line.subtotal,
                discount,
                total: line.subtotal.minus(discount)?,
            })
        })
        .collect()
}

fn totals(cart: &Cart, lines: &[QuoteLine]) -> Option<Totals> {
    let discount = Amount::sum(lines.iter().map(|line| line.discount))?;
    Some(Totals {
        subtotal: cart.subtotal,
        discount,
        shipping: cart.shipping,
        total: cart.subtotal.minus(discount)?.plus(cart.shipping)?,
    })
}

fn adjustment(
    applicable: &Applicable<'_>,
    applied: &Applied,
    cart: &Cart,
    found: &[Found<'_>],
) -> Adjustment {
    let entry = found.get(applicable.index);
    let code = entry
        .and_then(|entry| entry.candidate.as_ref().ok())
        .and_then(|candidate| candidate.code);
    Adjustment {
        index: applicable.index,
        source: AdjustmentSource::Code,
        coupon_id: applicable.coupon.id.as_str().to_owned(),
        code_id: code.map(|code| code.id.as_str().to_owned()),
        code: code.map(|code| code.code.as_str().to_owned()),
        label: applicable.label.clone(),
        coupon_version: applicable.coupon.version,
        requested: applied.requested,
        amount: applied.amount,
        lines: cart
            .lines
            .iter()
            .zip(&applied.shares)
            .filter(|(_, share)| !share.is_zero())
            .map(|(line, share)| LineShare {
                line_id: line.id.clone(),
                amount: *share,
                units: split_over_units(*share, line.quantity),
            })
            .collect(),
    }
}
