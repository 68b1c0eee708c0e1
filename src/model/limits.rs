//! How often and for how much something may be used, as defined (semantics §13). Owns the shape; what has been used is in
//! `usage`, what that means in `eligibility`.

use serde::Serialize;

use super::{Amounts, Node, Object, Period, value::SAFE};
use crate::error::{Error, ErrorCode, Result};

/// `None` is unlimited, 0 does not exist.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Over all customers.
    pub total: Option<i64>,
    /// Of each customer key.
    pub per_customer: Option<i64>,
    /// What all redemptions together may take off, each amount a safe integer. Of coupons only.
    pub budget: Option<Amounts>,
    /// In each day, week or month; each period once.
    pub windows: Vec<LimitWindow>,
}

/// How often in each period; at least one of both is there.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LimitWindow {
    /// In which.
    pub per: Period,
    /// Over all customers.
    pub total: Option<i64>,
    /// Of each customer key.
    pub per_customer: Option<i64>,
}

impl Limits {
    /// Reads the limits of a coupon.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["total", "perCustomer", "budget", "windows"])?;
        Ok(Self {
            total: count(&object, "total")?,
            per_customer: count(&object, "perCustomer")?,
            budget: object.optional("budget", budget)?,
            windows: object.optional("windows", windows)?.unwrap_or_default(),
        })
    }

    /// Reads the limits of a code, whose redemptions are counted but not added up.
    pub fn parse_on_code(node: &Node<'_>) -> Result<Self> {
        let limits = Self::parse(node)?;
        match limits.budget {
            None => Ok(limits),
            Some(_) => Err(Error::new(
                ErrorCode::UnknownField,
                node.path().key("budget"),
                "is not a field here: a budget is the coupon's",
            )),
        }
    }

    /// Whether it must be known who is buying.
    pub fn count_customers(&self) -> bool {
        let mut windows = self.windows.iter();
        self.per_customer.is_some() || windows.any(|window| window.per_customer.is_some())
    }
}

fn count(object: &Object<'_>, name: &str) -> Result<Option<i64>> {
    object.optional(name, |count| count.integer(1, SAFE))
}

/// What is counted in a storage is a safe integer.
fn budget(node: &Node<'_>) -> Result<Amounts> {
    let amounts = Amounts::parse(node)?;
    let too_large = amounts.iter().find(|(_, amount)| amount.minor() > SAFE);
    match too_large.map(|(currency, _)| currency) {
        None => Ok(amounts),
        Some(currency) => Err(Error::new(
            ErrorCode::OutOfRange,
            node.path().key(currency.as_str()),
            "must be at most 2^53 − 1 minor units",
        )),
    }
}

fn windows(node: &Node<'_>) -> Result<Vec<LimitWindow>> {
    let mut windows: Vec<LimitWindow> = Vec::new();
    node.list(0, 10, |node| {
        let object = node.object(&["per", "total", "perCustomer"])?;
        let per = object.required("per", |per| match Period::parse(per)? {
            known if windows.iter().any(|window| window.per == known) => Err(Error::new(
                ErrorCode::Duplicate,
                per.path(),
                "is limited already",
            )),
            new => Ok(new),
        })?;
        let window = LimitWindow {
            per,
            total: count(&object, "total")?,
            per_customer: count(&object, "perCustomer")?,
        };
        if window.total.or(window.per_customer).is_none() {
            return Err(Error::required(&object.path().key("total")));
        }
        windows.push(window);
        Ok(())
    })?;
    Ok(windows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;

    fn read(json: &str) -> Result<Limits> {
        let value: Value = serde_json::from_str(json).unwrap();
        Limits::parse(&Node::root(&value, "limits"))
    }

    #[test]
    fn what_says_nothing_or_too_much_is_refused() {
        for (json, code, path) in [
            (r#"{"total":0}"#, ErrorCode::OutOfRange, "total"),
            (
                r#"{"windows":[{"per":"year","total":1}]}"#,
                ErrorCode::InvalidValue,
                "windows[0].per",
            ),
            (
                r#"{"windows":[{"per":"day"}]}"#,
                ErrorCode::Required,
                "windows[0].total",
            ),
            (
                r#"{"windows":[{"total":1}]}"#,
                ErrorCode::Required,
                "windows[0].per",
            ),
            (
                r#"{"windows":[{"per":"day","total":1},{"per":"day","perCustomer":1}]}"#,
                ErrorCode::Duplicate,
                "windows[1].per",
            ),
            (r#"{"budget":{}}"#, ErrorCode::InvalidValue, "budget"),
            (
                r#"{"budget":{"USD":0}}"#,
                ErrorCode::OutOfRange,
                "budget.USD",
            ),
            (
                r#"{"budget":{"USD":"9007199254740992"}}"#,
                ErrorCode::OutOfRange,
                "budget.USD",
            ),
        ] {
            let error = read(json).unwrap_err();
            assert_eq!(
                (error.code(), error.path()),
                (code, &*format!("limits.{path}")),
                "{json}"
            );
        }
        let value: Value = serde_json::from_str(r#"{"budget":{"USD":1}}"#).unwrap();
        let error = Limits::parse_on_code(&Node::root(&value, "limits")).unwrap_err();
        assert_eq!(
            (error.code(), error.path()),
            (ErrorCode::UnknownField, "limits.budget")
        );
    }

    #[test]
    fn a_record_reads_as_itself_and_one_without_windows_still_reads() {
        let json = r#"{"total":null,"perCustomer":2,"budget":{"EGP":5},"windows":[{"per":"week","total":null,"perCustomer":1}]}"#;
        let limits = read(json).unwrap();
        assert_eq!(serde_json::to_string(&limits).unwrap(), json);
        assert!(limits.count_customers());
        let old = read(r#"{"total":3,"perCustomer":null}"#).unwrap();
        assert_eq!(
            (old.total, old.windows.len(), old.count_customers()),
            (Some(3), 0, false)
        );
        assert!(
            read(r#"{"windows":[{"per":"day","perCustomer":1}]}"#)
                .unwrap()
                .count_customers()
        );
    }
}
