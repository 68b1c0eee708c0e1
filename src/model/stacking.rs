//! How coupons go together, as a shop sets it (semantics §7). Owns the words; what they mean is in `discount`.

use serde::Serialize;

use super::{
    Node,
    identifier::{as_map, is_word},
    sort_by,
};
use crate::error::Result;

/// How coupons go together (semantics §7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// Whether the others apply when one of the entered codes does not.
    pub on_inapplicable: OnInapplicable,
    /// How many of a category at most, each 1 … 30.
    #[serde(serialize_with = "as_map")]
    pub max_per_category: Vec<(String, i64)>,
    /// Whether a line bears one line-level discount only.
    pub one_per_line: bool,
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
    /// Each of the full price; those that take most together.
    BestCombination,
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
    /// As `priority`, but of equal rank amounts come before percentages.
    FixedFirst,
    /// As `priority`, but of equal rank percentages come before amounts.
    PercentFirst,
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

/// Whether the others apply when one of the entered codes does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnInapplicable {
    /// They do.
    Partial,
    /// All apply, or none.
    AllOrNothing,
}

impl Stacking {
    /// How many of this category may apply together.
    pub fn most_of(&self, category: &str) -> Option<i64> {
        let limits = self.max_per_category.iter();
        limits
            .filter(|(limited, _)| limited == category)
            .map(|(_, most)| *most)
            .next()
    }

    pub(super) fn parse(node: &Node<'_>, base: &Self) -> Result<Self> {
        let object = node.object(&[
            "mode",
            "maxCodes",
            "order",
            "onConflict",
            "onInapplicable",
            "maxPerCategory",
            "onePerLine",
        ])?;
        Ok(Self {
            mode: object
                .optional("mode", |mode| {
                    mode.word(&[
                        ("additive", StackingMode::Additive),
                        ("sequential", StackingMode::Sequential),
                        ("best", StackingMode::Best),
                        ("best_combination", StackingMode::BestCombination),
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
                        ("fixed_first", Order::FixedFirst),
                        ("percent_first", Order::PercentFirst),
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
            on_inapplicable: object
                .optional("onInapplicable", |on_inapplicable| {
                    on_inapplicable.word(&[
                        ("partial", OnInapplicable::Partial),
                        ("all_or_nothing", OnInapplicable::AllOrNothing),
                    ])
                })?
                .unwrap_or(base.on_inapplicable),
            max_per_category: object
                .optional("maxPerCategory", |limits| {
                    limits.entries(100, |category, most| {
                        if !is_word(category) {
                            return Err(most.invalid("must be under the word of a category"));
                        }
                        Ok((category.to_owned(), most.integer(1, 30)?))
                    })
                })?
                .map(in_order)
                .unwrap_or_else(|| base.max_per_category.clone()),
            one_per_line: object
                .optional("onePerLine", |flag| flag.flag())?
                .unwrap_or(base.one_per_line),
        })
    }
}

/// Two records of the same settings are equal, whatever the order they were given in.
fn in_order(mut limits: Vec<(String, i64)>) -> Vec<(String, i64)> {
    sort_by(&mut limits, |one, two| one.0.cmp(&two.0));
    limits
}
