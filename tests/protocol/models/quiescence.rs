//! U9: whatever has happened, once faults have stopped and the clock is past every hold, nothing is held and no use is
//! lost. Checked in every state in which no call is under way, the last states among them.

use crate::model::{Protocol, after_all};
use crate::shared::laws::{Breach, breach, of_state};
use crate::shared::ledger::Ledger;
use crate::shared::plain::{field, object, set, text};
use crate::shared::protocol::Call;
use crate::shared::quiet;

/// More than any limit leaves room for.
const NEWCOMERS: usize = 6;

/// With a sweep, and with none: then newcomers free what they need.
pub fn drained(protocol: &Protocol, ledger: &Ledger) -> Vec<Breach> {
    let now = after_all(ledger);
    let mut swept = ledger.clone();
    let held = ledger.newest.values().filter(|entry| entry.is_held());
    for entry in held {
        let request = object([("key", text(&entry.key))]);
        let call = Call::new("expire", request, now, &protocol.shop.policy);
        let _ = quiet::run(&protocol.shop, &mut swept, &call);
    }
    let mut breaches = of_state(&protocol.shop, &swept);
    if let Some(entry) = swept.newest.values().find(|entry| entry.is_held()) {
        breaches.push(breach("u9", format!("{} is held for ever", entry.key)));
    }
    newcomers_take_the_rest(protocol, swept, now, &mut breaches);
    newcomers_take_the_rest(protocol, ledger.clone(), now, &mut breaches);
    breaches
}

fn newcomers_take_the_rest(
    protocol: &Protocol,
    mut ledger: Ledger,
    now: i64,
    breaches: &mut Vec<Breach>,
) {
    let reserve = &protocol.commands[0];
    for newcomer in 0..NEWCOMERS {
        let mut request = reserve.request.clone();
        set(&mut request, "key", text(&format!("newcomer-{newcomer}")));
        let call = Call::new("reserve", request, now, &protocol.shop.policy);
        let outcome = quiet::run(&protocol.shop, &mut ledger, &call);
        breaches.extend(of_state(&protocol.shop, &ledger));
        match quiet::status(&outcome) {
            "held" => {}
            "refused" => {
                let is_full = |(counter, claimed): (&String, &i64)| {
                    let ceiling = protocol.shop.ceiling_of(counter, &ledger);
                    ceiling.is_some_and(|ceiling| *claimed >= ceiling)
                };
                if !ledger.counters.iter().any(is_full) {
                    let quote = outcome.as_ref().map(|outcome| field(outcome, "quote"));
                    breaches.push(breach("u9", format!("a use is lost: {quote:?}")));
                }
                return;
            }
            other => {
                let what = format!("a newcomer meets {other}: {outcome:?}");
                return breaches.push(breach("u9", what));
            }
        }
    }
    breaches.push(breach("u9", "there is room without end"));
}
