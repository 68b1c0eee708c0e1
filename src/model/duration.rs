//! What a coupon takes off, and for how long a redeemed one keeps doing so. Owns the shapes; amounts are computed in
//! `discount`.

use serde::Serialize;

use super::{Amounts, BasisPoints, Node};
use crate::error::Result;

/// What a coupon takes off.
#[derive(Clone, Debug, Serialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Discount {
    /// A part of the base, at most `cap` an order.
    Percent {
        /// Hundredths of a percent.
        basis_points: BasisPoints,
        /// The most it takes off.
        #[serde(skip_serializing_if = "Option::is_none")]
        cap: Option<Amounts>,
    },
    /// A fixed amount.
    Amount {
        /// Per currency.
        amounts: Amounts,
    },
}

impl Discount {
    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["type", "basisPoints", "cap", "amounts"])?;
        let is_percent = object.required("type", |kind| {
            kind.word(&[("percent", true), ("amount", false)])
        })?;
        if is_percent {
            // Read again with the fields of this type only: a cap on an amount is a mistake (S2.18, S4.10).
            let object = node.object(&["type", "basisPoints", "cap"])?;
            Ok(Self::Percent {
                basis_points: object.required("basisPoints", BasisPoints::parse)?,
                cap: object.optional("cap", Amounts::parse)?,
            })
        } else {
            let object = node.object(&["type", "amounts"])?;
            Ok(Self::Amount {
                amounts: object.required("amounts", Amounts::parse)?,
            })
        }
    }
}

/// For how long a redeemed coupon keeps discounting later payments (S2.21 – S2.23).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Duration {
    /// One payment.
    Once,
    /// As long as the coupon is active.
    Forever,
    /// So many months from the redemption.
    Repeating {
        /// 1 … 1,200.
        months: i64,
    },
}

impl Duration {
    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["type", "months"])?;
        let repeating = Self::Repeating { months: 0 };
        let kind = object.required("type", |kind| {
            kind.word(&[
                ("once", Self::Once),
                ("forever", Self::Forever),
                ("repeating", repeating),
            ])
        })?;
        if kind == repeating {
            let months = object.required("months", |months| months.integer(1, 1_200))?;
            return Ok(Self::Repeating { months });
        }
        node.object(&["type"])?;
        Ok(kind)
    }
}
