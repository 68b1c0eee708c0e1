//! Which units of the eligible lines a discount is taken of: the cheapest or dearest so many, once for every so many
//! bought. Owns the shape; the units are picked in `discount`.

use serde::Serialize;

use super::{Node, Products};
use crate::error::Result;

const MOST: i64 = 1_000_000;

/// So many units from one end of the price list.
#[derive(Clone, Debug, Serialize)]
pub struct Units {
    /// From which end.
    pub from: End,
    /// How many, each time.
    pub take: i64,
    /// What must be bought each time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buy: Option<Buy>,
    /// At most so many times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<i64>,
}

/// An end of the price list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The lowest price of a unit first.
    Cheapest,
    /// The highest first.
    Dearest,
}

/// What must be bought for each time units are taken; what was bought is not taken.
#[derive(Clone, Debug, Serialize)]
pub struct Buy {
    /// How many units.
    pub quantity: i64,
    /// Of which lines; `None` for the eligible ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub products: Option<Products>,
}

impl Units {
    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["from", "take", "buy", "times"])?;
        let count = |count: &Node<'_>| count.integer(1, MOST);
        Ok(Self {
            from: object.required("from", |from| {
                from.word(&[("cheapest", End::Cheapest), ("dearest", End::Dearest)])
            })?,
            take: object.required("take", count)?,
            buy: object.optional("buy", |buy| {
                let object = buy.object(&["quantity", "products"])?;
                Ok(Buy {
                    quantity: object.required("quantity", count)?,
                    products: object.optional("products", Products::parse)?,
                })
            })?,
            times: object.optional("times", count)?,
        })
    }
}
