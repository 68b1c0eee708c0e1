//! What an operation reads: the requests it makes of the storage, and the answers as they come back. Owns the order of
//! the two reads and what they may tell a stranger: an unknown code costs the same calls as a known one (semantics §24).

use serde::Serialize;

use super::catalog::Catalog;
use super::find::{Found, find};
use super::request::Checkout;
use crate::eligibility::counters_of;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{
    ClaimState, CodeText, Counter, CounterName, CustomerKey, EnteredCode, Identifier, Identities,
    InnerSpace, Instant, Node, Policy, Restrictions, Settings, Usage, Value, Zones, sort_unique,
};
use crate::redemption::{Entry, RedemptionState};

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

/// What to read of the ledger, as of an instant; names as they are stored.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerRequest {
    at: Instant,
    pub(super) counters: Vec<CounterName>,
    entries: Vec<String>,
    expired_holds: Option<EndedHolds>,
}

#[derive(Debug, Serialize)]
struct EndedHolds {
    counters: Vec<CounterName>,
    limit: usize,
}

impl LedgerRequest {
    /// The newest revision of a key.
    pub(super) fn of_entry(key: &str, at: Instant) -> Self {
        Self {
            entries: vec![key.to_owned()],
            ..Self::of_counters(Vec::new(), at)
        }
    }

    /// Where counters stand.
    pub(super) fn of_counters(counters: Vec<CounterName>, at: Instant) -> Self {
        Self {
            at,
            counters,
            entries: Vec::new(),
            expired_holds: None,
        }
    }

    /// Holds that have ended and still claim any of these counters.
    pub(super) fn of_ended_holds(counters: Vec<CounterName>, limit: usize, at: Instant) -> Self {
        Self {
            expired_holds: Some(EndedHolds { counters, limit }),
            ..Self::of_counters(Vec::new(), at)
        }
    }
}

/// What the ledger answered.
pub(super) struct LedgerAnswer {
    pub(super) counters: Vec<Counter>,
    pub(super) entries: Vec<Option<Entry>>,
    pub(super) ended_holds: Vec<Entry>,
}

impl LedgerAnswer {
    /// Reads an answer to a request for so many counters and entries.
    pub(super) fn read(reply: &Value, counters: usize, entries: usize) -> Result<Self> {
        read_part(reply, "ledger", "storage.ledger.read", |view| {
            let view = view.ok_or_else(|| missing_answer("storage.ledger.read"))?;
            let object = view.object(&["counters", "entries", "expiredHolds"])?;
            Ok(Self {
                counters: object.required("counters", |all| {
                    all.list(counters, counters, Counter::parse)
                })?,
                entries: object.required("entries", |all| all.list(entries, entries, entry))?,
                ended_holds: object
                    .required("expiredHolds", |all| all.list(0, 1_000, Entry::parse))?,
            })
        })
    }

    /// Reads the answer to a request for one entry.
    pub(super) fn of_entry(reply: &Value, key: &str) -> Result<Option<Entry>> {
        Self::read(reply, 0, 1)?.entry(key)
    }

    /// The one entry asked for. A storage that takes one key for another must not have an order paid or refunded in the
    /// place of another.
    pub(super) fn entry(&mut self, key: &str) -> Result<Option<Entry>> {
        match self.entries.pop().flatten() {
            Some(entry) if entry.record.key != key => Err(Error::new(
                ErrorCode::StorageInvalidAnswer,
                "storage.ledger.read.entries[0].key",
                "must be the key that was asked for",
            )),
            entry => Ok(entry),
        }
    }
}

fn entry(node: &Node<'_>) -> Result<Option<Entry>> {
    match node.value() {
        Value::Null => Ok(None),
        _ => Entry::parse(node).map(Some),
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PriorOrdersRequest {
    keys: Vec<CustomerKey>,
    excluding: Option<String>,
    as_of: Instant,
}

impl LoadRequest {
    /// Of the ledger alone.
    pub(super) fn of_ledger(ledger: LedgerRequest) -> Self {
        Self {
            ledger: Some(ledger),
            ..Self::default()
        }
    }

    /// The shop's settings, and with them what the ledger has.
    pub(super) fn of_settings(ledger: Option<LedgerRequest>) -> Self {
        Self::of_coupons(Vec::new(), ledger)
    }

    /// Coupons by their ids.
    pub(super) fn of_coupons(coupon_ids: Vec<Identifier>, ledger: Option<LedgerRequest>) -> Self {
        Self::of_codes(Vec::new(), coupon_ids, ledger)
    }

    /// Codes by their texts, and coupons by their ids.
    pub(super) fn of_codes(
        codes: Vec<CodeText>,
        coupon_ids: Vec<Identifier>,
        ledger: Option<LedgerRequest>,
    ) -> Self {
        Self {
            catalog: Some(CatalogRequest {
                codes,
                coupon_ids,
                automatic: false,
            }),
            ledger,
            ..Self::default()
        }
    }
}

/// The first read: every entered code that can be one, every coupon named by id, the settings that come with them, and
/// what the key has already.
pub(super) fn definitions(checkout: &Checkout, now: Instant) -> LoadRequest {
    let mut codes = Vec::new();
    let mut coupon_ids = Vec::new();
    for entry in &checkout.codes {
        match entry {
            EnteredCode::Coupon(id) => coupon_ids.push(id.clone()),
            // The shop may refuse inner spaces, but that is known only once its settings are here.
            EnteredCode::Text { text, .. } => {
                codes.extend(CodeText::canonical(text, InnerSpace::Remove));
            }
            EnteredCode::Blocked => {}
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
        ledger: checkout
            .key
            .as_deref()
            .map(|key| LedgerRequest::of_entry(key, now)),
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
        let mut zones: Vec<String> = Vec::new();
        for entry in &checkout.codes {
            let Found { code, candidate } = find(entry, catalog, policy);
            let Some((candidate, coupon)) = candidate
                .ok()
                .and_then(|candidate| Some((candidate, candidate.coupon?)))
            else {
                counters.extend(code.map(|code| CounterName::unknown(&code)));
                continue;
            };
            let currency = checkout.cart.currency;
            counters.extend(counters_of(&candidate, customer, currency, policy, now));
            if candidate.counts_in_periods() {
                zones.extend(policy.zone_to_know().map(str::to_owned));
            }
            restrictions.push(&coupon.restrictions);
            restrictions.extend(candidate.code.map(|code| &code.restrictions));
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
        let schedules = restrictions.iter().filter_map(|one| one.schedule.as_ref());
        zones.extend(schedules.map(|schedule| schedule.zone.clone()));
        sort_unique(&mut zones);
        let prior_orders = customer
            .filter(|customer| counts_orders && customer.prior_orders.is_none())
            .map(|customer| PriorOrdersRequest {
                keys: customer.keys.clone(),
                excluding: checkout.key.clone(),
                as_of: now,
            });
        let is_needed = !counters.is_empty() || !zones.is_empty() || prior_orders.is_some();
        is_needed.then_some(Self {
            counters,
            prior_orders,
            zones,
        })
    }

    fn stored(&self, identities: &Identities) -> Vec<CounterName> {
        let names = self.counters.iter();
        names.map(|name| name.stored(identities)).collect()
    }

    /// The request for them.
    pub(super) fn request(&self, identities: &Identities, now: Instant) -> LoadRequest {
        let stored = self.stored(identities);
        LoadRequest {
            catalog: None,
            ledger: (!stored.is_empty()).then(|| LedgerRequest::of_counters(stored, now)),
            prior_orders: self.prior_orders.clone(),
            zones: (!self.zones.is_empty()).then(|| self.zones.clone()),
        }
    }

    /// The answer to it. What the checkout's own reservation claims does not keep it out.
    pub(super) fn read(
        &self,
        reply: &Value,
        own: Option<&Entry>,
        identities: &Identities,
        now: Instant,
    ) -> Result<Known> {
        let counters = match self.counters.len() {
            0 => Vec::new(),
            wanted => LedgerAnswer::read(reply, wanted, 0)?.counters,
        };
        let stored = self.stored(identities);
        let mut usage = Usage::from_view(&stored, counters);
        if let Some(own) = own {
            usage.without(&own.index.claims, claim_state(own, now));
        }
        let counters = stored.iter().map(|name| usage.counter(name)).collect();
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

fn claim_state(own: &Entry, now: Instant) -> ClaimState {
    match own.record.state {
        RedemptionState::Held if own.is_live_hold(now) => ClaimState::Held,
        RedemptionState::Held => ClaimState::Ended,
        _ => ClaimState::Redeemed,
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

pub(super) fn missing_answer(callback: &str) -> Error {
    Error::new(
        ErrorCode::StorageInvalidAnswer,
        callback,
        "answered nothing",
    )
}
