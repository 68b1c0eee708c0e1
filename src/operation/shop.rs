//! What every operation is run in, and a checkout's reads: definitions first, then what has been used of them.

use super::catalog::Catalog;
use super::checkout;
use super::load::{Facts, Known, LedgerAnswer, LoadRequest, definitions, read_definitions};
use super::quote::Quote;
use super::request::{Checkout, Ground};
use super::script::{Run, Script};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Identities, Instant, Node, Policy, Settings};
use crate::redemption::Entry;

/// What an operation is run in.
#[derive(Clone, Debug)]
pub struct Context {
    now: Instant,
    policy: Option<Policy>,
    identities: Identities,
    blocked: Vec<i64>,
}

impl Context {
    /// Reads a context.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["now", "policy", "identityKey", "blocked"])?;
        let key = object.optional("identityKey", |key| key.text().map(str::to_owned))?;
        let blocked = object.optional("blocked", |places| {
            places.list(0, 30, |place| place.integer(0, 29))
        })?;
        Ok(Self {
            now: object.required("now", Instant::parse)?,
            policy: object.optional("policy", Policy::parse)?,
            identities: Identities::new(key.as_deref()),
            blocked: blocked.unwrap_or_default(),
        })
    }

    /// The request's instant.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// How customers are named in what is stored.
    pub fn identities(&self) -> &Identities {
        &self.identities
    }

    /// The engine's own policy, or the default.
    pub fn policy(&self) -> Policy {
        self.policy.clone().unwrap_or_default()
    }

    /// Whether the code at this place is not even looked up.
    pub(super) fn is_blocked(&self, place: usize) -> bool {
        i64::try_from(place).is_ok_and(|place| self.blocked.contains(&place))
    }

    /// The store's settings are the shop's; the engine's own are for a store that has none. Both would be two answers
    /// to one question.
    pub(super) fn settled_policy(&self, settings: Option<Settings>) -> Result<Policy> {
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

    /// The policy in force, where nothing else of the catalog is needed.
    pub(super) fn stored_policy(&self, script: &mut Script<'_>) -> Run<Policy> {
        let reply = script.load(LoadRequest::of_settings(None))?;
        let (_, settings) = read_definitions(reply)?;
        Ok(self.settled_policy(settings)?)
    }
}

/// The first read of a checkout.
pub(super) struct Definitions {
    pub(super) catalog: Catalog,
    pub(super) policy: Policy,
    /// What the checkout's key has already.
    pub(super) own: Option<Entry>,
}

impl Definitions {
    pub(super) fn load(
        checkout: &Checkout,
        context: &Context,
        script: &mut Script<'_>,
    ) -> Run<Self> {
        let reply = script.load(definitions(checkout, script.now))?;
        let (catalog, settings) = read_definitions(reply)?;
        let own = match &checkout.key {
            Some(key) => LedgerAnswer::of_entry(reply, key)?,
            None => None,
        };
        Ok(Self {
            catalog,
            policy: context.settled_policy(settings)?,
            own,
        })
    }

    /// The second read.
    pub(super) fn facts(
        &self,
        checkout: &Checkout,
        context: &Context,
        script: &mut Script<'_>,
    ) -> Run<Known> {
        let now = script.now;
        let Some(facts) = Facts::needed(checkout, &self.catalog, &self.policy, now) else {
            return Ok(Known::default());
        };
        let reply = script.load(facts.request(&context.identities, now))?;
        Ok(facts.read(reply, self.own.as_ref(), &context.identities, now)?)
    }

    /// Everything that a quote is made from.
    pub(super) fn ground<'a>(
        &'a self,
        checkout: &Checkout,
        known: &'a Known,
        now: Instant,
    ) -> Ground<'a> {
        let stated_orders = checkout
            .customer
            .as_ref()
            .and_then(|customer| customer.prior_orders);
        Ground {
            catalog: &self.catalog,
            usage: &known.usage,
            zones: &known.zones,
            prior_orders: stated_orders.or(known.prior_orders),
            now,
            policy: &self.policy,
            disclosure: checkout.disclosure.unwrap_or(self.policy.disclosure),
        }
    }
}

/// The quote of a checkout.
pub(super) fn quote(checkout: &Checkout, context: &Context, script: &mut Script<'_>) -> Run<Quote> {
    let definitions = Definitions::load(checkout, context, script)?;
    let known = definitions.facts(checkout, context, script)?;
    let ground = definitions.ground(checkout, &known, script.now);
    Ok(checkout::quote(checkout, &ground)?)
}
