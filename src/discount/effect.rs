//! An effect: one discount that passed every check of its own and waits to be taken off. Owns which comes first (semantics
//! §7), so that the answer depends on the set of codes and never on the order in which they were typed (M7).

use std::cmp::Ordering;

use super::plan::Plan;
use crate::eligibility::{Candidate, Level};
use crate::model::{Discount, DiscountValue, Identifier, Minimum, Order, sort_by};

/// A discount that may be taken off.
#[derive(Clone, Debug)]
pub struct Effect<'a> {
    /// What opened it.
    pub source: Source,
    /// The coupon, code and rule behind it.
    pub candidate: Candidate<'a>,
    /// What it takes off.
    pub discount: &'a Discount,
    /// How much, of which units, on this cart.
    pub plan: Plan<'a>,
    /// Places in the cart of the lines it may discount.
    pub eligible: Vec<usize>,
    /// Whether its products are restricted.
    pub narrows: bool,
    /// Minimums on what is left when its turn comes.
    pub running_minimums: Vec<(Level, &'a Minimum)>,
}

/// What opened an effect. All effects of one source stand or fall with its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// By its place among the automatic rules.
    Automatic(usize),
    /// The entry at this place of the request.
    Entry(usize),
}

/// Line discounts before order discounts before shipping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Line,
    Order,
    Shipping,
}

impl<'a> Effect<'a> {
    /// Its canonical code, else the coupon's id, else the rule's: by what others name it.
    pub fn name(&self) -> &'a str {
        self.candidate.name()
    }

    /// Whether it came by a code or a coupon's id.
    pub fn is_entered(&self) -> bool {
        matches!(self.source, Source::Entry(_))
    }

    /// Whether it is taken of certain lines or units only.
    pub(super) fn is_line_level(&self) -> bool {
        self.class() == Class::Line
    }

    /// Whether it is the last to apply.
    pub(super) fn stops_after(&self) -> bool {
        match (self.candidate.coupon, self.candidate.rule) {
            (_, Some(rule)) if rule.stop_after => true,
            (Some(coupon), _) => coupon.stop_after,
            _ => false,
        }
    }

    /// Whether the two are one discount, reached by two ways.
    pub(super) fn is_same_discount(&self, other: &Self) -> bool {
        match (self.candidate.rule, other.candidate.rule) {
            (Some(one), Some(other)) => one.id == other.id,
            (None, None) => self.candidate.coupon_id() == other.candidate.coupon_id(),
            _ => false,
        }
    }

    fn class(&self) -> Class {
        if self.discount.is_for_shipping() {
            Class::Shipping
        } else if self.narrows || self.discount.units.is_some() {
            Class::Line
        } else {
            Class::Order
        }
    }

    fn priority(&self) -> i64 {
        let of_coupon = self.candidate.coupon.map(|coupon| coupon.priority);
        let of_rule = self.candidate.rule.map(|rule| rule.priority);
        of_rule.or(of_coupon).unwrap_or(0)
    }

    fn rule_id(&self) -> Option<&Identifier> {
        self.candidate.rule.map(|rule| &rule.id)
    }

    /// 0 comes first.
    fn kind(&self, order: Order) -> u8 {
        let is_percent = matches!(self.plan.value, DiscountValue::Percent { .. });
        match order {
            Order::FixedFirst => u8::from(is_percent),
            Order::PercentFirst => u8::from(!is_percent),
            Order::Priority | Order::Requested => 0,
        }
    }

    fn compare(&self, other: &Self, order: Order) -> Ordering {
        let by_rank = || {
            let rank = |one: &Self| (one.priority(), one.class(), one.kind(order));
            rank(self)
                .cmp(&rank(other))
                .then_with(|| self.name().cmp(other.name()))
                .then_with(|| {
                    let is_by_id = |one: &Self| one.candidate.code.is_none();
                    is_by_id(self).cmp(&is_by_id(other))
                })
                .then_with(|| self.rule_id().cmp(&other.rule_id()))
        };
        if order != Order::Requested {
            return by_rank();
        }
        match (self.source, other.source) {
            (Source::Entry(one), Source::Entry(other)) => one.cmp(&other).then_with(by_rank),
            (Source::Automatic(_), Source::Automatic(_)) => by_rank(),
            (Source::Automatic(_), Source::Entry(_)) => Ordering::Less,
            (Source::Entry(_), Source::Automatic(_)) => Ordering::Greater,
        }
    }
}

/// Puts effects in the order they are taken off.
pub fn in_order(effects: &mut Vec<Effect<'_>>, order: Order) {
    sort_by(effects, |one, two| one.compare(two, order));
}
