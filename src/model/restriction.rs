//! Restrictions and limits as defined (semantics §9 – §12, §17). They stand on the coupon and on the code, and both
//! must hold (§23). Owns their shape; what they mean is decided in `eligibility`.

use serde::Serialize;

use super::{Amounts, CustomerKey, Instant, Node, sort_unique, text, value::SAFE};
use crate::error::{Error, ErrorCode, Result};

/// Who, what, when, how much.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Restrictions {
    /// First valid instant, inclusive.
    pub starts_at: Option<Instant>,
    /// Last valid instant, inclusive.
    pub expires_at: Option<Instant>,
    /// Least order value.
    pub minimum: Option<Minimum>,
    /// Lines it may discount.
    pub products: Option<Products>,
    /// The only customers it is for; never an empty list.
    pub customers: Option<Vec<CustomerKey>>,
    /// Only for customers without an earlier paid order.
    pub first_order_only: bool,
}

impl Restrictions {
    /// Reads restrictions.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&[
            "startsAt",
            "expiresAt",
            "minimum",
            "products",
            "customers",
            "firstOrderOnly",
        ])?;
        let starts_at = object.optional("startsAt", Instant::parse)?;
        let expires_at = object.optional("expiresAt", Instant::parse)?;
        if let (Some(start), Some(end)) = (starts_at, expires_at)
            && start > end
        {
            return Err(Error::new(
                ErrorCode::InvalidValue,
                object.path().key("expiresAt"),
                "must not be before `startsAt`",
            ));
        }
        Ok(Self {
            starts_at,
            expires_at,
            minimum: object.optional("minimum", Minimum::parse)?,
            products: object.optional("products", Products::parse)?,
            customers: object.optional("customers", |customers| {
                customers.list(1, 10_000, CustomerKey::parse)
            })?,
            first_order_only: object
                .optional("firstOrderOnly", |flag| flag.flag())?
                .unwrap_or(false),
        })
    }
}

/// The least order value, before any coupon.
#[derive(Clone, Debug, Serialize)]
pub struct Minimum {
    /// Per currency.
    pub amounts: Amounts,
    /// Of which lines.
    pub scope: Scope,
}

/// Which lines count toward a minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All but gift cards.
    AllLines,
    /// Those this coupon may discount.
    EligibleLines,
}

impl Minimum {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["amounts", "scope"])?;
        Ok(Self {
            amounts: object.required("amounts", Amounts::parse)?,
            scope: object
                .optional("scope", |scope| {
                    scope.word(&[
                        ("all_lines", Scope::AllLines),
                        ("eligible_lines", Scope::EligibleLines),
                    ])
                })?
                .unwrap_or(Scope::AllLines),
        })
    }
}

/// Lines named by any of their ids.
#[derive(Clone, Debug, Serialize)]
pub struct Products {
    /// Empty for every line. Sorted.
    pub include: Vec<String>,
    /// Wins over `include`. Sorted.
    pub exclude: Vec<String>,
}

impl Products {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["include", "exclude"])?;
        let sorted = |ids: &Node<'_>| {
            let mut ids = ids.list(0, 10_000, |id| text(id, 256))?;
            sort_unique(&mut ids);
            Ok(ids)
        };
        Ok(Self {
            include: object.optional("include", sorted)?.unwrap_or_default(),
            exclude: object.optional("exclude", sorted)?.unwrap_or_default(),
        })
    }

    /// Whether these ids are inside.
    pub fn cover(&self, ids: &[String]) -> bool {
        let listed = |list: &[String]| ids.iter().any(|id| list.binary_search(id).is_ok());
        (self.include.is_empty() || listed(&self.include)) && !listed(&self.exclude)
    }

    /// Whether they narrow the cart at all.
    pub fn narrow(&self) -> bool {
        !self.include.is_empty() || !self.exclude.is_empty()
    }
}

/// How often (semantics §13): `None` is unlimited, 0 does not exist.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Over all customers.
    pub total: Option<i64>,
    /// Of each customer key.
    pub per_customer: Option<i64>,
}

impl Limits {
    /// Reads limits.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["total", "perCustomer"])?;
        let count = |node: &Node<'_>| node.integer(1, SAFE);
        Ok(Self {
            total: object.optional("total", count)?,
            per_customer: object.optional("perCustomer", count)?,
        })
    }
}
