//! What one discount took off, share by share, and what a cart comes to after all of them. Owns the shape of these
//! figures, which a quote shows and a redemption keeps.

use serde::Serialize;

use super::UnitRun;
use crate::error::Result;
use crate::model::{Amount, Distribution, Node};

/// What one discount took off.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Adjustment {
    /// Place in the request; `None` unless it came by an entry.
    pub index: Option<usize>,
    /// By what it was opened.
    pub source: AdjustmentSource,
    /// Through which coupon.
    pub coupon_id: Option<String>,
    /// By which rule.
    pub rule_id: Option<String>,
    /// Through which code.
    pub code_id: Option<String>,
    /// Through which text.
    pub code: Option<String>,
    /// By what people name it.
    pub label: String,
    /// Of the terms: the rule's, else the coupon's.
    pub version: Option<i64>,
    /// Before cap and clamp.
    pub requested: Amount,
    /// Taken off, of shipping as well.
    pub amount: Amount,
    /// Taken off shipping.
    pub shipping: Amount,
    /// How it was shared out.
    pub distribution: Option<Distribution>,
    /// Whether a cap of the shop's took some of it back.
    pub trimmed: bool,
    /// Lines with a share, in the cart's order.
    pub lines: Vec<LineShare>,
}

/// By what a discount was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentSource {
    /// By itself.
    Automatic,
    /// A code, or the host by the coupon's id.
    Code,
    /// The host's own.
    Foreign,
}

/// A line's share of one adjustment.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineShare {
    /// Which line.
    pub line_id: String,
    /// Its share.
    pub amount: Amount,
    /// Unit by unit.
    pub units: Vec<UnitRun>,
}

/// The cart after all discounts.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Of all lines, before.
    pub subtotal: Amount,
    /// Taken off, shipping and the host's own included.
    pub discount: Amount,
    /// For shipping, before.
    pub shipping: Amount,
    /// Taken off shipping; part of `discount`.
    pub shipping_discount: Amount,
    /// On top of the prices.
    pub tax: Amount,
    /// Paid by store credit.
    pub credit: Amount,
    /// subtotal + shipping + tax − discount − credit (M3).
    pub total: Amount,
}

impl Totals {
    /// Reads totals that were kept.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&[
            "subtotal",
            "discount",
            "shipping",
            "shippingDiscount",
            "tax",
            "credit",
            "total",
        ])?;
        let amount = |name: &str| object.required(name, |amount| Amount::parse(amount, i64::MAX));
        Ok(Self {
            subtotal: amount("subtotal")?,
            discount: amount("discount")?,
            shipping: amount("shipping")?,
            shipping_discount: amount("shippingDiscount")?,
            tax: amount("tax")?,
            credit: amount("credit")?,
            total: amount("total")?,
        })
    }
}
