//! The calls after a reservation that are no payment: longer, given back, expired, rolled back (semantics §14, §15).

use super::key::host_key;
use super::redeem::known;
use super::redeeming::{RedemptionOutcome, Refusal};
use super::reserve::{digest_of, hold_for};
use super::script::{Run, Script};
use super::settle::{Settled, Tries};
use super::shop::Context;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{CounterName, Node, Value, text};
use crate::redemption::{
    Entry, RedemptionState, Refund, RefundRequest, RollbackRequest, Snapshot, Write,
};

/// What one look at a record leads to.
enum Next {
    Answer(RedemptionOutcome),
    Write(Box<Write>),
}

/// Looks and writes until it is certain what became of it. None of these claims anything, so no counter is ever full.
fn carry_out(
    key: &str,
    script: &mut Script<'_>,
    next: impl Fn(Entry) -> Result<Next>,
) -> Run<RedemptionOutcome> {
    let mut tries = Tries::default();
    loop {
        match next(known(key, script)?)? {
            Next::Answer(outcome) => return Ok(outcome),
            Next::Write(write) => {
                if let Settled::Written(entry) = tries.settle(&write, script)? {
                    return Ok(RedemptionOutcome::written(*entry));
                }
            }
        }
    }
}

fn refused(reason: Refusal, own: Entry) -> Next {
    Next::Answer(RedemptionOutcome::refused(reason, Some(own)))
}

fn unchanged(own: Entry) -> Next {
    Next::Answer(RedemptionOutcome::unchanged(own))
}

fn write(write: Write) -> Next {
    Next::Write(Box::new(write))
}

/// Makes a hold last longer; it is never shortened.
pub(super) fn extend(
    request: &Node<'_>,
    context: &Context,
    script: &mut Script<'_>,
) -> Run<RedemptionOutcome> {
    let object = request.object(&["key", "holdFor"])?;
    let key = object.required("key", host_key)?;
    let hold_for = match object.optional("holdFor", hold_for)? {
        Some(milliseconds) => milliseconds,
        None => context.stored_policy(script)?.redemption.hold_for,
    };
    let now = script.now;
    let until = now.plus(hold_for);
    carry_out(&key, script, |own| {
        Ok(match own.record.state {
            RedemptionState::Held if own.is_ended_hold(now) => refused(Refusal::HoldExpired, own),
            RedemptionState::Held if own.record.hold_until >= Some(until) => unchanged(own),
            RedemptionState::Held => write(own.extended(until, now)),
            RedemptionState::Expired => refused(Refusal::HoldExpired, own),
            RedemptionState::Released => refused(Refusal::AlreadyReleased, own),
            RedemptionState::Redeemed => refused(Refusal::AlreadyRedeemed, own),
            RedemptionState::RolledBack => refused(Refusal::AlreadyRolledBack, own),
        })
    })
}

/// Gives a hold back.
pub(super) fn release(request: &Node<'_>, script: &mut Script<'_>) -> Run<RedemptionOutcome> {
    let object = request.object(&["key", "reason"])?;
    let key = object.required("key", host_key)?;
    let reason = object.optional("reason", |reason| text(reason, 200))?;
    release_key(&key, reason.as_ref(), script)
}

pub(super) fn release_key(
    key: &str,
    reason: Option<&String>,
    script: &mut Script<'_>,
) -> Run<RedemptionOutcome> {
    let now = script.now;
    carry_out(key, script, |own| {
        Ok(match own.record.state {
            RedemptionState::Held => write(own.released(reason.cloned(), now)),
            RedemptionState::Released | RedemptionState::Expired => unchanged(own),
            RedemptionState::Redeemed => refused(Refusal::AlreadyRedeemed, own),
            RedemptionState::RolledBack => refused(Refusal::AlreadyRolledBack, own),
        })
    })
}

/// Gives back a hold that has ended.
pub(super) fn expire(request: &Node<'_>, script: &mut Script<'_>) -> Run<RedemptionOutcome> {
    let object = request.object(&["key"])?;
    let key = object.required("key", host_key)?;
    let now = script.now;
    carry_out(&key, script, |own| {
        Ok(match own.is_ended_hold(now) {
            true => write(own.expired(now)),
            false => unchanged(own),
        })
    })
}

/// Counts a hold under a limit that was given while it was held already.
pub(super) fn count(request: &Node<'_>, script: &mut Script<'_>) -> Run<RedemptionOutcome> {
    let object = request.object(&["key", "counter"])?;
    let key = object.required("key", host_key)?;
    let counter = object.required("counter", CounterName::parse_stored)?;
    let now = script.now;
    carry_out(&key, script, |own| {
        let counted = match own.is_live_hold(now) {
            true => own.counted(&counter, now),
            false => None,
        };
        Ok(counted.map_or_else(|| unchanged(own), write))
    })
}

/// Takes back what was paid.
pub(super) fn roll_back(
    request: &Node<'_>,
    context: &Context,
    script: &mut Script<'_>,
) -> Run<RedemptionOutcome> {
    let fields = [
        &RefundRequest::FIELDS[..],
        &RollbackRequest::FIELDS,
        &["key"],
    ];
    let object = request.object(&fields.concat())?;
    let key = object.required("key", host_key)?;
    let rollback = RollbackRequest::parse(&object)?;
    let asked = RefundRequest::FIELDS.map(|name| {
        let value = request.value().field(name);
        value.unwrap_or(&Value::Null).clone()
    });
    let payload = digest_of(Value::List(asked.to_vec()), context);
    roll_back_key(&key, &rollback, &payload, script)
}

pub(super) fn roll_back_key(
    key: &str,
    rollback: &RollbackRequest,
    payload: &str,
    script: &mut Script<'_>,
) -> Run<RedemptionOutcome> {
    let mut tries = Tries::default();
    loop {
        let own = known(key, script)?;
        let named = own.record.refund_named(rollback.refund_id.as_deref());
        if let Some((before, refund)) = named {
            return match before == payload {
                true => Ok(told_again(refund.clone(), own)),
                false => Err(Error::new(
                    ErrorCode::IdempotencyMismatch,
                    "refundId",
                    "is the name of another refund of this order",
                )
                .into()),
            };
        }
        let refusal = match own.record.state {
            // A part that is not recorded came too late; the same call would have been found above.
            RedemptionState::RolledBack if rollback.refund_id.is_some() => {
                Some(Refusal::AlreadyRolledBack)
            }
            RedemptionState::RolledBack => {
                return Ok(match own.record.refund_of_the_rest().cloned() {
                    Some(refund) => told_again(refund, own),
                    None => RedemptionOutcome::unchanged(own),
                });
            }
            RedemptionState::Held => Some(Refusal::NotRedeemed),
            RedemptionState::Released | RedemptionState::Expired => Some(Refusal::AlreadyReleased),
            RedemptionState::Redeemed => None,
        };
        if let Some(refusal) = refusal {
            return Ok(RedemptionOutcome::refused(refusal, Some(own)));
        }
        let (write, refund) = own.rolled_back(rollback, payload.to_owned(), script.now)?;
        if let Settled::Written(entry) = tries.settle(&write, script)? {
            return Ok(RedemptionOutcome {
                refund: Some(Box::new(Snapshot::Taken(refund))),
                ..RedemptionOutcome::written(*entry)
            });
        }
    }
}

/// A repeated call learns what the first one refunded.
fn told_again(refund: Snapshot<Refund>, own: Entry) -> RedemptionOutcome {
    RedemptionOutcome {
        refund: Some(Box::new(refund)),
        ..RedemptionOutcome::unchanged(own)
    }
}

/// What a return is worth; writes nothing.
pub(super) fn refund_quote(request: &Node<'_>, script: &mut Script<'_>) -> Run<Refund> {
    let object = request.object(&[&RefundRequest::FIELDS[..], &["key"]].concat())?;
    let key = object.required("key", host_key)?;
    let refund = RefundRequest::parse(&object)?;
    let own = known(&key, script)?;
    if own.record.redeemed_at.is_none() {
        let message = "is of a reservation that is not paid";
        return Err(Error::new(ErrorCode::InvalidValue, "key", message).into());
    }
    let (refund, _) = own.record.refund(&refund)?;
    Ok(refund)
}
