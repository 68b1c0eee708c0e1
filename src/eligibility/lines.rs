//! Which lines it may discount (semantics §10), and whether there is anything to take from.

use super::candidate::Candidate;
use super::{Reason, Rejection};
use crate::model::{Cart, Covers, DiscountValue, Line, LineKind};

/// Places in the cart of the lines that every one of its product rules covers and that it may touch.
pub(super) fn eligible_lines(candidate: &Candidate<'_>, cart: &Cart) -> Vec<usize> {
    let is_credit = candidate.is_store_credit();
    let rules = candidate.product_rules();
    let mut eligible = Vec::with_capacity(cart.lines.len());
    for (place, line) in cart.lines.iter().enumerate() {
        if is_touchable(line, is_credit)
            && rules.iter().flatten().all(|products| products.cover(line))
        {
            eligible.push(place);
        }
    }
    eligible
}

/// A store credit is a way to pay: it pays for what discounts may not touch, but not for money in another form.
fn is_touchable(line: &Line, is_credit: bool) -> bool {
    line.kind != LineKind::GiftCard && (is_credit || line.discountable)
}

/// There must be something to take from, and every product that must be in the cart has to be: told of the first level
/// at which, each narrowing what the one before left, that is not so.
pub(super) fn products(
    candidate: &Candidate<'_>,
    cart: &Cart,
    eligible: &[usize],
    rejections: &mut Vec<Rejection>,
) {
    let beside = worth_beside_lines(candidate, cart);
    let narrows = candidate.narrows();
    if is_of_worth(cart, eligible, narrows, beside) && !candidate.requires_products() {
        return;
    }
    if matches!(beside, Beside::Shipping { is_charged: true }) && !narrows {
        return;
    }
    let is_credit = candidate.is_store_credit();
    let mut left: Vec<usize> = (0..cart.lines.len()).collect();
    left.retain(|place| {
        let line = cart.lines.get(*place);
        line.is_some_and(|line| is_touchable(line, is_credit))
    });
    for part in candidate.parts() {
        let products = part.restrictions.products.as_ref();
        if let Some(products) = products {
            left.retain(|place| {
                let line = cart.lines.get(*place);
                line.is_some_and(|line| products.cover(line))
            });
        }
        let missing = products.map(|products| {
            products.missing(cart.lines.iter().filter(|line| is_touchable(line, false)))
        });
        let missing = missing.filter(|missing| !missing.is_empty());
        if missing.is_some() || !is_of_worth(cart, &left, narrows, beside) {
            rejections.push(Rejection::with(
                Reason::NoEligibleItems,
                part.level,
                |details| {
                    details.cart_empty = Some(cart.lines.is_empty());
                    details.missing = missing;
                },
            ));
            return;
        }
    }
}

/// What there is to take from beside lines.
#[derive(Clone, Copy)]
enum Beside {
    /// Only lines count.
    Nothing,
    /// Shipping alone counts; lines only where they are narrowed.
    Shipping { is_charged: bool },
    /// Charges of the order, as long as lines are not narrowed.
    Charges { any: bool },
}

fn worth_beside_lines(candidate: &Candidate<'_>, cart: &Cart) -> Beside {
    let Some(discount) = candidate.discount() else {
        return Beside::Nothing;
    };
    if discount.is_for_shipping() {
        return Beside::Shipping {
            is_charged: !cart.shipping.is_zero(),
        };
    }
    match discount.value {
        DiscountValue::StoreCredit { covers, .. } => Beside::Charges {
            any: match covers {
                Covers::Items => false,
                Covers::ItemsTax => !cart.tax.is_zero(),
                Covers::GrandTotal => !cart.tax.is_zero() || !cart.shipping.is_zero(),
            },
        },
        _ => Beside::Nothing,
    }
}

fn is_of_worth(cart: &Cart, places: &[usize], narrows: bool, beside: Beside) -> bool {
    let any_line = || {
        places
            .iter()
            .filter_map(|&place| cart.lines.get(place))
            .any(|line| !line.subtotal.is_zero())
    };
    match beside {
        Beside::Nothing => any_line(),
        Beside::Shipping { is_charged } => is_charged && (!narrows || any_line()),
        Beside::Charges { any } => (any && !narrows) || any_line(),
    }
}
