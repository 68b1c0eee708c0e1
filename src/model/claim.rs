//! A part of a counter that belongs to one key (storage contract §4). Owns its shape; who claims what is decided in
//! `eligibility`, when in `redemption`.

use serde::Serialize;

use super::{CounterName, Node, sort_by, value::SAFE};
use crate::error::Result;

/// What one key claims of a counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// Of which.
    pub counter: CounterName,
    /// 1, or minor units.
    pub amount: i64,
    /// The limit it was claimed under.
    pub ceiling: Option<i64>,
}

impl Claim {
    /// Reads a stored claim.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["counter", "amount", "ceiling"])?;
        Ok(Self {
            counter: object.required("counter", CounterName::parse_stored)?,
            amount: object.required("amount", |amount| amount.integer(0, SAFE))?,
            ceiling: object.optional("ceiling", |ceiling| ceiling.integer(0, SAFE))?,
        })
    }

    /// What an order claims in all, by name: money adds up, but an order redeems a coupon once, by however many codes.
    #[must_use]
    pub fn together(mut claims: Vec<Self>) -> Vec<Self> {
        sort_by(&mut claims, |one, two| one.counter.cmp(&two.counter));
        let mut together: Vec<Self> = Vec::with_capacity(claims.len());
        for claim in claims {
            match together.last_mut() {
                Some(same) if same.counter == claim.counter => {
                    if claim.counter.is_money() {
                        same.amount = same.amount.saturating_add(claim.amount);
                    }
                }
                _ => together.push(claim),
            }
        }
        together
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use crate::model::{Currency, Identifier, Value};

    #[test]
    fn a_stored_claim_reads_as_itself_whatever_its_counter_is_called() {
        let json = r#"{"counter":"x/customer/email/h0","amount":3,"ceiling":null}"#;
        let value: Value = serde_json::from_str(json).unwrap();
        let claim = Claim::parse(&Node::root(&value, "claim")).unwrap();
        assert_eq!(serde_json::to_string(&claim).unwrap(), json);
        for (json, code) in [
            (r#"{"counter":"","amount":1}"#, ErrorCode::InvalidValue),
            (r#"{"counter":"a","amount":-1}"#, ErrorCode::OutOfRange),
            (r#"{"amount":1}"#, ErrorCode::Required),
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            let error = Claim::parse(&Node::root(&value, "claim")).unwrap_err();
            assert_eq!(error.code(), code, "{json}");
        }
    }

    #[test]
    fn together_money_adds_up_and_redemptions_do_not() {
        let id = Identifier::new("c").unwrap();
        let claim = |counter: CounterName, amount: i64| Claim {
            counter,
            amount,
            ceiling: Some(9),
        };
        let budget = CounterName::budget(&id, Currency::new("EGP").unwrap());
        let together = Claim::together(vec![
            claim(CounterName::credit(&id), 2),
            claim(CounterName::coupon(&id), 1),
            claim(budget.clone(), 4),
            claim(CounterName::coupon(&id), 1),
            claim(budget.clone(), 3),
        ]);
        let expected = [
            claim(CounterName::coupon(&id), 1),
            claim(budget, 7),
            claim(CounterName::credit(&id), 2),
        ];
        assert_eq!(together, expected);
    }
}
