//! Restrictions as defined (semantics §9 – §12, §17). They stand on the coupon, on the code and on the rule,
//! and all must hold (§23). Owns their shape; what they mean is decided in `eligibility`.

use serde::Serialize;

use super::{
    CustomerKey, Identifier, Instant, Maximum, Minimum, Node, Object, Products, Schedule,
    identifier::sorted_texts, value::SAFE,
};
use crate::error::{Error, ErrorCode, Result};

/// Who, what, when, where, how much.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Restrictions {
    /// First valid instant, inclusive.
    pub starts_at: Option<Instant>,
    /// Last valid instant, inclusive.
    pub expires_at: Option<Instant>,
    /// Days from the issue, 1 … 36,500.
    pub valid_for_days: Option<i64>,
    /// When in the week.
    pub schedule: Option<Schedule>,
    /// Least order.
    pub minimum: Option<Minimum>,
    /// Largest order.
    pub maximum: Option<Maximum>,
    /// Lines it may discount.
    pub products: Option<Products>,
    /// The only customers it is for; never an empty list.
    pub customers: Option<Vec<CustomerKey>>,
    /// The groups of which the customer must be in one; never an empty list.
    pub customer_groups: Option<Vec<String>>,
    /// Only for customers without an earlier paid order.
    pub first_order_only: bool,
    /// Only for the customer's so-manieth order.
    pub order_number: Option<OrderNumber>,
    /// Where it may be sold. Sorted, as the three below.
    pub channels: Option<Vec<String>>,
    /// Where it may go.
    pub countries: Option<Vec<String>>,
    /// How it may be paid.
    pub payment_methods: Option<Vec<String>>,
    /// How it may be sent.
    pub shipping_methods: Option<Vec<String>>,
    /// The coupons of which one must be entered as well; never an empty list.
    pub coupons: Option<Vec<Identifier>>,
}

const FIELDS: [&str; 16] = [
    "startsAt",
    "expiresAt",
    "minimum",
    "products",
    "customers",
    "firstOrderOnly",
    "validForDays",
    "schedule",
    "maximum",
    "customerGroups",
    "orderNumber",
    "channels",
    "countries",
    "paymentMethods",
    "shippingMethods",
    "coupons",
];

impl Restrictions {
    /// Reads the restrictions of a coupon or of a code.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&FIELDS)?;
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
            valid_for_days: object.optional("validForDays", |days| days.integer(1, 36_500))?,
            schedule: object.optional("schedule", Schedule::parse)?,
            minimum: object.optional("minimum", Minimum::parse)?,
            maximum: object.optional("maximum", Maximum::parse)?,
            products: object.optional("products", Products::parse)?,
            customers: object.optional("customers", |customers| {
                customers.list(1, 10_000, CustomerKey::parse)
            })?,
            customer_groups: texts(&object, "customerGroups", 100)?,
            first_order_only: object
                .optional("firstOrderOnly", |flag| flag.flag())?
                .unwrap_or(false),
            order_number: object.optional("orderNumber", OrderNumber::parse)?,
            channels: texts(&object, "channels", 200)?,
            countries: texts(&object, "countries", 200)?,
            payment_methods: texts(&object, "paymentMethods", 200)?,
            shipping_methods: texts(&object, "shippingMethods", 200)?,
            coupons: object
                .optional("coupons", |coupons| coupons.list(1, 100, Identifier::parse))?,
        })
    }

    /// Reads the restrictions of a rule, which nobody is issued: they have no days that count from an issue.
    pub fn parse_on_rule(node: &Node<'_>) -> Result<Self> {
        let restrictions = Self::parse(node)?;
        match restrictions.valid_for_days {
            None => Ok(restrictions),
            Some(_) => Err(Error::new(
                ErrorCode::UnknownField,
                node.path().key("validForDays"),
                "is not a field here: a rule is not issued to anybody",
            )),
        }
    }
}

fn texts(object: &Object<'_>, name: &str, most: usize) -> Result<Option<Vec<String>>> {
    object.optional(name, |texts| sorted_texts(texts, 1, most))
}

/// Which of a customer's orders, counted from 1; at least one end is there.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct OrderNumber {
    /// The first of them.
    pub from: Option<i64>,
    /// The last of them.
    pub to: Option<i64>,
}

impl OrderNumber {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["from", "to"])?;
        let number = |number: &Node<'_>| number.integer(1, SAFE);
        let (from, to) = (
            object.optional("from", number)?,
            object.optional("to", number)?,
        );
        match (from, to) {
            (None, None) => Err(Error::required(&object.path().key("from"))),
            (Some(from), Some(to)) if from > to => Err(Error::new(
                ErrorCode::InvalidValue,
                object.path().key("to"),
                "must not be less than `from`",
            )),
            _ => Ok(Self { from, to }),
        }
    }

    /// Whether the order after so many is among them.
    pub fn covers_the_next_after(self, prior_orders: i64) -> bool {
        let number = prior_orders.saturating_add(1);
        self.from.is_none_or(|from| number >= from) && self.to.is_none_or(|to| number <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;

    fn read(json: &str) -> Result<Restrictions> {
        let value: Value = serde_json::from_str(json).unwrap();
        Restrictions::parse(&Node::root(&value, "restrictions"))
    }

    fn refused(json: &str) -> (ErrorCode, String) {
        let error = read(json).unwrap_err();
        (error.code(), error.path().to_owned())
    }

    #[test]
    fn what_says_nothing_or_the_impossible_is_refused() {
        for (json, code, path) in [
            (r#"{"minimum":{}}"#, ErrorCode::Required, "minimum.amounts"),
            (
                r#"{"maximum":{"scope":"all_lines"}}"#,
                ErrorCode::Required,
                "maximum.amounts",
            ),
            (
                r#"{"maximum":{"quantity":1,"basis":"before_coupons"}}"#,
                ErrorCode::UnknownField,
                "maximum.basis",
            ),
            (
                r#"{"products":{"requires":"all","exclude":["x"]}}"#,
                ErrorCode::InvalidValue,
                "products.requires",
            ),
            (
                r#"{"orderNumber":{}}"#,
                ErrorCode::Required,
                "orderNumber.from",
            ),
            (
                r#"{"orderNumber":{"from":3,"to":2}}"#,
                ErrorCode::InvalidValue,
                "orderNumber.to",
            ),
            (r#"{"channels":[]}"#, ErrorCode::OutOfRange, "channels"),
            (
                r#"{"validForDays":36501}"#,
                ErrorCode::OutOfRange,
                "validForDays",
            ),
        ] {
            assert_eq!(refused(json), (code, format!("restrictions.{path}")));
        }
    }

    #[test]
    fn a_rule_is_not_issued() {
        let value: Value = serde_json::from_str(r#"{"validForDays":3}"#).unwrap();
        let error = Restrictions::parse_on_rule(&Node::root(&value, "restrictions")).unwrap_err();
        assert_eq!(error.code(), ErrorCode::UnknownField);
        assert_eq!(error.path(), "restrictions.validForDays");
    }

    #[test]
    fn a_record_of_the_first_schema_reads_and_a_record_reads_as_itself() {
        let of_the_first = serde_json::json!({
            "startsAt": null,
            "expiresAt": 5,
            "minimum": { "amounts": { "EGP": 100 }, "scope": "all_lines" },
            "products": { "include": ["a"], "exclude": [] },
            "customers": null,
            "firstOrderOnly": false,
        });
        let parsed = read(&of_the_first.to_string()).unwrap();
        let record = serde_json::to_value(parsed).unwrap();
        assert_eq!(
            record,
            serde_json::json!({
                "startsAt": null,
                "expiresAt": 5,
                "validForDays": null,
                "schedule": null,
                "minimum": {
                    "amounts": { "EGP": 100 },
                    "quantity": null,
                    "scope": "all_lines",
                    "basis": "before_coupons",
                },
                "maximum": null,
                "products": {
                    "include": ["a"],
                    "exclude": [],
                    "requires": "any",
                    "excludeOnSale": false,
                },
                "customers": null,
                "customerGroups": null,
                "firstOrderOnly": false,
                "orderNumber": null,
                "channels": null,
                "countries": null,
                "paymentMethods": null,
                "shippingMethods": null,
                "coupons": null,
            })
        );
        let again = read(&record.to_string()).unwrap();
        assert_eq!(serde_json::to_value(again).unwrap(), record);
    }

    #[test]
    fn orders_are_counted_from_one() {
        let number = |json: &str| read(json).unwrap().order_number.unwrap();
        let third = number(r#"{"orderNumber":{"from":3,"to":3}}"#);
        assert!(!third.covers_the_next_after(1));
        assert!(third.covers_the_next_after(2));
        assert!(!third.covers_the_next_after(3));
        assert!(number(r#"{"orderNumber":{"to":2}}"#).covers_the_next_after(0));
    }
}
