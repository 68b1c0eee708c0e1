//! The host's own discounts as adjustments of the quote (semantics §8): one for each rule and label, before ours.

use crate::discount::split_over_units;
use crate::discount::{Adjustment, AdjustmentSource, LineShare};
use crate::model::{Amount, Cart, Foreign};

/// The adjustments, in the order in which their first amounts were given. `None` if one is out of range.
pub(super) fn foreign_adjustments(cart: &Cart) -> Option<Vec<Adjustment>> {
    let mut adjustments: Vec<(&Foreign, Vec<Amount>)> = Vec::new();
    for one in &cart.foreign {
        let is_same = |other: &Foreign| other.rule_id == one.rule_id && other.label == one.label;
        let known = adjustments.iter().position(|(first, _)| is_same(first));
        let place = known.unwrap_or_else(|| {
            adjustments.push((one, vec![Amount::ZERO; cart.lines.len()]));
            adjustments.len().saturating_sub(1)
        });
        let share = adjustments.get_mut(place)?.1.get_mut(one.line)?;
        *share = share.plus(one.amount)?;
    }
    adjustments
        .into_iter()
        .map(|(first, shares)| adjustment(first, &shares, cart))
        .collect()
}

fn adjustment(first: &Foreign, shares: &[Amount], cart: &Cart) -> Option<Adjustment> {
    let amount = Amount::sum(shares.iter().copied())?;
    let rule_id = first.rule_id.as_ref().map(|id| id.as_str().to_owned());
    let label = first.label.clone().or_else(|| rule_id.clone());
    Some(Adjustment {
        index: None,
        source: AdjustmentSource::Foreign,
        coupon_id: None,
        rule_id,
        code_id: None,
        code: None,
        label: label.unwrap_or_else(|| "foreign".to_owned()),
        version: None,
        requested: amount,
        amount,
        shipping: Amount::ZERO,
        distribution: None,
        trimmed: false,
        lines: cart
            .lines
            .iter()
            .zip(shares)
            .filter(|(_, share)| !share.is_zero())
            .map(|(line, share)| LineShare {
                line_id: line.id.clone(),
                amount: *share,
                units: split_over_units(*share, line.quantity),
            })
            .collect(),
    })
}
