//! `evaluate` and `prepare`: everything in the request, nothing read, nothing awaited (architecture §4).

use super::catalog::Catalog;
use super::checkout::quote;
use super::quote::Quote;
use super::request::{CHECKOUT_FIELDS, Checkout, EvaluateOptions, Ground};
use crate::error::Result;
use crate::model::{Instant, Node, Object};

const PREPARED_FIELDS: [&str; 4] = ["usage", "zones", "now", "policy"];

/// Evaluates a request that brings its coupons along.
pub fn evaluate(node: &Node<'_>) -> Result<Quote> {
    let fields: Vec<&str> = fields().chain(["coupons", "rules"]).collect();
    let object = node.object(&fields)?;
    let catalog = catalog(&object)?;
    answer(&catalog, &object)
}

/// Definitions have no age: what counts from their creation has not begun.
fn catalog(object: &Object<'_>) -> Result<Catalog> {
    let now = Instant::LAST;
    object.required("coupons", |coupons| {
        let with_rules =
            object.optional("rules", |rules| Catalog::define(coupons, Some(rules), now))?;
        match with_rules {
            Some(catalog) => Ok(catalog),
            None => Catalog::define(coupons, None, now),
        }
    })
}

/// Coupons and rules read and checked once, for many carts.
#[derive(Clone, Debug)]
pub struct Prepared {
    catalog: Catalog,
}

impl Prepared {
    /// Reads `coupons` and `rules`.
    pub fn new(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["coupons", "rules"])?;
        Ok(Self {
            catalog: catalog(&object)?,
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
            zones: &options.zones,
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
