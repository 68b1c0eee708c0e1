//! One call of the engine: the command, and what the engine says to the replies so far. Owns the translation between the
//! engine's `Step` and what a driver does; every decision is the engine's.

use coupon_engine::model::{Node, Value};
use coupon_engine::operation::{Context, step};

use super::ledger::Batch;
use super::plain::{field, is_true, json, object, text, text_of};
use super::tree::tree_of;

/// What the engine wants next, or what came of the call.
#[derive(Clone, Debug)]
pub enum Next {
    /// Read this; an optional read may fail.
    Load { request: Value, is_optional: bool },
    /// Commit this.
    Commit(Batch),
    /// Wait so many milliseconds.
    Wait(i64),
    /// The outcome.
    Done(Value),
    /// The code of the error thrown, and its whole text.
    Failed { code: String, text: String },
}

/// A command in its context, ready to be asked.
#[derive(Clone, Debug)]
pub struct Call {
    pub command: Value,
    context: Context,
}

impl Call {
    /// `kind` is the operation, `now` the instant of the call.
    pub fn new(kind: &str, request: Value, now: i64, policy: &Value) -> Self {
        let context = object([
            ("now", Value::Integer(now)),
            ("policy", policy.clone()),
            ("identityKey", text("the shop's secret")),
        ]);
        let context = Context::parse(&Node::root(&context, ""))
            .unwrap_or_else(|error| panic!("{error}: {}", json(&context)));
        Self {
            command: object([("type", text(kind)), ("request", request)]),
            context,
        }
    }

    pub fn kind(&self) -> &str {
        text_of(field(&self.command, "type"))
    }

    pub fn request(&self) -> &Value {
        field(&self.command, "request")
    }

    /// Runs the engine from the start over a list of replies: what it says.
    pub fn say(&self, replies: &Value) -> Value {
        let command = Node::root(&self.command, "");
        match step(&command, &self.context, &Node::root(replies, "replies")) {
            Ok(step) => tree_of(&step),
            Err(error) => tree_of(&error),
        }
    }

    /// The same, and what it means.
    pub fn next(&self, replies: &Value) -> Next {
        parse(&self.say(replies))
    }
}

/// What the engine wants by what it said; an error has no type.
pub fn parse(step: &Value) -> Next {
    if field(step, "type") == &Value::Null {
        return Next::Failed {
            code: text_of(field(step, "code")).to_owned(),
            text: json(step),
        };
    }
    match text_of(field(step, "type")) {
        "load" => Next::Load {
            request: field(step, "request").clone(),
            is_optional: is_true(field(step, "optional")),
        },
        "commit" => Next::Commit(Batch::parse(field(step, "batch"))),
        "wait" => Next::Wait(super::plain::int_of(field(step, "milliseconds"))),
        "done" => Next::Done(field(step, "outcome").clone()),
        other => panic!("the engine said {other}"),
    }
}

/// The reply to a read.
pub fn loaded(view: Value) -> Value {
    object([("type", text("loaded")), ("view", view)])
}

/// The reply to a commit whose outcome nobody knows, or to an optional read that failed.
pub fn unknown() -> Value {
    object([("type", text("unknown"))])
}

/// The reply to a wait.
pub fn waited() -> Value {
    object([("type", text("waited"))])
}
