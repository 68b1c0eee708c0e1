//! Tiers: the more is in the cart, the better the value. Owns their shape and that they ascend; which one is reached is
//! decided in `discount`.

use serde::Serialize;

use super::{Amounts, DiscountValue, Node, Object, value::SAFE};
use crate::error::Result;

/// Values by how much the eligible lines are worth, or how many units they have.
#[derive(Clone, Debug)]
pub struct Tiers {
    /// What they are measured by.
    pub by: TierMeasure,
    /// Ascending, never empty.
    pub tiers: Vec<Tier>,
}

/// What tiers are measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TierMeasure {
    /// What the eligible lines are worth.
    Amount,
    /// How many units they have.
    Quantity,
}

/// One tier.
#[derive(Clone, Debug, Serialize)]
pub struct Tier {
    /// Where it begins.
    pub from: Threshold,
    /// What it takes off: a percentage, an amount or a price.
    pub discount: DiscountValue,
}

/// Where a tier begins.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Threshold {
    /// Worth so much.
    Amounts(Amounts),
    /// So many units.
    Quantity(i64),
}

impl Tiers {
    pub(super) fn parse(object: &Object<'_>) -> Result<Self> {
        let by = object.required("by", |by| {
            by.word(&[
                ("amount", TierMeasure::Amount),
                ("quantity", TierMeasure::Quantity),
            ])
        })?;
        let mut tiers: Vec<Tier> = Vec::new();
        object.required("tiers", |list| {
            list.list(1, 20, |tier| {
                let parsed = Tier::parse(tier, by, tiers.last())?;
                tiers.push(parsed);
                Ok(())
            })
        })?;
        Ok(Self { by, tiers })
    }
}

impl Tier {
    fn parse(node: &Node<'_>, by: TierMeasure, before: Option<&Self>) -> Result<Self> {
        let object = node.object(&["from", "discount"])?;
        let from =
            object.required("from", |from| {
                let parsed = match by {
                    TierMeasure::Amount => Threshold::Amounts(Amounts::parse(from)?),
                    TierMeasure::Quantity => Threshold::Quantity(from.integer(1, SAFE)?),
                };
                match before {
                    Some(before) if !parsed.is_above(&before.from) => Err(from
                        .invalid("must be more than in the tier before, in the same currencies")),
                    _ => Ok(parsed),
                }
            })?;
        Ok(Self {
            from,
            discount: object.required("discount", DiscountValue::parse_in_tier)?,
        })
    }
}

impl Threshold {
    fn is_above(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Amounts(one), Self::Amounts(other)) => one.is_above(other),
            (Self::Quantity(one), Self::Quantity(other)) => one > other,
            _ => false,
        }
    }
}
