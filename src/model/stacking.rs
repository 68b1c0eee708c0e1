//! How coupons go together, as a shop sets it (semantics §7). Owns the words; what they mean is in `discount`.

use serde::Serialize;

use super::Node;
use crate::error::Result;

/// How coupons go together (semantics §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stacking {
    /// What each is taken of.
    pub mode: StackingMode,
    /// How many at most, 1 … 30.
    pub max_codes: i64,
    /// Which comes first.
    pub order: Order,
    /// Which stays when two do not combine.
    pub on_conflict: OnConflict,
}

/// What each coupon is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StackingMode {
    /// Each of the full price.
    Additive,
    /// Each of what the one before left.
    Sequential,
    /// Only the one that takes most.
    Best,
    /// Only the first in order.
    First,
    /// No coupon applies.
    None,
}

/// Which coupon comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// By priority, then line before order discounts, then canonical code: typing order never matters.
    Priority,
    /// As entered.
    Requested,
}

/// Which coupon stays when two do not combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// The earlier in order.
    RejectNew,
    /// The one that takes more.
    KeepBest,
}

impl Stacking {
    pub(super) fn parse(node: &Node<'_>, base: Self) -> Result<Self> {
        let object = node.object(&["mode", "maxCodes", "order", "onConflict"])?;
        Ok(Self {
            mode: object
                .optional("mode", |mode| {
                    mode.word(&[
                        ("additive", StackingMode::Additive),
                        ("sequential", StackingMode::Sequential),
                        ("best", StackingMode::Best),
                        ("first", StackingMode::First),
                        ("none", StackingMode::None),
                    ])
                })?
                .unwrap_or(base.mode),
            max_codes: object
                .optional("maxCodes", |most| most.integer(1, 30))?
                .unwrap_or(base.max_codes),
            order: object
                .optional("order", |order| {
                    order.word(&[
                        ("priority", Order::Priority),
                        ("requested", Order::Requested),
                    ])
                })?
                .unwrap_or(base.order),
            on_conflict: object
                .optional("onConflict", |conflict| {
                    conflict.word(&[
                        ("reject_new", OnConflict::RejectNew),
                        ("keep_best", OnConflict::KeepBest),
                    ])
                })?
                .unwrap_or(base.on_conflict),
        })
    }
}
