//! Seven bugs as shops have had them, each a small change of what the engine says, of what it is told, or of how the
//! store judges. The model has to find every one.

use std::sync::Arc;

use coupon_engine::model::Value;

use crate::shared::ledger::{Batch, Entry, Ledger, Outcome};
use crate::shared::plain::{entries, field, set, text};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// A payment after the hold's end takes no place again.
    RedeemsTheExpired,
    /// A second reservation of a key whose first one has lapsed takes no place again.
    ReservesTheLapsed,
    /// A release gives its place back in one step and says so in another.
    ReleasesInTwoSteps,
    /// The counter is judged before the key: whoever repeats a call finds his own place taken.
    CountsBeforeItKnowsTheKey,
    /// A second rollback is written over the first.
    RestoresTwice,
    /// A rolled back order is taken for a released one.
    ForgetsRollbacks,
    /// A helper frees a hold that was paid for meanwhile.
    ExpiresThePaid,
}

impl Bug {
    /// Changes a batch on its way to the store.
    pub fn altered(self, batch: &Batch, before: &Ledger, is_second_half: bool) -> Batch {
        let mut batch = batch.clone();
        let Some(first) = batch.inserts.first().cloned() else {
            return batch;
        };
        let newest = before.newest.get(&first.key);
        let was = newest.map_or("none", |newest| newest.state.as_str());
        let has_lapsed = matches!(was, "released" | "expired");
        match self {
            Self::RedeemsTheExpired if first.state == "redeemed" && has_lapsed => {
                batch.adds.clear();
            }
            Self::ReservesTheLapsed if first.state == "held" && has_lapsed => batch.adds.clear(),
            Self::ReleasesInTwoSteps if first.state == "released" => match is_second_half {
                false => batch.inserts.clear(),
                true => batch.adds.clear(),
            },
            _ => {}
        }
        batch
    }

    /// Judges a batch.
    pub fn judge(self, ledger: &mut Ledger, batch: &Batch) -> Outcome {
        match self {
            Self::CountsBeforeItKnowsTheKey => {
                if let Some(ceiling) = ledger.judge_adds(batch) {
                    return ceiling;
                }
            }
            Self::RestoresTwice if all(batch, |entry| entry.state == "rolled_back") => {
                return overwritten(ledger, batch);
            }
            Self::ExpiresThePaid if batch.inserts.iter().any(|entry| entry.state == "expired") => {
                return overwritten(ledger, batch);
            }
            _ => {}
        }
        ledger.commit(batch)
    }

    /// Changes an answer on its way to the engine.
    pub fn twist(self, view: &mut Value) {
        if self != Self::ForgetsRollbacks {
            return;
        }
        let mut ledger = field(view, "ledger").clone();
        if ledger == Value::Null {
            return;
        }
        let read: Vec<Value> = entries(field(&ledger, "entries"))
            .iter()
            .map(
                |entry| match *field(entry, "state") == text("rolled_back") {
                    true => as_released(entry),
                    false => entry.clone(),
                },
            )
            .collect();
        set(&mut ledger, "entries", Value::List(read));
        set(view, "ledger", ledger);
    }
}

fn all(batch: &Batch, is_so: impl Fn(&Entry) -> bool) -> bool {
    batch.inserts.iter().all(|entry: &Arc<Entry>| is_so(entry))
}

/// Without asking whether the revision is taken.
fn overwritten(ledger: &mut Ledger, batch: &Batch) -> Outcome {
    ledger.judge_adds(batch).unwrap_or_else(|| {
        ledger.insert(batch);
        ledger.add(batch);
        Outcome::Committed
    })
}

fn as_released(entry: &Value) -> Value {
    let mut entry = entry.clone();
    let mut body = field(&entry, "body").clone();
    set(&mut body, "state", text("released"));
    set(&mut entry, "body", body);
    set(&mut entry, "state", text("released"));
    entry
}
