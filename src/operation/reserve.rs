//! `reserve` and `redeemNow` (semantics §13, §14): every limit of every code is claimed in one commit, or none is. The
//! quote is made anew from today's definitions; what a customer was shown before is only compared with it.

use super::claims::{applied, customer_names};
use super::key::host_key;
use super::order_status::of_fields;
use super::quote::OutcomeState;
use super::redeeming::{RedemptionOutcome, Refusal};
use super::request::{CHECKOUT_FIELDS, Checkout};
use super::script::{Run, Script};
use super::settle::{Settled, Tries};
use super::shop::{Context, Definitions};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{EnteredCode, HOLD_RANGE, Node, Value};
use crate::redemption::{Entry, RedemptionState, Write};

/// What is asked for.
pub(super) struct Reservation {
    checkout: Checkout,
    key: String,
    /// What makes it the same request.
    payload: String,
    hold_for: Option<i64>,
    fingerprint: Option<String>,
    replaces: bool,
    order: Option<String>,
    is_paid: bool,
}

impl Reservation {
    /// Reads a `reserve`, or a `redeemNow` if it is paid.
    pub(super) fn parse(request: &Node<'_>, context: &Context, is_paid: bool) -> Result<Self> {
        let own: &[&str] = match is_paid {
            true => &["key", "fingerprint", "order"],
            false => &["key", "fingerprint", "holdFor", "replace"],
        };
        let object = request.object(&[&CHECKOUT_FIELDS[..], own].concat())?;
        let checkout = Checkout::parse_for(&object, context)?;
        Ok(Self {
            key: object.required("key", host_key)?,
            payload: payload(request.value(), &Checkout::parse(&object)?, context),
            hold_for: object.optional("holdFor", hold_for)?,
            fingerprint: object.optional("fingerprint", |text| text.text().map(str::to_owned))?,
            replaces: object
                .optional("replace", |flag| flag.flag())?
                .unwrap_or(false),
            order: object.optional("order", host_key)?,
            checkout,
            is_paid,
        })
    }

    /// The parts of an order's status that are a checkout.
    pub(super) fn of_status(request: &Node<'_>, context: &Context, is_paid: bool) -> Result<Self> {
        let request = of_fields(request, |name| {
            CHECKOUT_FIELDS.contains(&name) || name == "key" || (is_paid && name == "order")
        });
        Self::parse(&Node::root(&request, ""), context, is_paid)
    }

    /// The answer where the key has one already.
    fn known(&self, own: Option<&Entry>, script: &Script<'_>) -> Result<Option<RedemptionOutcome>> {
        let Some(own) = own else { return Ok(None) };
        if !self.replaces {
            self.refuse_other(Some(own))?;
        }
        let is_paid_otherwise = self.is_paid
            && own.record.state == RedemptionState::Redeemed
            && self.order.is_some()
            && self.order != own.record.order;
        let is_same = own.record.payload == self.payload && !is_paid_otherwise;
        let state = own.record.state;
        let may_replace = self.replaces && !matches!(state, RedemptionState::Redeemed);
        if !is_same && !may_replace {
            return Err(mismatch());
        }
        Ok(match state {
            RedemptionState::RolledBack => Some(RedemptionOutcome::refused(
                Refusal::AlreadyRolledBack,
                Some(own.clone()),
            )),
            RedemptionState::Redeemed => Some(RedemptionOutcome::unchanged(own.clone())),
            RedemptionState::Held if is_same && !self.is_paid && own.is_live_hold(script.now) => {
                Some(RedemptionOutcome::unchanged(own.clone()))
            }
            _ => None,
        })
    }

    /// Refuses what is another request than the one that has the key.
    pub(super) fn refuse_other(&self, own: Option<&Entry>) -> Result<()> {
        match own.is_some_and(|own| own.record.payload != self.payload) {
            true => Err(mismatch()),
            false => Ok(()),
        }
    }

    fn write(&self, entry: Entry, definitions: &Definitions, script: &Script<'_>) -> Write {
        let before = definitions.own.as_ref();
        if self.is_paid {
            return entry.redeemed_at_once(before, self.order.clone());
        }
        let hold_for = self.hold_for;
        let milliseconds = hold_for.unwrap_or(definitions.policy.redemption.hold_for);
        entry.held(before, script.now.plus(milliseconds))
    }
}

/// Claims what a checkout needs.
pub(super) fn reserve(
    request: &Reservation,
    context: &Context,
    script: &mut Script<'_>,
) -> Run<RedemptionOutcome> {
    let mut tries = Tries::default();
    loop {
        let definitions = Definitions::load(&request.checkout, context, script)?;
        if let Some(known) = request.known(definitions.own.as_ref(), script)? {
            return Ok(known);
        }
        let known = definitions.facts(&request.checkout, context, script)?;
        let ground = definitions.ground(&request.checkout, &known, script.now);
        let (quote, applied) = applied(&request.checkout, &ground, context.identities())?;
        let mut codes = quote.codes.iter();
        let refusal = if codes.any(|code| code.state != OutcomeState::Applied) {
            Some(Refusal::CodesRefused)
        } else if (request.fingerprint.as_ref()).is_some_and(|seen| *seen != quote.fingerprint) {
            Some(Refusal::QuoteChanged)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            let own = definitions.own;
            return Ok(RedemptionOutcome::refused(refusal, own).with_quote(quote));
        }
        let (key, payload) = (request.key.clone(), request.payload.clone());
        let (of, index) = applied;
        let entry = Entry::fresh(key, payload, of, index, script.now);
        let write = request.write(entry, &definitions, script);
        if let Settled::Written(entry) = tries.settle(&write, script)? {
            return Ok(RedemptionOutcome::written(*entry).with_quote(quote));
        }
    }
}

fn mismatch() -> Error {
    Error::new(
        ErrorCode::IdempotencyMismatch,
        "key",
        "is of another request; say `replace` if the cart of a reservation has changed",
    )
}

/// How long a hold lasts, milliseconds.
pub(super) fn hold_for(node: &Node<'_>) -> Result<i64> {
    let (least, most) = HOLD_RANGE;
    node.integer(least, most)
}

/// What makes a request the same one: its codes, cart, customer and whether automatic rules apply; not how a code was
/// spelled, and not what is known of the customer besides, which the first order changes.
fn payload(request: &Value, checkout: &Checkout, context: &Context) -> String {
    let codes = checkout.codes.iter().map(EnteredCode::canonical).collect();
    let identities = context.identities();
    let names = customer_names(checkout.customer.as_ref(), false, identities);
    let parts = vec![
        Value::List(codes),
        request.field("cart").unwrap_or(&Value::Null).clone(),
        Value::Bool(checkout.automatic),
        Value::List(names.into_iter().map(Value::Text).collect()),
    ];
    digest_of(Value::List(parts), context)
}

/// The digest of plain data, in whichever order its fields came.
pub(super) fn digest_of(mut data: Value, context: &Context) -> String {
    data.sort_fields();
    let text = crate::json::text_of(&data).unwrap_or_default();
    context.identities().digest(&text)
}
