//! What a record claimed before it was given back, for a payment that comes late. A customer's part of a counter's name
//! is kept by its place among the entry's keys: an erased customer must not live on in a body.

use serde::Serialize;

use super::record::{any_text, count};
use crate::error::Result;
use crate::model::{Claim, CounterName, Node};

pub(super) const OF_CUSTOMER: &str = "/customer/";

/// A claim that is not counted any more.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Lapsed {
    /// Without the customer's part.
    counter: String,
    /// Place of the customer's key.
    customer: Option<usize>,
    amount: i64,
    ceiling: Option<i64>,
}

impl Lapsed {
    pub(super) fn of(claim: &Claim, keys: &[String]) -> Self {
        let by_key = claim.counter.of_whom().and_then(|(counter, own)| {
            let place = keys.iter().position(|key| *key == own)?;
            Some((counter, Some(place)))
        });
        let (counter, customer) =
            by_key.unwrap_or_else(|| (claim.counter.as_str().to_owned(), None));
        Self {
            counter,
            customer,
            amount: claim.amount,
            ceiling: claim.ceiling,
        }
    }

    /// The claim again, under the key's name of today; `None` if two keys have become one since.
    pub(super) fn claim(&self, keys: &[String]) -> Option<Claim> {
        let counter = match self.customer {
            Some(place) => [&self.counter, OF_CUSTOMER, keys.get(place)?].concat(),
            None => self.counter.clone(),
        };
        Some(Claim {
            counter: CounterName::stored_text(&counter),
            amount: self.amount,
            ceiling: self.ceiling,
        })
    }

    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["counter", "customer", "amount", "ceiling"])?;
        let customer = object.optional("customer", count)?;
        Ok(Self {
            counter: object.required("counter", any_text)?,
            customer: customer.and_then(|place| usize::try_from(place).ok()),
            amount: object.required("amount", count)?,
            ceiling: object.optional("ceiling", count)?,
        })
    }
}
