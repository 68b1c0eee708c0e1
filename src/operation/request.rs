//! What a checkout asks. Owns reading the fields that every question shares.

use super::catalog::Catalog;
use super::key::host_key;
use super::shop::Context;
use crate::error::Result;
use crate::model::{
    Cart, Customer, Disclosure, EnteredCode, Instant, Object, Policy, Usage, Zones,
};

/// The fields every checkout question has.
pub(super) const CHECKOUT_FIELDS: [&str; 7] = [
    "codes",
    "cart",
    "customer",
    "codesAllowed",
    "automatic",
    "disclosure",
    "trace",
];

/// Most codes in one request (semantics §7).
const MOST_CODES: usize = 30;

/// A cart, a customer, and the codes entered.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// As entered.
    pub codes: Vec<EnteredCode>,
    /// What is bought.
    pub cart: Cart,
    /// Who is buying, if known.
    pub customer: Option<Customer>,
    /// Whether codes are taken here.
    pub codes_allowed: bool,
    /// Whether automatic rules apply.
    pub automatic: bool,
    /// Asked for by this caller.
    pub disclosure: Option<Disclosure>,
    /// Whether to say what happened in order.
    pub trace: bool,
    /// Its own reservation, if it has one.
    pub key: Option<String>,
}

impl Checkout {
    /// Reads the shared fields.
    pub fn parse(object: &Object<'_>) -> Result<Self> {
        Ok(Self {
            codes: object.required("codes", |codes| {
                codes.list(0, MOST_CODES, EnteredCode::parse)
            })?,
            cart: object.required("cart", Cart::parse)?,
            customer: object.optional("customer", Customer::parse)?,
            codes_allowed: object
                .optional("codesAllowed", |flag| flag.flag())?
                .unwrap_or(true),
            automatic: object
                .optional("automatic", |flag| flag.flag())?
                .unwrap_or(true),
            disclosure: object.optional("disclosure", Disclosure::parse)?,
            trace: object
                .optional("trace", |flag| flag.flag())?
                .unwrap_or(false),
            key: None,
        })
    }

    /// Reads them with the key of its reservation, without the codes that are not looked up here.
    pub(super) fn parse_for(object: &Object<'_>, context: &Context) -> Result<Self> {
        let mut checkout = Self::parse(object)?;
        checkout.key = object.optional("key", host_key)?;
        for (place, entry) in checkout.codes.iter_mut().enumerate() {
            if context.is_blocked(place) {
                *entry = EnteredCode::Blocked;
            }
        }
        Ok(checkout)
    }
}

/// What a pure evaluation has besides.
#[derive(Clone, Debug)]
pub struct EvaluateOptions {
    /// The instant of the request.
    pub now: Instant,
    /// What has been used so far.
    pub usage: Usage,
    /// How far the clocks of zones are ahead of UTC.
    pub zones: Zones,
    /// The shop's settings.
    pub policy: Policy,
    /// Full, unless the request or its policy says otherwise: whoever holds the definitions may read the reasons.
    pub disclosure: Disclosure,
}

impl EvaluateOptions {
    /// Reads the fields of `evaluate` that `apply` does not have.
    pub fn parse(object: &Object<'_>, checkout: &Checkout) -> Result<Self> {
        let stated = object.optional("policy", Policy::stated_disclosure)?;
        Ok(Self {
            now: object.required("now", Instant::parse)?,
            usage: object.optional("usage", Usage::parse)?.unwrap_or_default(),
            zones: object.optional("zones", Zones::parse)?.unwrap_or_default(),
            policy: object
                .optional("policy", Policy::parse)?
                .unwrap_or_default(),
            disclosure: checkout
                .disclosure
                .or(stated.flatten())
                .unwrap_or(Disclosure::Full),
        })
    }
}

/// What a quote is made from, beside the request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) usage: &'a Usage,
    pub(super) zones: &'a Zones,
    pub(super) prior_orders: Option<i64>,
    pub(super) now: Instant,
    pub(super) policy: &'a Policy,
    pub(super) disclosure: Disclosure,
}
