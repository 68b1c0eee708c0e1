//! Which coupon comes first (semantics §7): the answer depends on the set of codes, never on the order in which they
//! were typed, unless the shop asks for that (M7).

use crate::model::{Coupon, Discount, Identifier, Order, sort_by};

/// A coupon that passed every check of its own.
#[derive(Clone, Debug)]
pub struct Applicable<'a> {
    /// Place in the request's codes.
    pub index: usize,
    /// The coupon.
    pub coupon: &'a Coupon,
    /// What it takes off.
    pub discount: &'a Discount,
    /// By what people name it.
    pub label: String,
    /// Its canonical code, or the coupon's id: the last word on the order.
    pub name: &'a str,
    /// Whether `name` is the coupon's id; a code of the same text comes first.
    pub is_by_id: bool,
    /// Places in the cart of the lines it may discount.
    pub eligible: Vec<usize>,
    /// Whether its products are restricted: line discounts come before order discounts.
    pub is_line_level: bool,
}

impl Applicable<'_> {
    pub(super) fn coupon_id(&self) -> &Identifier {
        &self.coupon.id
    }

    fn rank(&self) -> (i64, bool) {
        (self.coupon.priority, !self.is_line_level)
    }

    /// Whether the two may not stand together: both sides must agree.
    pub(super) fn conflicts_with(&self, other: &Self) -> bool {
        let (one, two) = (self.coupon, other.coupon);
        one.exclusive
            || two.exclusive
            || !one.combines_with.tolerates(two.category.as_deref())
            || !two.combines_with.tolerates(one.category.as_deref())
    }
}

/// The coupons in the order they are taken off.
pub fn in_order(mut applicables: Vec<Applicable<'_>>, order: Order) -> Vec<Applicable<'_>> {
    sort_by(&mut applicables, |one, two| match order {
        Order::Requested => one.index.cmp(&two.index),
        Order::Priority => one
            .rank()
            .cmp(&two.rank())
            .then_with(|| one.name.cmp(two.name))
            .then(one.is_by_id.cmp(&two.is_by_id)),
    });
    applicables
}
