//! The least and the most an order may be (semantics §9). Owns their shape; what counts is decided in `eligibility`.

use serde::Serialize;

use super::{Amounts, Node, Object};
use crate::error::{Error, Result};

const MOST_QUANTITY: i64 = 1_000_000_000;

/// The least order: worth so much, of so many units, or both.
#[derive(Clone, Debug, Serialize)]
pub struct Minimum {
    /// Per currency.
    pub amounts: Option<Amounts>,
    /// Units.
    pub quantity: Option<i64>,
    /// Of which lines.
    pub scope: Scope,
    /// When the amounts are measured.
    pub basis: MinimumBasis,
}

/// The largest order, before any coupon: worth so much, of so many units, or both.
#[derive(Clone, Debug, Serialize)]
pub struct Maximum {
    /// Per currency.
    pub amounts: Option<Amounts>,
    /// Units.
    pub quantity: Option<i64>,
    /// Of which lines.
    pub scope: Scope,
}

/// Which lines count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All but gift cards.
    AllLines,
    /// Those this coupon may discount.
    EligibleLines,
}

/// When the amounts of a minimum are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MinimumBasis {
    /// Before any discount.
    BeforeCoupons,
    /// On what the discounts before this one leave.
    RunningBeforeThis,
}

impl Minimum {
    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["amounts", "quantity", "scope", "basis"])?;
        let Bounds {
            amounts,
            quantity,
            scope,
        } = Bounds::parse(&object)?;
        let basis = object.optional("basis", |basis| {
            basis.word(&[
                ("before_coupons", MinimumBasis::BeforeCoupons),
                ("running_before_this", MinimumBasis::RunningBeforeThis),
            ])
        })?;
        Ok(Self {
            amounts,
            quantity,
            scope,
            basis: basis.unwrap_or(MinimumBasis::BeforeCoupons),
        })
    }
}

impl Maximum {
    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        let Bounds {
            amounts,
            quantity,
            scope,
        } = Bounds::parse(&node.object(&["amounts", "quantity", "scope"])?)?;
        Ok(Self {
            amounts,
            quantity,
            scope,
        })
    }
}

/// What a minimum and a maximum share.
struct Bounds {
    amounts: Option<Amounts>,
    quantity: Option<i64>,
    scope: Scope,
}

impl Bounds {
    fn parse(object: &Object<'_>) -> Result<Self> {
        let amounts = object.optional("amounts", Amounts::parse)?;
        let quantity =
            object.optional("quantity", |quantity| quantity.integer(1, MOST_QUANTITY))?;
        if amounts.is_none() && quantity.is_none() {
            return Err(Error::required(&object.path().key("amounts")));
        }
        let scope = object.optional("scope", |scope| {
            scope.word(&[
                ("all_lines", Scope::AllLines),
                ("eligible_lines", Scope::EligibleLines),
            ])
        })?;
        Ok(Self {
            amounts,
            quantity,
            scope: scope.unwrap_or(Scope::AllLines),
        })
    }
}
