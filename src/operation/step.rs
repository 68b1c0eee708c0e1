//! The step protocol (architecture §5): what must be read next, or the answer. A pure function of the command and the
//! replies so far, run from the start at each step, so that there is no state to lose.

use serde::Serialize;

use super::checkout::quote;
use super::load::{Facts, Known, LoadRequest, definitions, read_definitions};
use super::quote::{Quote, Validation};
use super::request::{CHECKOUT_FIELDS, Checkout, Ground};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Disclosure, Instant, Node, Policy, Settings};

/// What an operation is run in.
#[derive(Clone, Debug)]
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
        self.policy.clone().unwrap_or_default()
    }

    /// The store's settings are the shop's; the engine's own are for a store that has none. Both would be two answers
    /// to one question.
    fn settled_policy(&self, settings: Option<Settings>) -> Result<Policy> {
        match (settings, &self.policy) {
            (None, _) => Ok(self.policy()),
            (Some(settings), None) => Ok(settings.policy),
            (Some(settings), Some(policy)) if settings.policy == *policy => Ok(settings.policy),
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
    // Paths name the request's own fields: `cart.lines[2]`, not `request.cart.lines[2]`.
    let request = command
        .value()
        .field("request")
        .map(|request| Node::root(request, ""))
        .ok_or_else(|| Error::required(&command.path().key("request")))?;
    let checkout = Checkout::parse(&request.object(&CHECKOUT_FIELDS)?)?;
    let replies = replies.values()?;

    let Some(first) = replies.first() else {
        return Ok(Step::Load {
            request: definitions(&checkout),
        });
    };
    let (catalog, settings) = read_definitions(first)?;
    let policy = context.settled_policy(settings)?;
    let needed = Facts::needed(&checkout, &catalog, &policy, context.now);
    let known = match (needed, replies.get(1)) {
        (None, _) => Known::default(),
        (Some(facts), Some(second)) => facts.read(second)?,
        (Some(facts), None) => {
            return Ok(Step::Load {
                request: facts.request(),
            });
        }
    };
    let stated_orders = checkout
        .customer
        .as_ref()
        .and_then(|customer| customer.prior_orders);
    let quote = quote(
        &checkout,
        &Ground {
            catalog: &catalog,
            usage: &known.usage,
            zones: &known.zones,
            prior_orders: stated_orders.or(known.prior_orders),
            now: context.now,
            policy: &policy,
            disclosure: checkout.disclosure.unwrap_or(policy.disclosure),
        },
    )?;
    let disclosure = quote.disclosure;
    let outcome = match wants_quote {
        true => Outcome::Quote(Box::new(quote)),
        false => Outcome::Validation(quote.into()),
    };
    Ok(Step::Done {
        outcome,
        disclosure,
    })
}
