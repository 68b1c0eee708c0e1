//! What a rollback gives back (semantics §15): the shop's rule, and a coupon's own in its place. Owns the words; what they
//! mean is in `redemption`.

use serde::Serialize;

use super::{Node, Object};
use crate::error::Result;

/// What of a use comes back. Store credit always does, and so does a first order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Restore {
    /// Nothing: the use is spent.
    None,
    /// The customer may use it again, all others together may not.
    CustomerOnly,
    /// All of it.
    CustomerAndTotal,
}

impl Restore {
    /// Reads it.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("none", Self::None),
            ("customer_only", Self::CustomerOnly),
            ("customer_and_total", Self::CustomerAndTotal),
        ])
    }
}

/// By why it is rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Restores {
    /// Of an order that was cancelled.
    pub cancelled: Restore,
    /// Of an order that was refunded.
    pub refunded: Restore,
}

impl Restores {
    /// Reads what was settled once: both are there.
    pub fn parse_settled(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["cancelled", "refunded"])?;
        Ok(Self {
            cancelled: object.required("cancelled", Restore::parse)?,
            refunded: object.required("refunded", Restore::parse)?,
        })
    }

    pub(super) fn parse(node: &Node<'_>, base: Self) -> Result<Self> {
        Ok(CouponRestores::parse(node)?.over(base))
    }
}

/// A coupon's own, as far as it has any.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CouponRestores {
    /// Of an order that was cancelled.
    pub cancelled: Option<Restore>,
    /// Of an order that was refunded.
    pub refunded: Option<Restore>,
}

impl CouponRestores {
    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["cancelled", "refunded"])?;
        let restore = |object: &Object<'_>, name: &str| object.optional(name, Restore::parse);
        Ok(Self {
            cancelled: restore(&object, "cancelled")?,
            refunded: restore(&object, "refunded")?,
        })
    }

    /// The same, with the shop's where it says nothing.
    pub fn over(self, base: Restores) -> Restores {
        Restores {
            cancelled: self.cancelled.unwrap_or(base.cancelled),
            refunded: self.refunded.unwrap_or(base.refunded),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;

    #[test]
    fn semantics_15_a_coupon_s_own_stands_in_place_of_the_shop_s_each_for_itself() {
        let shop = Restores {
            cancelled: Restore::CustomerAndTotal,
            refunded: Restore::None,
        };
        for (json, cancelled, refunded) in [
            ("{}", Restore::CustomerAndTotal, Restore::None),
            (r#"{"cancelled":"none"}"#, Restore::None, Restore::None),
            (
                r#"{"cancelled":null,"refunded":"customer_only"}"#,
                Restore::CustomerAndTotal,
                Restore::CustomerOnly,
            ),
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            let own = CouponRestores::parse(&Node::root(&value, "restore")).unwrap();
            let expected = Restores {
                cancelled,
                refunded,
            };
            assert_eq!(own.over(shop), expected, "{json}");
        }
    }
}
