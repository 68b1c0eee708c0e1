//! A call on a store without faults, from its start to its end.

use coupon_engine::model::Value;

use super::ledger::Ledger;
use super::plain::field;
use super::protocol::{Call, Next, loaded, waited};
use super::shop::{Shop, view};

/// A call has that many steps at most; one that goes on is stuck.
const MOST_STEPS: usize = 100;

/// The outcome, or the code of the error.
pub fn run(shop: &Shop, ledger: &mut Ledger, call: &Call) -> Result<Value, String> {
    let mut replies = Vec::new();
    for _ in 0..MOST_STEPS {
        let list = Value::List(replies);
        let next = call.next(&list);
        let Value::List(list) = list else {
            unreachable!("it was made of a list");
        };
        replies = list;
        replies.push(match next {
            Next::Load { request, .. } => loaded(view(shop, &request, ledger)),
            Next::Commit(batch) => ledger.commit(&batch).reply(),
            Next::Wait(_) => waited(),
            Next::Done(outcome) => return Ok(outcome),
            Next::Failed { code, .. } => return Err(code),
        });
    }
    panic!("{} does not end", call.kind());
}

/// The status of an outcome, or the code of the error.
pub fn status(outcome: &Result<Value, String>) -> &str {
    match outcome {
        Ok(outcome) => super::plain::maybe_text_of(field(outcome, "status")).unwrap_or("none"),
        Err(code) => code,
    }
}
