//! What goes wrong between the engine and its store, once per storage call.

use coupon_engine::model::Value;

use super::dice::Dice;
use crate::shared::plain::{entries, field, int, object, set, text, text_of};

/// Of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFault {
    None,
    /// It throws, or the driver gives up waiting.
    Throw,
    /// An earlier state of the store.
    Stale,
    /// Something that no ledger answers.
    Nonsense,
    /// Something that is not so.
    Lie,
}

/// Of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitFault {
    None,
    /// It throws before it is applied.
    Throw,
    /// It is applied, and then throws.
    ApplyAndThrow,
    /// The driver gives up waiting; it is applied some time later, or never.
    Late,
    /// Judged, and answered with something that no ledger answers.
    Nonsense,
    /// Not judged, and said to be taken already.
    FalseExists,
    /// Not judged, and said to be too much.
    FalseCeiling,
    /// Not judged, and said to be in somebody's way.
    Busy,
    /// Delivered twice.
    Duplicate,
}

impl ReadFault {
    pub fn draw(dice: &mut Dice, percent: i64) -> Self {
        match dice.chance(percent) {
            false => Self::None,
            true => dice.weighed(&[
                (3, Self::Throw),
                (4, Self::Stale),
                (1, Self::Nonsense),
                (2, Self::Lie),
            ]),
        }
    }
}

impl CommitFault {
    pub fn draw(dice: &mut Dice, percent: i64) -> Self {
        match dice.chance(percent) {
            false => Self::None,
            true => dice.weighed(&[
                (3, Self::Throw),
                (4, Self::ApplyAndThrow),
                (4, Self::Late),
                (2, Self::Nonsense),
                (2, Self::FalseExists),
                (2, Self::FalseCeiling),
                (2, Self::Busy),
                (3, Self::Duplicate),
            ]),
        }
    }
}

/// A view of the ledger that no ledger answers.
pub fn nonsense(dice: &mut Dice, ledger: &Value) -> Value {
    let mut broken = ledger.clone();
    match dice.within(0, 4) {
        0 => return Value::Null,
        1 => return text("busy"),
        2 => set(&mut broken, "counters", Value::List(vec![int(-1)])),
        3 => set(
            &mut broken,
            "entries",
            Value::List(vec![object([("key", int(1))]), int(0)]),
        ),
        _ => set(&mut broken, "expiredHolds", int(7)),
    }
    broken
}

/// A view of the ledger that has the right shape and is not so. How much credit was added has to be believed: it is what
/// the balance is held to.
pub fn lie(dice: &mut Dice, request: &Value, ledger: &Value) -> Value {
    let mut false_view = ledger.clone();
    let names = entries(field(request, "counters")).iter().map(text_of);
    let counters = entries(field(ledger, "counters")).iter().zip(names);
    let counters = counters.map(|(counter, name)| {
        let mut counter = counter.clone();
        if name.ends_with("/credit/added") {
            return counter;
        }
        let claimed = dice.within(0, 9);
        set(&mut counter, "claimed", int(claimed));
        set(&mut counter, "held", int(dice.within(0, claimed)));
        set(&mut counter, "ended", int(0));
        counter
    });
    let counters = counters.collect();
    set(&mut false_view, "counters", Value::List(counters));
    if dice.chance(50) {
        let none = entries(field(ledger, "entries"))
            .iter()
            .map(|_| Value::Null);
        set(&mut false_view, "entries", Value::List(none.collect()));
    }
    false_view
}

/// A reply to a commit that means nothing.
pub fn meaningless() -> Value {
    let outcome = object([("status", text("perhaps"))]);
    object([("type", text("committed")), ("outcome", outcome)])
}
