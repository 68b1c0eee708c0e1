//! `orderStatus` (semantics §13): what a host's new order status asks for. A status that is in no list, and an order
//! without a reservation, do nothing: a host tells of all its orders, with coupons and without.

use super::give_back::{release_key, roll_back_key};
use super::key::host_key;
use super::load::{LedgerAnswer, LedgerRequest, LoadRequest, read_definitions};
use super::redeem::redeem;
use super::redeeming::{Action, OrderStatusOutcome, RedemptionOutcome};
use super::request::CHECKOUT_FIELDS;
use super::reserve::{Reservation, reserve};
use super::script::{Run, Script};
use super::shop::Context;
use crate::model::{Node, Statuses, Value, text};
use crate::redemption::{Cause, RedemptionState, RollbackRequest};

/// What a status stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    ToBePaid,
    Paid,
    Cancelled,
    Refunded,
}

/// Does what the order's new status asks for.
pub(super) fn order_status(
    request: &Node<'_>,
    context: &Context,
    script: &mut Script<'_>,
) -> Run<OrderStatusOutcome> {
    let own_fields = ["key", "from", "to", "order", "reason"];
    let object = request.object(&[&CHECKOUT_FIELDS[..], &own_fields].concat())?;
    let key = object.required("key", host_key)?;
    let to = object.required("to", |to| text(to, 200))?;
    object.optional("from", |from| text(from, 200))?;
    object.optional("order", host_key)?;
    let reason = object.optional("reason", |reason| text(reason, 200))?;
    let brings_cart = object.has("cart") && object.has("codes");

    let ledger = LedgerRequest::of_entry(&key, script.now);
    let reply = script.load(LoadRequest::of_settings(Some(ledger)))?;
    let (_, settings) = read_definitions(reply)?;
    let policy = context.settled_policy(settings)?;
    let own = LedgerAnswer::of_entry(reply, &key)?;
    let state = own.as_ref().map(|own| own.record.state);

    let reserves = |is_paid| Reservation::of_status(request, context, is_paid);
    let (action, outcome) = match (meaning(&policy.redemption.statuses, &to), state) {
        // What is held already answers as it was reserved, or that this is another cart.
        (
            Some(Meaning::ToBePaid),
            None
            | Some(RedemptionState::Held | RedemptionState::Released | RedemptionState::Expired),
        ) if brings_cart => (
            Action::Reserve,
            reserve(&reserves(false)?, context, script)?,
        ),
        (Some(Meaning::Paid), None) if brings_cart => {
            (Action::Redeem, reserve(&reserves(true)?, context, script)?)
        }
        // One paid status after another changes nothing, whatever it says besides.
        (Some(Meaning::Paid), Some(RedemptionState::Redeemed)) => return Ok(nothing()),
        (Some(Meaning::Paid), Some(_)) => {
            if brings_cart {
                reserves(true)?.refuse_other(own.as_ref())?;
            }
            let payment = of_fields(request, |name| ["key", "order", "customer"].contains(&name));
            (
                Action::Redeem,
                redeem(&Node::root(&payment, ""), context, script)?,
            )
        }
        (Some(Meaning::Cancelled | Meaning::Refunded), Some(RedemptionState::Held)) => {
            (Action::Release, release_key(&key, reason.as_ref(), script)?)
        }
        (
            Some(meaning @ (Meaning::Cancelled | Meaning::Refunded)),
            Some(RedemptionState::Redeemed),
        ) => {
            let cause = match meaning {
                Meaning::Refunded => Cause::Refunded,
                _ => Cause::Cancelled,
            };
            let rollback = RollbackRequest::whole(cause, reason);
            (
                Action::Rollback,
                roll_back_key(&key, &rollback, "", script)?,
            )
        }
        _ => return Ok(nothing()),
    };
    Ok(of_action(action, outcome))
}

/// The parts of the request that another call takes.
pub(super) fn of_fields(request: &Node<'_>, takes: impl Fn(&str) -> bool) -> Value {
    let fields = match request.value() {
        Value::Map(fields) => fields.as_slice(),
        _ => &[],
    };
    let fields = fields.iter().filter(|(name, _)| takes(name));
    Value::Map(fields.cloned().collect())
}

fn of_action(action: Action, outcome: RedemptionOutcome) -> OrderStatusOutcome {
    match outcome.changed || outcome.is_refused() {
        true => OrderStatusOutcome {
            action,
            outcome: Some(Box::new(outcome)),
        },
        false => nothing(),
    }
}

fn nothing() -> OrderStatusOutcome {
    OrderStatusOutcome {
        action: Action::None,
        outcome: None,
    }
}

fn meaning(statuses: &Statuses, to: &str) -> Option<Meaning> {
    [
        (&statuses.reserve, Meaning::ToBePaid),
        (&statuses.redeem, Meaning::Paid),
        (&statuses.cancel, Meaning::Cancelled),
        (&statuses.refund, Meaning::Refunded),
    ]
    .into_iter()
    .find(|(words, _)| words.iter().any(|word| word == to))
    .map(|(_, meaning)| meaning)
}
