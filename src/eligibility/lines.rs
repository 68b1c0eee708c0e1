//! Which lines a coupon may discount (semantics §10).

use crate::model::{Cart, Line, LineKind, Products};

/// Places in the cart of the lines that every one of these product rules covers and that discounts may touch.
pub(super) fn eligible_lines(cart: &Cart, rules: &[Option<&Products>]) -> Vec<usize> {
    cart.lines
        .iter()
        .enumerate()
        .filter(|(_, line)| is_discountable(line))
        .filter(|(_, line)| {
            rules
                .iter()
                .flatten()
                .all(|products| products.cover(&line.ids))
        })
        .map(|(place, _)| place)
        .collect()
}

/// Whether any of these lines has a price to take from.
pub(super) fn worth_anything(cart: &Cart, places: &[usize]) -> bool {
    places
        .iter()
        .filter_map(|&place| cart.lines.get(place))
        .any(|line| !line.subtotal.is_zero())
}

fn is_discountable(line: &Line) -> bool {
    line.discountable && line.kind != LineKind::GiftCard
}
