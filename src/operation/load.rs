//! What an operation reads: the requests it makes of the storage, and the answers as they come back. Owns the order of
//! the two reads and what they may tell a stranger: an unknown code costs the same calls as a known one (semantics §24).

use serde::Serialize;

use super::catalog::Catalog;
use super::find::{Found, find};
use super::request::Checkout;
use crate::eligibility::{Candidate, counters_of};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{
    CodeText, Counter, CounterName, CustomerKey, EnteredCode, Identifier, InnerSpace, Instant,
    Node, Policy, Restrictions, Settings, Usage, Value, Zones, sort_unique,
};

/// What to read; the parts may be read side by side.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadRequest {
    catalog: Option<CatalogRequest>,
    ledger: Option<LedgerRequest>,
    prior_orders: Option<PriorOrdersRequest>,
    zones: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CatalogRequest {
    codes: Vec<CodeText>,
    coupon_ids: Vec<Identifier>,
    automatic: bool,
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
        catalog: Some(CatalogRequest {
            codes,
            coupon_ids,
            automatic: checkout.automatic,
        }),
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

/// The second read: what has been used, how often the customer has ordered unless the host says so itself, and how far
/// clocks are ahead where a schedule asks for it.
pub(super) struct Facts {
    counters: Vec<CounterName>,
    prior_orders: Option<PriorOrdersRequest>,
    zones: Vec<String>,
}

/// The answers to the second read.
#[derive(Default)]
pub(super) struct Known {
    pub(super) usage: Usage,
    pub(super) prior_orders: Option<i64>,
    pub(super) zones: Zones,
}

impl Facts {
    /// What must be known of these codes and of the automatic rules; `None` if nothing must.
    pub(super) fn needed(
        checkout: &Checkout,
        catalog: &Catalog,
        policy: &Policy,
        now: Instant,
    ) -> Option<Self> {
        let customer = checkout.customer.as_ref();
        let mut counters = Vec::new();
        let mut restrictions: Vec<&Restrictions> = Vec::new();
        for entry in &checkout.codes {
            let Found { code, candidate } = find(entry, catalog, policy);
            let Ok(Candidate {
                coupon: Some(coupon),
                code: found,
                ..
            }) = candidate
            else {
                counters.extend(code.map(|code| CounterName::unknown(&code)));
                continue;
            };
            counters.extend(counters_of(coupon, found, customer, policy));
            restrictions.push(&coupon.restrictions);
            restrictions.extend(found.map(|code| &code.restrictions));
            let rules = coupon.rules.iter().filter_map(|id| catalog.rule(id));
            restrictions.extend(rules.map(|rule| &rule.restrictions));
        }
        sort_unique(&mut counters);
        let automatic = catalog.automatic_rules().filter(|_| checkout.automatic);
        let mut counts_orders = !counters.is_empty();
        for rule in automatic {
            let of_rule = &rule.restrictions;
            counts_orders |= of_rule.first_order_only || of_rule.order_number.is_some();
            restrictions.push(of_rule);
        }
        let mut zones: Vec<String> = restrictions
            .iter()
            .filter_map(|one| one.schedule.as_ref())
            .map(|schedule| schedule.zone.clone())
            .collect();
        sort_unique(&mut zones);
        let prior_orders = customer
            .filter(|customer| counts_orders && customer.prior_orders.is_none())
            .map(|customer| PriorOrdersRequest {
                keys: customer.keys.clone(),
                excluding: None,
                as_of: now,
            });
        let is_needed = !counters.is_empty() || !zones.is_empty() || prior_orders.is_some();
        is_needed.then_some(Self {
            counters,
            prior_orders,
            zones,
        })
    }

    /// The request for them.
    pub(super) fn request(self) -> LoadRequest {
        let counters = self.counters;
        LoadRequest {
            catalog: None,
            ledger: (!counters.is_empty()).then_some(LedgerRequest { counters }),
            prior_orders: self.prior_orders,
            zones: (!self.zones.is_empty()).then_some(self.zones),
        }
    }

    /// The answer to it.
    pub(super) fn read(&self, reply: &Value) -> Result<Known> {
        let wanted = self.counters.len();
        let counters = match wanted {
            0 => Vec::new(),
            _ => read_part(reply, "ledger", "storage.ledger.read", |view| {
                let view = view.ok_or_else(|| missing_answer("storage.ledger.read"))?;
                let object = view.object(&["counters"])?;
                object.required("counters", |counters| {
                    counters.list(wanted, wanted, Counter::parse)
                })
            })?,
        };
        let prior_orders = read_part(reply, "priorOrders", "storage.priorOrders", |count| {
            count.map(|count| count.integer(0, i64::MAX)).transpose()
        })?;
        let zones = read_part(reply, "zones", "zones", |zones| {
            zones.map(Zones::parse).transpose()
        })?;
        Ok(Known {
            usage: Usage::from_view(&self.counters, counters),
            prior_orders,
            zones: zones.unwrap_or_default(),
        })
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
