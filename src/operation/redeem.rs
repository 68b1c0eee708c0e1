//! `redeem` (semantics §13, §14): the order is paid. While the hold lives nothing is counted again, so that it cannot
//! fail for capacity; after that what was given back is claimed once more in the same commit.

use super::claims::customer_names;
use super::key::host_key;
use super::late::claims_of_today;
use super::load::{LedgerAnswer, LedgerRequest, LoadRequest};
use super::redeeming::{RedemptionOutcome, Refusal};
use super::script::{Run, Script};
use super::settle::{Settled, Tries};
use super::shop::Context;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Amount, Customer, Identifier, LateRedeem, Node};
use crate::redemption::{Entry, Payment, RedemptionState};

struct Redeem {
    key: String,
    order: Option<String>,
    captured: Vec<(Identifier, Amount)>,
    customer: Option<Customer>,
}

impl Redeem {
    fn parse(request: &Node<'_>) -> Result<Self> {
        let object = request.object(&["key", "order", "captured", "customer"])?;
        let mut credits: Vec<Identifier> = Vec::new();
        let captured = object.optional("captured", |all| {
            all.list(0, 30, |one| {
                let (coupon, amount) = captured(one)?;
                if credits.contains(&coupon) {
                    let path = one.path().key("couponId");
                    return Err(Error::new(ErrorCode::Duplicate, path, "is named already"));
                }
                credits.push(coupon.clone());
                Ok((coupon, amount))
            })
        })?;
        Ok(Self {
            key: object.required("key", host_key)?,
            order: object.optional("order", host_key)?,
            captured: captured.unwrap_or_default(),
            customer: object.optional("customer", Customer::parse)?,
        })
    }

    /// Whether the record says what this call says.
    fn is_as_recorded(&self, own: &Entry) -> bool {
        let order = self.order.is_none() || self.order == own.record.order;
        let mut captured = self.captured.iter();
        let is_captured = |(coupon, amount): &(Identifier, Amount)| {
            let mut credits = own.record.credits.iter();
            credits.any(|one| one.coupon_id == coupon.as_str() && one.amount == *amount)
        };
        order && captured.all(is_captured)
    }

    /// What the payment says, with the claims of keys that are new to the record.
    fn payment(&self, own: &Entry, context: &Context, script: &mut Script<'_>) -> Run<Payment> {
        let mut payment = Payment {
            order: self.order.clone(),
            captured: self.captured.clone(),
            ..Payment::default()
        };
        if self.customer.is_none() {
            return Ok(payment);
        }
        let strips = context.stored_policy(script)?.strip_plus_tag;
        let mut names = customer_names(self.customer.as_ref(), strips, context.identities());
        names.retain(|name| !own.index.customer_keys.contains(name));
        let mut claims = own.claims_of_keys(&names);
        let room = own.room_for_claims();
        payment.exceeds = claims.len() > room;
        claims.truncate(room);
        let counters: Vec<_> = claims.iter().map(|claim| claim.counter.clone()).collect();
        if !counters.is_empty() {
            let wanted = counters.len();
            let request = LedgerRequest::of_counters(counters, script.now);
            let reply = script.load(LoadRequest::of_ledger(request))?;
            let stands = LedgerAnswer::read(reply, wanted, 0)?.counters;
            let mut both = claims.iter().zip(stands);
            payment.exceeds |= both.any(|(claim, counter)| {
                let ceiling = claim.ceiling;
                ceiling.is_some_and(|limit| counter.live(script.now) >= limit)
            });
            for claim in &mut claims {
                claim.ceiling = None;
            }
        }
        payment.customer_claims = claims;
        payment.customer_keys = names;
        Ok(payment)
    }
}

/// Marks a reservation as paid.
pub(super) fn redeem(
    request: &Node<'_>,
    context: &Context,
    script: &mut Script<'_>,
) -> Run<RedemptionOutcome> {
    let request = Redeem::parse(request)?;
    let mut tries = Tries::default();
    let mut is_overdraft = false;
    loop {
        let own = known(&request.key, script)?;
        match own.record.state {
            RedemptionState::RolledBack => {
                let refusal = Refusal::AlreadyRolledBack;
                return Ok(RedemptionOutcome::refused(refusal, Some(own)));
            }
            RedemptionState::Redeemed if request.is_as_recorded(&own) => {
                return Ok(RedemptionOutcome::unchanged(own));
            }
            RedemptionState::Redeemed => {
                return Err(Error::new(
                    ErrorCode::IdempotencyMismatch,
                    "key",
                    "is redeemed already, for another order or with other credits captured",
                )
                .into());
            }
            _ => {}
        }
        let mut policy = None;
        let mut reclaimed = Vec::new();
        if own.record.state.has_lapsed() {
            let (claims, in_force) = claims_of_today(&own, context, script)?;
            (reclaimed, policy) = (claims, Some(in_force.redemption.late_redeem));
        }
        let payment = Payment {
            is_overdraft,
            reclaimed,
            ..request.payment(&own, context, script)?
        };
        let write = own.redeemed(payment, script.now)?;
        match tries.settle(&write, script)? {
            Settled::Written(entry) => return Ok(RedemptionOutcome::written(*entry)),
            Settled::Taken => {}
            Settled::Full => {
                if policy != Some(LateRedeem::Overdraft) || is_overdraft {
                    return Ok(RedemptionOutcome::refused(Refusal::HoldExpired, Some(own)));
                }
                is_overdraft = true;
            }
        }
    }
}

/// The record of a key, which has to be there.
pub(super) fn known(key: &str, script: &mut Script<'_>) -> Run<Entry> {
    let entry = script.entry(key)?;
    Ok(entry.ok_or_else(|| {
        Error::new(
            ErrorCode::ReservationNotFound,
            "key",
            "is of no reservation",
        )
    })?)
}

fn captured(node: &Node<'_>) -> Result<(Identifier, Amount)> {
    let object = node.object(&["couponId", "amount"])?;
    let coupon = object.required("couponId", Identifier::parse)?;
    let amount = object.required("amount", |amount| Amount::parse(amount, i64::MAX))?;
    Ok((coupon, amount))
}
