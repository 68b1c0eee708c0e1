//! `evaluate` and `prepare`: everything in the request, nothing read, nothing awaited (architecture §4).

use super::catalog::Catalog;
use super::checkout::quote;
use super::quote::Quote;
use super::request::{CHECKOUT_FIELDS, Checkout, EvaluateOptions, Ground};
use crate::error::Result;
use crate::model::{Instant, Node, Object};

const PREPARED_FIELDS: [&str; 3] = ["usage", "now", "policy"];

/// Evaluates a request that brings its coupons along.
pub fn evaluate(node: &Node<'_>) -> Result<Quote> {
    let fields: Vec<&str> = fields().chain(["coupons"]).collect();
    let object = node.object(&fields)?;
    let now = object.required("now", Instant::parse)?;
    let catalog = object.required("coupons", |coupons| Catalog::define(coupons, now))?;
    answer(&catalog, &object)
}

/// Coupons read and checked once, for many carts.
#[derive(Clone, Debug)]
pub struct Prepared {
    catalog: Catalog,
}

impl Prepared {
    /// Reads the coupons.
    pub fn new(node: &Node<'_>) -> Result<Self> {
        Ok(Self {
            catalog: Catalog::define(node, Instant::EPOCH)?,
        })
    }

    /// Evaluates a request on them.
    pub fn evaluate(&self, node: &Node<'_>) -> Result<Quote> {
        let fields: Vec<&str> = fields().collect();
        answer(&self.catalog, &node.object(&fields)?)
    }
}

fn fields() -> impl Iterator<Item = &'static str> {
    CHECKOUT_FIELDS.into_iter().chain(PREPARED_FIELDS)
}

fn answer(catalog: &Catalog, object: &Object<'_>) -> Result<Quote> {
    let checkout = Checkout::parse(object)?;
    let options = EvaluateOptions::parse(object, &checkout)?;
    quote(
        &checkout,
        &Ground {
            catalog,
            usage: &options.usage,
            prior_orders: checkout
                .customer
                .as_ref()
                .and_then(|customer| customer.prior_orders),
            now: options.now,
            policy: &options.policy,
            disclosure: options.disclosure,
        },
    )
}
