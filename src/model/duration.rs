//! For how long a redeemed coupon keeps discounting later payments (S2.21 – S2.23). Owns the shape; whether a payment is
//! still discounted is decided in `coupon`.

use serde::Serialize;

use super::Node;
use crate::error::Result;

/// For how long a redeemed coupon keeps discounting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Duration {
    /// One payment.
    Once,
    /// As long as the coupon is active.
    Forever,
    /// For a while.
    Repeating(Span),
}

/// How long "a while" is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// So many months from the redemption, 1 … 1,200.
    Months(i64),
    /// So many payments, 1 … 1,200 (B14).
    Payments(i64),
}

impl Duration {
    /// Reads a duration.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["type", "months", "payments"])?;
        let repeats = object.required("type", |kind| {
            kind.word(&[
                ("once", Some(Self::Once)),
                ("forever", Some(Self::Forever)),
                ("repeating", None),
            ])
        })?;
        if let Some(plain) = repeats {
            node.object(&["type"])?;
            return Ok(plain);
        }
        let count = |count: &Node<'_>| count.integer(1, 1_200);
        if let Some(payments) = object.optional("payments", count)? {
            node.object(&["type", "payments"])?;
            return Ok(Self::Repeating(Span::Payments(payments)));
        }
        let months = object.required("months", count)?;
        Ok(Self::Repeating(Span::Months(months)))
    }
}
