//! The step protocol (architecture §5): what must be read or committed next, or the answer. A pure function of the
//! command and the replies so far, run from the start at each step, so that there is no state to lose.

use serde::Serialize;

use super::adjust_credit::adjust_credit;
use super::give_back::{count, expire, extend, refund_quote, release, roll_back};
use super::load::LoadRequest;
use super::order_status::order_status;
use super::quote::{Quote, Validation};
use super::redeem::redeem;
use super::redeeming::{OrderStatusOutcome, RedemptionOutcome};
use super::request::{CHECKOUT_FIELDS, Checkout};
use super::reserve::{Reservation, reserve};
use super::script::{Pause, Run, Script};
use super::shop::{Context, quote};
use crate::error::{Error, Result};
use crate::model::{Disclosure, Node};
use crate::redemption::{Batch, Refund};

/// What comes next.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Step {
    /// Read this, then come back with the answer.
    Load {
        /// What to read.
        request: LoadRequest,
        /// Whether the operation goes on without an answer.
        optional: bool,
    },
    /// Write this, then come back with what became of it.
    Commit {
        /// Everything or nothing.
        batch: Box<Batch>,
        /// Whether what the call asks for is in it, or only holds of others that have ended.
        own: bool,
    },
    /// Let some time pass.
    Wait {
        /// How much.
        milliseconds: i64,
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
    /// Of every call on a reservation.
    Redemption(Box<RedemptionOutcome>),
    /// Of `refundQuote`.
    Refund(Box<Refund>),
    /// Of `orderStatus`.
    OrderStatus(OrderStatusOutcome),
}

#[derive(Clone, Copy)]
enum Command {
    Validate,
    Apply,
    Reserve,
    RedeemNow,
    Extend,
    Redeem,
    Release,
    Rollback,
    RefundQuote,
    OrderStatus,
    Expire,
    Count,
    AdjustCredit,
}

impl Command {
    fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("validate", Self::Validate),
            ("apply", Self::Apply),
            ("reserve", Self::Reserve),
            ("redeem_now", Self::RedeemNow),
            ("extend", Self::Extend),
            ("redeem", Self::Redeem),
            ("release", Self::Release),
            ("rollback", Self::Rollback),
            ("refund_quote", Self::RefundQuote),
            ("order_status", Self::OrderStatus),
            ("expire", Self::Expire),
            ("count", Self::Count),
            ("adjust_credit", Self::AdjustCredit),
        ])
    }
}

/// Runs an operation as far as the replies reach.
pub fn step(command: &Node<'_>, context: &Context, replies: &Node<'_>) -> Result<Step> {
    let object = command.object(&["type", "request"])?;
    let kind = object.required("type", Command::parse)?;
    // Paths name the request's own fields: `cart.lines[2]`, not `request.cart.lines[2]`.
    let request = command
        .value()
        .field("request")
        .map(|request| Node::root(request, ""))
        .ok_or_else(|| Error::required(&command.path().key("request")))?;
    let mut script = Script::new(replies.values()?, context.now());
    match run(kind, &request, context, &mut script) {
        Ok(outcome) => Ok(Step::Done {
            disclosure: outcome.disclosure(),
            outcome,
        }),
        Err(Pause::Next(step)) => Ok(*step),
        Err(Pause::Failed(error)) => Err(error),
    }
}

fn run(
    command: Command,
    request: &Node<'_>,
    context: &Context,
    script: &mut Script<'_>,
) -> Run<Outcome> {
    let outcome = match command {
        Command::Validate | Command::Apply => {
            let object = request.object(&[&CHECKOUT_FIELDS[..], &["key"]].concat())?;
            let checkout = Checkout::parse_for(&object, context)?;
            let quote = quote(&checkout, context, script)?;
            return Ok(match command {
                Command::Apply => Outcome::Quote(Box::new(quote)),
                _ => Outcome::Validation(quote.into()),
            });
        }
        Command::RefundQuote => {
            let refund = refund_quote(request, script)?;
            return Ok(Outcome::Refund(Box::new(refund)));
        }
        Command::OrderStatus => {
            return order_status(request, context, script).map(Outcome::OrderStatus);
        }
        Command::Reserve => reserve(
            &Reservation::parse(request, context, false)?,
            context,
            script,
        ),
        Command::RedeemNow => reserve(
            &Reservation::parse(request, context, true)?,
            context,
            script,
        ),
        Command::Extend => extend(request, context, script),
        Command::Redeem => redeem(request, context, script),
        Command::Release => release(request, script),
        Command::Rollback => roll_back(request, context, script),
        Command::Expire => expire(request, script),
        Command::Count => count(request, script),
        Command::AdjustCredit => adjust_credit(request, context, script),
    };
    outcome.map(|outcome| Outcome::Redemption(Box::new(outcome)))
}

impl Outcome {
    fn disclosure(&self) -> Disclosure {
        match self {
            Self::Quote(quote) => quote.disclosure,
            Self::Validation(validation) => validation.disclosure,
            Self::Redemption(outcome) => outcome.disclosure(),
            Self::OrderStatus(status) => status
                .outcome
                .as_ref()
                .map_or(Disclosure::Full, |outcome| outcome.disclosure()),
            Self::Refund(_) => Disclosure::Full,
        }
    }
}
