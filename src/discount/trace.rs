//! What happened, in order and in words: `10 % of 42.00 after SALE = 4.20`. Built only when asked for.

use serde::Serialize;

use super::amount::Applied;
use super::order::Applicable;
use crate::model::{Amount, Cart, Discount, StackingMode};

/// One step.
#[derive(Clone, Debug, Serialize)]
pub struct TraceStep {
    code: Option<String>,
    label: String,
    base: Amount,
    amount: Amount,
    text: String,
}

/// The steps of a quote; `codes` are the canonical codes by place in the request.
pub fn trace(
    applied: &[(Applicable<'_>, Applied)],
    codes: &[Option<String>],
    cart: &Cart,
    mode: StackingMode,
) -> Vec<TraceStep> {
    let mut before: Vec<&str> = Vec::new();
    applied
        .iter()
        .map(|(one, applied)| {
            let text = in_words(one, applied, cart, mode, &before);
            before.push(one.name);
            TraceStep {
                code: codes.get(one.index).cloned().flatten(),
                label: one.label.clone(),
                base: applied.base,
                amount: applied.amount,
                text,
            }
        })
        .collect()
}

fn in_words(
    one: &Applicable<'_>,
    applied: &Applied,
    cart: &Cart,
    mode: StackingMode,
    before: &[&str],
) -> String {
    let shown = |amount: Amount| amount.decimal(cart.currency);
    let after = match mode {
        StackingMode::Sequential if !before.is_empty() => format!(" after {}", before.join(", ")),
        _ => String::new(),
    };
    let base = format!("{}{after}", shown(applied.base));
    let terms = match one.discount {
        Discount::Percent { basis_points, .. } => format!("{} % of {base}", basis_points.percent()),
        Discount::Amount { .. } => format!("{} off {base}", shown(applied.requested)),
    };
    let cap = applied
        .capped_at
        .map(|cap| format!(", at most {}", shown(cap)))
        .unwrap_or_default();
    format!("{terms}{cap} = {}", shown(applied.amount))
}
