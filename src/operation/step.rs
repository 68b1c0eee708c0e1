//! The step protocol (architecture §5): what must be read next, or the answer. A pure function of the command and the
//! replies so far, run from the start at each step, so that there is no state to lose.

use serde::Serialize;

use super::catalog::Catalog;
use super::checkout::{Found, Ground, find, quote};
use super::quote::{Quote, Validation};
use super::request::{CHECKOUT_FIELDS, Checkout};
use crate::code::{CodeText, InnerSpace};
use crate::eligibility::counters_of;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{
    Counter, CounterName, CustomerKey, Disclosure, EnteredCode, Identifier, Instant, Node, Policy,
    Settings, Usage, Value, sort_unique,
};

/// What an operation is run in.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    now: Instant,
    policy: Option<Policy>,
}

impl Context {
    /// Reads a context.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["now", "policy"])?;
        Ok(Self {
            now: object.required("now", Instant::parse)?,
            policy: object.optional("policy", Policy::parse)?,
        })
    }

    /// The request's instant.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The engine's own policy, or the default.
    pub fn policy(&self) -> Policy {
        self.policy.unwrap_or_default()
    }

    /// The store's settings are the shop's; the engine's own are for a store that has none. Both would be two answers
    /// to one question.
    fn settled_policy(&self, settings: Option<Settings>) -> Result<Policy> {
        match (settings, self.policy) {
            (Some(settings), None) => Ok(settings.policy),
            (None, policy) => Ok(policy.unwrap_or_default()),
            (Some(settings), Some(policy)) if settings.policy == policy => Ok(policy),
            (Some(_), Some(_)) => Err(Error::new(
                ErrorCode::PolicyConflict,
                "policy",
                "differs from the settings kept in the store; leave it out, or update the store's settings",
            )),
        }
    }
}

/// What comes next.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Step {
    /// Read this, then come back with the answer.
    Load {
        /// What to read.
        request: LoadRequest,
    },
    /// The answer.
    Done {
        /// Of the operation.
        outcome: Outcome,
        /// How much the caller gets to know.
        disclosure: Disclosure,
    },
}

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

/// An operation's answer.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Outcome {
    /// Of `apply`.
    Quote(Box<Quote>),
    /// Of `validate`.
    Validation(Validation),
}

/// Runs an operation as far as the replies reach.
pub fn step(command: &Node<'_>, context: &Context, replies: &Node<'_>) -> Result<Step> {
    let object = command.object(&["type", "request"])?;
    let wants_quote = object.required("type", |kind| {
        kind.word(&[("apply", true), ("validate", false)])
    })?;
    let Value::Map(fields) = command.value() else {
        return Err(Error::expected(command.path(), "an object"));
    };
    // Paths name the request's own fields: `cart.lines[2]`, not `request.cart.lines[2]`.
    let request = fields
        .iter()
        .find(|(name, _)| name == "request")
        .map(|(_, request)| Node::root(request, ""))
        .ok_or_else(|| Error::required(&command.path().key("request")))?;
    let checkout = Checkout::parse(&request.object(&CHECKOUT_FIELDS)?)?;
    let replies = replies.list(0, 2, |reply| Ok(reply.value().clone()))?;

    let Some(first) = replies.first() else {
        return Ok(Step::Load {
            request: definitions(&checkout),
        });
    };
    let (catalog, settings) = read_part(first, "catalog", "storage.catalog.find", |view| {
        view.map(Catalog::from_view).transpose()
    })?
    .ok_or_else(|| missing_answer("storage.catalog.find"))?;
    let policy = context.settled_policy(settings)?;
    let needed = Needed::by(&checkout, &catalog, &policy, context.now);
    let (usage, prior_orders) = match (needed, replies.get(1)) {
        (None, _) => (Usage::default(), None),
        (Some(needed), None) => {
            return Ok(Step::Load {
                request: needed.request(),
            });
        }
        (Some(needed), Some(second)) => needed.read(second)?,
    };
    let known_by_host = checkout
        .customer
        .as_ref()
        .and_then(|customer| customer.prior_orders);
    let disclosure = checkout.disclosure.unwrap_or(policy.disclosure);
    let quote = quote(
        &checkout,
        &Ground {
            catalog: &catalog,
            usage: &usage,
            prior_orders: known_by_host.or(prior_orders),
            now: context.now,
            policy: &policy,
            disclosure,
        },
    )?;
    let outcome = match wants_quote {
        true => Outcome::Quote(Box::new(quote)),
        false => Outcome::Validation(quote.into()),
    };
    Ok(Step::Done {
        outcome,
        disclosure,
    })
}

/// The first read: every entered code that can be one, every coupon named by id, and the settings that come with them.
fn definitions(checkout: &Checkout) -> LoadRequest {
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

/// The second read: what has been used, and how often the customer has ordered. An unknown code reads just what a known
/// one does (semantics §24); a host that gives `customer.priorOrders` is not asked for them.
struct Needed {
    counters: Vec<CounterName>,
    prior_orders: Option<PriorOrdersRequest>,
}

impl Needed {
    fn by(checkout: &Checkout, catalog: &Catalog, policy: &Policy, now: Instant) -> Option<Self> {
        let customer = checkout.customer.as_ref();
        let mut counters = Vec::new();
        for entry in &checkout.codes {
            let Found { code, candidate } = find(entry, catalog, policy);
            match candidate {
                Ok(found) => {
                    counters.extend(counters_of(found.coupon, found.code, customer, policy));
                }
                Err(_) => counters.extend(code.map(|code| CounterName::of_unknown(code.as_str()))),
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

    fn request(self) -> LoadRequest {
        LoadRequest {
            catalog: None,
            ledger: Some(LedgerRequest {
                counters: self.counters,
            }),
            prior_orders: self.prior_orders,
        }
    }

    fn read(&self, reply: &Value) -> Result<(Usage, Option<i64>)> {
        let wanted = self.counters.len();
        let counters = read_part(reply, "ledger", "storage.ledger.read", |view| {
            let view = view.ok_or_else(|| missing_answer("storage.ledger.read"))?;
            view.object(&["counters"])?
                .required("counters", |counters| {
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
    let field = |value: &'_ Value, name: &str| match value {
        Value::Map(fields) => fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone()),
        _ => None,
    };
    let answer = field(reply, "view")
        .and_then(|view| field(&view, part))
        .filter(|answer| *answer != Value::Null);
    match answer {
        Some(answer) => parse(Some(&Node::root(&answer, callback))),
        None => parse(None),
    }
    .map_err(Error::in_storage_answer)
}

fn missing_answer(callback: &str) -> Error {
    Error::new(
        ErrorCode::StorageInvalidAnswer,
        callback,
        "answered nothing",
    )
}
