//! The quote, put together from what was decided: adjustments, lines, totals. M1 and M2 hold by construction and are
//! held to once more here.

use super::decided::Decided;
use super::fingerprint::fingerprint;
use super::foreign::foreign_adjustments;
use super::quote::{AutomaticOutcome, CodeOutcome, CreditUse, Quote, QuoteLine, Strategy};
use super::request::{Checkout, Ground};
use crate::discount::{
    Adjustment, AdjustmentSource, Applied, Effect, LineShare, Payment, Source, Stacked, Totals,
    TraceStep, UnitRun, credit_step, split_over_units, trace,
};
use crate::error::{Error, Result};
use crate::model::{Amount, Cart, Code, Identifier, Line, Path};

/// Puts the quote together.
pub(super) fn assemble(
    checkout: &Checkout,
    codes: Vec<CodeOutcome>,
    automatic: Vec<AutomaticOutcome>,
    decided: &Decided<'_>,
    ground: &Ground<'_>,
) -> Result<Quote> {
    let cart = &checkout.cart;
    let stacked = &decided.stacked;
    let lines = quote_lines(cart, stacked).ok_or_else(|| Error::arithmetic(Path::root("cart")))?;
    let mut adjustments =
        foreign_adjustments(cart).ok_or_else(|| Error::arithmetic(Path::root("cart")))?;
    adjustments.extend(
        stacked
            .taken()
            .map(|(effect, applied)| adjustment(effect, applied, cart)),
    );
    let credits: Vec<CreditUse> = decided.credits.iter().map(credit_use).collect();
    let totals = totals(cart, &lines, &adjustments, &credits)
        .ok_or_else(|| Error::arithmetic(Path::root("cart")))?;
    Ok(Quote {
        currency: cart.currency,
        fingerprint: fingerprint(cart, &adjustments, &credits),
        codes,
        adjustments,
        credits,
        unlocked: unlocked(decided),
        automatic,
        lines,
        totals,
        strategy: Strategy {
            stacking: ground.policy.stacking.mode,
            rounding: ground.policy.rounding,
            rounding_point: ground.policy.rounding_point,
            distribution: ground.policy.distribution,
            exact: stacked.is_exact,
        },
        trace: checkout.trace.then(|| steps(decided)),
        disclosure: ground.disclosure,
    })
}

/// `minus` refuses a line below 0.
fn quote_lines(cart: &Cart, stacked: &Stacked<'_>) -> Option<Vec<QuoteLine>> {
    cart.lines
        .iter()
        .enumerate()
        .map(|(place, line)| {
            let ours = stacked
                .applied
                .iter()
                .filter_map(|(_, applied)| applied.shares.get(place).copied());
            let discount = Amount::sum(ours.chain([cart.foreign_on(place)]))?;
            Some(QuoteLine {
                id: line.id.clone(),
                subtotal: line.subtotal,
                discount,
                total: line.subtotal.minus(discount)?,
            })
        })
        .collect()
}

fn totals(
    cart: &Cart,
    lines: &[QuoteLine],
    adjustments: &[Adjustment],
    credits: &[CreditUse],
) -> Option<Totals> {
    let shipping_discount = Amount::sum(adjustments.iter().map(|one| one.shipping))?;
    let of_lines = Amount::sum(lines.iter().map(|line| line.discount))?;
    let discount = of_lines.plus(shipping_discount)?;
    let credit = Amount::sum(credits.iter().map(|one| one.amount))?;
    let payable = cart.subtotal.plus(cart.shipping)?.plus(cart.tax)?;
    Some(Totals {
        subtotal: cart.subtotal,
        discount,
        shipping: cart.shipping,
        shipping_discount,
        tax: cart.tax,
        credit,
        total: payable.minus(discount)?.minus(credit)?,
    })
}

fn adjustment(effect: &Effect<'_>, applied: &Applied, cart: &Cart) -> Adjustment {
    let candidate = &effect.candidate;
    let (index, source) = match effect.source {
        Source::Entry(index) => (Some(index), AdjustmentSource::Code),
        Source::Automatic(_) => (None, AdjustmentSource::Automatic),
    };
    let of_rule = candidate.rule.map(|rule| rule.version);
    let of_coupon = candidate.coupon.map(|coupon| coupon.version);
    let picks = effect.plan.picks.as_deref();
    Adjustment {
        index,
        source,
        coupon_id: candidate.coupon_id().map(text_of),
        rule_id: candidate.rule.map(|rule| text_of(&rule.id)),
        code_id: candidate.code.map(|code| text_of(&code.id)),
        code: candidate.code.map(code_text),
        label: candidate.label(),
        version: of_rule.or(of_coupon),
        requested: applied.requested,
        amount: applied.amount,
        shipping: applied.shipping,
        distribution: applied.distribution,
        trimmed: applied.is_trimmed,
        lines: cart
            .lines
            .iter()
            .zip(&applied.shares)
            .enumerate()
            .filter(|(_, (_, share))| !share.is_zero())
            .map(|(place, (line, share))| {
                let picked = picks.map_or(line.quantity, |picks| {
                    let pick = picks.iter().find(|pick| pick.place == place);
                    pick.map_or(line.quantity, |pick| pick.units)
                });
                LineShare {
                    line_id: line.id.clone(),
                    amount: *share,
                    units: units_of(*share, picked, line),
                }
            })
            .collect(),
    }
}

/// The picked units bear the share, the others nothing.
fn units_of(share: Amount, picked: i64, line: &Line) -> Vec<UnitRun> {
    let mut runs = split_over_units(share, picked);
    let rest = line.quantity.saturating_sub(picked);
    match runs.last_mut() {
        Some(last) if last.amount.is_zero() => {
            last.quantity = last.quantity.saturating_add(rest);
        }
        _ if rest > 0 => runs.push(UnitRun {
            quantity: rest,
            amount: Amount::ZERO,
        }),
        _ => {}
    }
    runs
}

fn credit_use(payment: &Payment<'_>) -> CreditUse {
    let candidate = &payment.credit.candidate;
    CreditUse {
        index: payment.credit.index,
        coupon_id: candidate.coupon_id().map(text_of).unwrap_or_default(),
        code_id: candidate.code.map(|code| text_of(&code.id)),
        code: candidate.code.map(code_text),
        label: candidate.label(),
        balance: payment.credit.balance,
        amount: payment.amount,
    }
}

fn unlocked(decided: &Decided<'_>) -> Vec<String> {
    let mut unlocked: Vec<String> = Vec::new();
    for id in decided.unlocked.iter().flatten() {
        let id = text_of(id);
        if !unlocked.contains(&id) {
            unlocked.push(id);
        }
    }
    unlocked
}

fn steps(decided: &Decided<'_>) -> Vec<TraceStep> {
    let mut steps = trace(&decided.stacked);
    steps.extend(decided.credits.iter().map(credit_step));
    steps
}

fn text_of(id: &Identifier) -> String {
    id.as_str().to_owned()
}

fn code_text(code: &Code) -> String {
    code.code.as_str().to_owned()
}
