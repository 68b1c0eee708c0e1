//! What an operation reads: the requests it makes of the storage, and the answers as they come back. Owns the order of
//! the two reads and what they may tell a stranger: an unknown code costs the same calls as a known one (semantics §24).

use serde::Serialize;

use super::catalog::Catalog;
use super::find::{Found, find};
use super::request::Checkout;
use crate::eligibility::counters_of;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{
    CodeText, Counter, CounterName, CustomerKey, EnteredCode, Identifier, InnerSpace, Instant,
    Node, Policy, Settings, Usage, Value, sort_unique,
};

/// What to read; the parts may be read side by side.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadRequest {
    catalog: Option<CatalogRequest>,
    ledger: Option<LedgerRequest>,
    prior_orders: Option<PriorOrdersRequest>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CatalogRequest {
    codes: Vec<CodeText>,
    coupon_ids: Vec<Identifier>,
}

#[derive(Debug, Serialize)]
struct LedgerRequest {
    counters: Vec<CounterName>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PriorOrdersRequest {
    keys: Vec<CustomerKey>,
    excluding: Option<String>,
    as_of: Instant,
}

/// The first read: every entered code that can be one, every coupon named by id, and the settings that come with them.
pub(super) fn definitions(checkout: &Checkout) -> LoadRequest {
    let mut codes = Vec::new();
    let mut coupon_ids = Vec::new();
    for entry in &checkout.codes {
        match entry {
            EnteredCode::Coupon(id) => coupon_ids.push(id.clone()),
            // The shop may refuse inner spaces, but that is known only once its settings are here.
            EnteredCode::Text { text, .. } => {
                codes.extend(CodeText::canonical(text, InnerSpace::Remove));
            }
        }
    }
    sort_unique(&mut codes);
    sort_unique(&mut coupon_ids);
    LoadRequest {
        catalog: Some(CatalogRequest { codes, coupon_ids }),
        ..LoadRequest::default()
    }
}

/// The answer to the first read.
pub(super) fn read_definitions(reply: &Value) -> Result<(Catalog, Option<Settings>)> {
    read_part(
        reply,
        "catalog",
        "storage.catalog.find",
        |view| match view {
            Some(view) => Catalog::from_view(view),
            None => Err(missing_answer("storage.catalog.find")),
        },
    )
}

/// The second read: what has been used, and how often the customer has ordered unless the host says so itself.
pub(super) struct Facts {
    counters: Vec<CounterName>,
    prior_orders: Option<PriorOrdersRequest>,
}

impl Facts {
    /// What must be known of these codes; `None` if nothing was entered that can be a code.
    pub(super) fn needed(
        checkout: &Checkout,
        catalog: &Catalog,
        policy: &Policy,
        now: Instant,
    ) -> Option<Self> {
        let customer = checkout.customer.as_ref();
        let mut counters = Vec::new();
        for entry in &checkout.codes {
            let Found { code, candidate } = find(entry, catalog, policy);
            match candidate {
                Ok(found) => {
                    counters.extend(counters_of(found.coupon, found.code, customer, policy));
                }
                Err(_) => counters.extend(code.map(|code| CounterName::unknown(&code))),
            }
        }
        sort_unique(&mut counters);
        let prior_orders = customer
            .filter(|customer| customer.prior_orders.is_none())
            .map(|customer| PriorOrdersRequest {
                keys: customer.keys.clone(),
                excluding: None,
                as_of: now,
            });
        (!counters.is_empty()).then_some(Self {
            counters,
            prior_orders,
        })
    }

    /// The request for them.
    pub(super) fn request(self) -> LoadRequest {
        LoadRequest {
            catalog: None,
            ledger: Some(LedgerRequest {
                counters: self.counters,
            }),
            prior_orders: self.prior_orders,
        }
    }

    /// The answer to it.
    pub(super) fn read(&self, reply: &Value) -> Result<(Usage, Option<i64>)> {
        let wanted = self.counters.len();
        let counters = read_part(reply, "ledger", "storage.ledger.read", |view| {
            let view = view.ok_or_else(|| missing_answer("storage.ledger.read"))?;
            let object = view.object(&["counters"])?;
            object.required("counters", |counters| {
                counters.list(wanted, wanted, Counter::parse)
            })
        })?;
        let prior_orders = read_part(reply, "priorOrders", "storage.priorOrders", |count| {
            count.map(|count| count.integer(0, i64::MAX)).transpose()
        })?;
        Ok((Usage::from_view(&self.counters, counters), prior_orders))
    }
}

/// One part of a reply, with paths that begin at the callback it came from.
fn read_part<T>(
    reply: &Value,
    part: &str,
    callback: &str,
    parse: impl FnOnce(Option<&Node<'_>>) -> Result<T>,
) -> Result<T> {
    let answer = reply
        .field("view")
        .and_then(|view| view.field(part))
        .filter(|answer| **answer != Value::Null)
        .map(|answer| Node::root(answer, callback));
    parse(answer.as_ref()).map_err(Error::in_storage_answer)
}

fn missing_answer(callback: &str) -> Error {
    Error::new(
        ErrorCode::StorageInvalidAnswer,
        callback,
        "answered nothing",
    )
}
