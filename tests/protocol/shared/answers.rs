//! The invariants of answers (U3, U4, U5, U11, S5): what a caller is told is what the store knows. Owns what one call has
//! met on its way, and whether its answer may follow from it.

use std::sync::Arc;

use coupon_engine::model::Value;

use super::laws::{Breach, breach};
use super::ledger::{Entry, Ledger, Outcome};
use super::plain::{entries, field, int_of, maybe_int_of, maybe_text_of, text_of};
use super::protocol::Call;
use super::shop::Shop;

const STATES: [&str; 7] = [
    "none",
    "held",
    "ended",
    "redeemed",
    "released",
    "expired",
    "rolled_back",
];

/// What a call has met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Met {
    /// A commit of its own revision of which nobody knows what became of it.
    pub unknown: Option<i64>,
    /// Its own revision was written, and is not known to be followed by another's.
    pub wrote: bool,
    /// The store told it something that is not so, or not any more.
    pub misled: bool,
    /// A counter that it needs was full.
    pub full: bool,
    /// The states its key was in when it looked, a bit for each of [`STATES`].
    states: u8,
}

impl Met {
    /// Takes note of what it was told of its own key: a later revision than the unknown one settles it.
    pub fn told(&mut self, own: &str, view: &Value) {
        for entry in entries(field(field(view, "ledger"), "entries")) {
            let revision = maybe_int_of(field(entry, "revision"));
            let is_own = maybe_text_of(field(entry, "key")) == Some(own);
            let (Some(revision), Some(unknown), true) = (revision, self.unknown, is_own) else {
                continue;
            };
            self.wrote &= revision <= unknown;
            if revision >= unknown {
                self.unknown = None;
            }
        }
    }

    /// Takes note of a truthful read.
    pub fn read(&mut self, shop: &Shop, request: &Value, now: i64, ledger: &Ledger) {
        let request = field(request, "ledger");
        for key in entries(field(request, "entries")) {
            let newest = ledger.newest.get(text_of(key));
            let state = newest.map_or("none", |entry| match entry.has_ended(now) {
                true => "ended",
                false => entry.state.as_str(),
            });
            self.states |= bits(&[state]);
        }
        for counter in entries(field(request, "counters")).iter().map(text_of) {
            let claimed = ledger.claimed(counter);
            let ended: i64 = ledger
                .newest
                .values()
                .filter(|entry| entry.has_ended(now))
                .map(|entry| entry.claims_of(counter))
                .sum();
            // A budget or a balance may be too small without being used up.
            let is_money = counter.contains("/budget/") || counter.ends_with("/credit");
            let ceiling = shop.ceiling_of(counter, ledger);
            self.full |= ceiling.is_some_and(|ceiling| is_money || claimed - ended >= ceiling);
        }
    }

    /// Takes note of a truthful outcome.
    pub fn committed(&mut self, outcome: &Outcome) {
        self.full |= matches!(outcome, Outcome::Ceiling { .. });
    }
}

fn bits(states: &[&str]) -> u8 {
    let places = STATES.iter().enumerate();
    let chosen = places.filter(|(_, state)| states.contains(state));
    chosen.map(|(place, _)| 1 << place).sum()
}

/// Reads an outcome; `history` are the revisions of its key, as far as they are remembered.
pub fn of_outcome(call: &Call, met: &Met, outcome: &Value, history: &[Arc<Entry>]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    match call.kind() {
        "refund_quote" => {}
        "order_status" => {
            let inner = field(outcome, "outcome");
            if *inner != Value::Null {
                of_redemption(call, met, inner, history, &mut breaches);
            } else if met.wrote {
                breaches.push(breach("u11", "nothing is said of what was written"));
            }
        }
        _ => of_redemption(call, met, outcome, history, &mut breaches),
    }
    breaches
}

fn of_redemption(
    call: &Call,
    met: &Met,
    outcome: &Value,
    history: &[Arc<Entry>],
    breaches: &mut Vec<Breach>,
) {
    let status = text_of(field(outcome, "status"));
    let record = field(outcome, "redemption");
    let key = field(call.request(), "key");
    if *record != Value::Null && *key != Value::Null && field(record, "key") != key {
        breaches.push(breach(
            "s5",
            format!("{key:?} is told {:?}", field(record, "key")),
        ));
    }
    if status == "refused" {
        return of_refusal(call, met, text_of(field(outcome, "reason")), breaches);
    }
    if *record == Value::Null {
        breaches.push(breach("u11", format!("{status} without a record")));
        return;
    }
    let revision = int_of(field(record, "revision"));
    if status != text_of(field(record, "state")) {
        breaches.push(breach(
            "u5",
            format!("{status}, and the record says otherwise"),
        ));
    }
    match history.iter().find(|entry| entry.revision == revision) {
        Some(stored) if says_the_same(record, stored.body()) => {}
        Some(stored) => {
            let what = format!("revision {revision} of {} is told differently", stored.key);
            breaches.push(breach("u3", what));
        }
        // A model remembers the newest only.
        None if history.iter().any(|entry| entry.revision > revision) => {}
        None => breaches.push(breach("u11", format!("{status}, and nothing is stored"))),
    }
    let fits = match call.kind() {
        "reserve" | "extend" => matches!(status, "held" | "redeemed"),
        "redeem" | "redeem_now" | "adjust_credit" => status == "redeemed",
        "release" => matches!(status, "released" | "expired"),
        "rollback" => matches!(status, "redeemed" | "rolled_back"),
        _ => true,
    };
    if !fits {
        breaches.push(breach("u5", format!("{} ends {status}", call.kind())));
    }
}

fn of_refusal(call: &Call, met: &Met, reason: &str, breaches: &mut Vec<Breach>) {
    if met.wrote {
        breaches.push(breach("u11", format!("{reason}, and it is written")));
    }
    if met.unknown.is_some() {
        breaches.push(breach("u11", format!("{reason} after an unknown outcome")));
    }
    if met.misled {
        return;
    }
    let saw = |states: &[&str]| met.states & bits(states) != 0;
    let is_so = match reason {
        "codes_refused" => met.full,
        "hold_expired" if call.kind() == "extend" => saw(&["ended", "expired"]),
        "hold_expired" => met.full && saw(&["ended", "expired", "released"]),
        "not_redeemed" => saw(&["held", "ended", "released", "expired"]),
        "already_redeemed" => saw(&["redeemed"]),
        "already_released" => saw(&["released", "expired"]),
        "already_rolled_back" => saw(&["rolled_back"]),
        _ => true,
    };
    if !is_so {
        let what = format!("{} is refused, {reason}; it saw {met:?}", call.kind());
        let law = if met.full { "u5" } else { "u3" };
        breaches.push(breach(law, what));
    }
}

/// Whether every figure told is the stored one.
fn says_the_same(told: &Value, stored: &Value) -> bool {
    let Value::Map(fields) = told else {
        return false;
    };
    fields
        .iter()
        .all(|(name, value)| field(stored, name) == value)
}

/// Reads an error; `knows_key` says whether the key has any revision.
pub fn of_error(
    call: &Call,
    met: &Met,
    code: &str,
    text: &str,
    history: &[Arc<Entry>],
) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut unless = |is_so: bool, law: &'static str, what: &str| {
        if !is_so {
            breaches.push(breach(
                law,
                format!("{} throws {text}: {what}", call.kind()),
            ));
        }
    };
    if code != "outcome_unknown" {
        unless(met.unknown.is_none(), "u11", "a commit is unknown");
        unless(!met.wrote, "u11", "it is written");
    }
    match code {
        "outcome_unknown" => unless(met.unknown.is_some(), "u11", "nothing was unknown"),
        "reservation_not_found" => {
            let is_so = met.misled || met.states == 0 || met.states & bits(&["none"]) != 0;
            unless(is_so, "u11", "it is stored");
        }
        "idempotency_mismatch" => unless(!history.is_empty(), "u4", "the key is new"),
        "storage_busy" => {}
        "storage_invalid_answer" | "storage_failed" => {
            unless(met.misled, "u11", "the store was sound")
        }
        // A request for more than there is.
        "invalid_value" | "out_of_range" => {}
        _ => unless(false, "u11", "unexpected"),
    }
    breaches
}

/// U4: an error about another payload tells nothing of the first one.
pub fn tells_nothing_of(text: &str, history: &[Arc<Entry>], breaches: &mut Vec<Breach>) {
    for entry in history {
        let body = entry.body();
        let codes = entries(field(body, "codes")).iter();
        let secrets = codes.filter_map(|code| maybe_text_of(field(code, "code")));
        let lines = entries(field(body, "lines")).iter();
        let lines = lines.map(|line| text_of(field(line, "id")));
        for secret in secrets.chain(lines) {
            if text.contains(secret) {
                breaches.push(breach("u4", format!("{text} tells {secret}")));
            }
        }
    }
}
