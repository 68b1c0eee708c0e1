//! The invariants of the store (reliability §2, §3): of every state it is in, and of every batch it took. Knows nothing
//! of how the engine decides; a breach is told by the invariant's name.

use std::collections::{BTreeMap, BTreeSet};

use coupon_engine::model::Value;

use super::ledger::{Batch, Entry, Ledger};
use super::plain::{entries, field, int_of, is_true, json, maybe_text_of, text_of};
use super::protocol::Call;
use super::shop::{Shop, is_flagged};

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Breach {
    pub law: &'static str,
    pub what: String,
}

pub fn breach(law: &'static str, what: impl Into<String>) -> Breach {
    Breach {
        law,
        what: what.into(),
    }
}

/// U1, U2, U8, U12, B1 – B3 of a state.
pub fn of_state(shop: &Shop, ledger: &Ledger) -> Vec<Breach> {
    let mut breaches = Vec::new();
    counters_are_within_bounds(shop, ledger, &mut breaches);
    counters_are_what_is_live(ledger, &mut breaches);
    uses_are_within_limits(shop, ledger, &mut breaches);
    for entry in ledger.newest.values() {
        claims_are_complete(shop, entry, &mut breaches);
        credit_is_given_back_once(entry, &mut breaches);
    }
    breaches
}

fn counters_are_within_bounds(shop: &Shop, ledger: &Ledger, breaches: &mut Vec<Breach>) {
    let newest = ledger.newest.values();
    let flagged: Vec<_> = newest.filter(|entry| is_flagged(entry.body())).collect();
    for (counter, claimed) in &ledger.counters {
        let over: i64 = flagged.iter().map(|entry| entry.claims_of(counter)).sum();
        let law = law_of_counter(counter).unwrap_or("u1");
        let ceiling = shop.ceiling_of(counter, ledger);
        if *claimed < 0 || ceiling.is_some_and(|ceiling| *claimed > ceiling + over) {
            breaches.push(breach(
                law,
                format!("{counter} is {claimed} of {ceiling:?}"),
            ));
        }
    }
}

fn counters_are_what_is_live(ledger: &Ledger, breaches: &mut Vec<Breach>) {
    let live = ledger.live();
    let stored: BTreeMap<&str, i64> = ledger
        .counters
        .iter()
        .map(|(counter, claimed)| (counter.as_str(), *claimed))
        .collect();
    if live == stored {
        return;
    }
    let is_credit = |counter: &&str| counter.contains("/credit");
    let names: BTreeSet<&str> = live.keys().chain(stored.keys()).copied().collect();
    let differing = names
        .into_iter()
        .filter(|name| live.get(name) != stored.get(name));
    let (credit, other): (Vec<&str>, Vec<&str>) = differing.partition(is_credit);
    for (law, counters) in [("b2", credit), ("u2", other)] {
        if let Some(name) = counters.first() {
            let (live, stored) = (live.get(name), stored.get(name));
            breaches.push(breach(
                law,
                format!("{name} is {stored:?}, live are {live:?}"),
            ));
        }
    }
}

/// The limits once more, from the bodies of live records, so that a claim that is missing is a breach too.
fn uses_are_within_limits(shop: &Shop, ledger: &Ledger, breaches: &mut Vec<Breach>) {
    for coupon in &shop.coupons {
        let mut uses = 0;
        let mut spent = 0;
        let mut paid = 0;
        for entry in ledger.newest.values() {
            let body = entry.body();
            if !entry.is_live() || is_flagged(body) {
                continue;
            }
            for code in of_coupon(field(body, "codes"), &coupon.id) {
                uses += 1;
                spent += int_of(field(code, "amount"));
            }
            for credit in of_coupon(field(body, "credits"), &coupon.id) {
                paid += int_of(field(credit, "amount")) - int_of(field(credit, "restored"));
            }
        }
        if coupon.limits.total.is_some_and(|total| uses > total) {
            breaches.push(breach("u1", format!("{uses} live uses of {}", coupon.id)));
        }
        if coupon.limits.budget.is_some_and(|budget| spent > budget) {
            breaches.push(breach(
                "u12",
                format!("{spent} discounted by {}", coupon.id),
            ));
        }
        let added = ledger.claimed(&format!("coupon/{}/credit/added", coupon.id));
        if coupon.issued().is_some_and(|issued| paid > issued + added) {
            breaches.push(breach("b1", format!("{paid} paid by {}", coupon.id)));
        }
    }
}

fn of_coupon<'a>(list: &'a Value, id: &'a str) -> impl Iterator<Item = &'a Value> {
    let list = entries(list).iter();
    list.filter(move |one| maybe_text_of(field(one, "couponId")) == Some(id))
}

/// U8: a live record claims of everything that its codes limit, and of nothing else.
fn claims_are_complete(shop: &Shop, entry: &Entry, breaches: &mut Vec<Breach>) {
    if !entry.is_live() || entry.key.starts_with("credit/") {
        return;
    }
    let mut missing: BTreeMap<&str, i64> = BTreeMap::new();
    for claim in &entry.claims {
        *missing.entry(&claim.counter).or_default() += claim.amount;
    }
    let wanted = wanted_claims(shop, entry);
    let is_first = |name: &str| name.starts_with("first_order/");
    for (pattern, amount) in &wanted {
        let found = missing.keys().copied().find(|name| fits(name, pattern));
        if found.and_then(|name| missing.remove(name)) != Some(*amount) {
            let what = format!("{} lacks {amount} of {pattern}", entry.key);
            breaches.push(breach("u8", what));
        }
    }
    if let Some((name, amount)) = missing.iter().find(|(name, _)| !is_first(name)) {
        breaches.push(breach(
            "u8",
            format!("{} claims {amount} of {name}", entry.key),
        ));
    }
}

/// Names with `*` in the place of a date.
fn wanted_claims(shop: &Shop, entry: &Entry) -> Vec<(String, i64)> {
    let body = entry.body();
    let keys = &entry.customer_keys;
    let mut wanted = Vec::new();
    let mut is_first_order = false;
    for code in entries(field(body, "codes")) {
        let Some(coupon) = shop.coupon(text_of(field(code, "couponId"))) else {
            continue;
        };
        is_first_order |= coupon.first_order_only;
        let id = maybe_text_of(field(code, "codeId")).unwrap_or_default();
        let of_code = coupon
            .codes
            .iter()
            .find(|code| code.text.to_lowercase() == id);
        let of_coupon = (format!("coupon/{}", coupon.id), &coupon.limits);
        let of_code = of_code.map(|code| (format!("code/{id}"), &code.limits));
        for (scope, limits) in std::iter::once(of_coupon).chain(of_code) {
            let mut add = |name: String, amount: i64, total: Option<i64>, each: Option<i64>| {
                let of_keys = keys.iter().filter(|_| each.is_some());
                wanted.extend(of_keys.map(|key| (format!("{name}/customer/{key}"), amount)));
                wanted.extend(total.map(|_| (name, amount)));
            };
            for window in &limits.windows {
                add(
                    format!("{scope}/{}/*", window.per),
                    1,
                    window.total,
                    window.per_customer,
                );
            }
            let discount = int_of(field(code, "amount"));
            let budget = limits.budget.filter(|_| discount > 0);
            add(format!("{scope}/budget/EGP"), discount, budget, None);
            add(scope, 1, limits.total, limits.per_customer);
        }
    }
    if is_first_order {
        wanted.extend(
            keys.iter()
                .map(|key| (format!("first_order/customer/{key}"), 1)),
        );
    }
    for credit in entries(field(body, "credits")) {
        let left = int_of(field(credit, "amount")) - int_of(field(credit, "restored"));
        if left > 0 {
            let id = text_of(field(credit, "couponId"));
            wanted.push((format!("coupon/{id}/credit"), left));
        }
    }
    wanted
}

fn fits(name: &str, pattern: &str) -> bool {
    let mut names = name.split('/');
    let mut patterns = pattern.split('/');
    loop {
        match (names.next(), patterns.next()) {
            (None, None) => return true,
            (Some(name), Some(pattern)) if name == pattern || pattern == "*" => {}
            _ => return false,
        }
    }
}

/// B3 and M10 of a record.
fn credit_is_given_back_once(entry: &Entry, breaches: &mut Vec<Breach>) {
    let body = entry.body();
    let mut restored = 0;
    for credit in entries(field(body, "credits")) {
        let back = int_of(field(credit, "restored"));
        restored += back;
        if back < 0 || back > int_of(field(credit, "amount")) {
            breaches.push(breach(
                "b3",
                format!("{} got {back} of its credit", entry.key),
            ));
        }
    }
    let refunded = field(body, "refunded");
    if int_of(field(refunded, "credit")) != restored {
        breaches.push(breach(
            "b3",
            format!("{} has {restored} restored", entry.key),
        ));
    }
    let back = int_of(field(refunded, "amount"));
    if back > paid(body) || (entry.state == "rolled_back" && back != paid(body)) {
        breaches.push(breach(
            "m10",
            format!("{} refunds {back} of {}", entry.key, paid(body)),
        ));
    }
}

/// All that was paid for an order, store credit included.
pub fn paid(body: &Value) -> i64 {
    let totals = field(body, "totals");
    int_of(field(totals, "total")) + int_of(field(totals, "credit"))
}

/// U3, U5 – U9, B3 and S5 of a batch that the store took in the state `before`.
pub fn of_commit(
    shop: &Shop,
    before: &Ledger,
    call: &Call,
    now: i64,
    batch: &Batch,
) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let request = call.request();
    let own = maybe_text_of(field(request, "key"));
    // A batch without an insert could be applied twice.
    if batch.inserts.is_empty() {
        breaches.push(breach("u3", "a batch inserts nothing"));
    }
    let mut law = "u2";
    for entry in &batch.inserts {
        let newest = before.newest.get(&entry.key).map(AsRef::as_ref);
        edge_is_legal(entry, newest, &mut breaches);
        if own == Some(entry.key.as_str()) || entry.key.starts_with("credit/") {
            repeats_nothing(call, entry, newest, now, &mut breaches);
            law = law_of_edge(entry, newest, now);
        } else if entry.state != "expired" || !newest.is_some_and(|newest| newest.has_ended(now)) {
            let what = format!("{own:?} makes {} {}", entry.key, entry.state);
            breaches.push(breach("s5", what));
        }
    }
    adds_are_what_claims_become(before, batch, law, &mut breaches);
    if !batch
        .adds
        .is_sorted_by(|one, two| one.counter < two.counter)
    {
        breaches.push(breach("u8", "adds are not sorted by counter"));
    }
    for add in batch.adds.iter().filter(|add| add.delta > 0) {
        let limit = shop.ceiling_of(&add.counter, before);
        let is_free = batch.inserts.iter().any(|entry| is_flagged(entry.body()))
            || (call.kind() == "redeem" && add.counter.contains("/customer/"));
        // Less of a credit may have been issued when the call looked.
        let is_held_to_it = match add.counter.ends_with("/credit") {
            true => add.ceiling <= limit,
            false => add.ceiling == limit,
        };
        let is_without = is_free && add.ceiling.is_none();
        if !(is_held_to_it || is_without) {
            let what = format!("{} under {:?}, not {limit:?}", add.counter, add.ceiling);
            breaches.push(breach(law_of_counter(&add.counter).unwrap_or("u1"), what));
        }
    }
    breaches
}

/// Money has invariants of its own.
fn law_of_counter(counter: &str) -> Option<&'static str> {
    let is_credit = counter.ends_with("/credit");
    let is_budget = counter.contains("/budget/");
    is_credit.then_some("b1").or(is_budget.then_some("u12"))
}

fn edge_is_legal(entry: &Entry, newest: Option<&Entry>, breaches: &mut Vec<Breach>) {
    let from = newest.map_or("none", |newest| newest.state.as_str());
    let is_legal = match from {
        "none" => matches!(entry.state.as_str(), "held" | "redeemed"),
        "held" => matches!(
            entry.state.as_str(),
            "held" | "redeemed" | "released" | "expired"
        ),
        "released" | "expired" => matches!(entry.state.as_str(), "held" | "redeemed"),
        "redeemed" => matches!(entry.state.as_str(), "redeemed" | "rolled_back"),
        _ => false,
    };
    if !is_legal {
        breaches.push(breach(
            "u5",
            format!("{}: {from} → {}", entry.key, entry.state),
        ));
    }
    if entry.revision != newest.map_or(0, |newest| newest.revision + 1) {
        breaches.push(breach(
            "u5",
            format!("{}: revision {}", entry.key, entry.revision),
        ));
    }
}

/// Which invariant the counters of an edge are about.
fn law_of_edge(entry: &Entry, newest: Option<&Entry>, now: i64) -> &'static str {
    let has_lapsed = newest.is_some_and(|newest| {
        matches!(newest.state.as_str(), "released" | "expired") || newest.has_ended(now)
    });
    match entry.is_live() {
        false => "u6",
        true if has_lapsed => "u7",
        true => "u2",
    }
}

/// U3, U4 and B3: what has been done is not done again, nor something else in its place.
fn repeats_nothing(
    call: &Call,
    entry: &Entry,
    newest: Option<&Entry>,
    now: i64,
    breaches: &mut Vec<Breach>,
) {
    let Some(newest) = newest else { return };
    let request = call.request();
    let is_in_force = newest.is_live() && !newest.has_ended(now);
    let repeats = match call.kind() {
        "reserve" => is_in_force && !is_true(field(request, "replace")),
        "redeem_now" | "redeem" => newest.state == "redeemed",
        "order_status" => newest.state == entry.state && is_in_force,
        _ => false,
    };
    if repeats {
        let what = format!(
            "{} is {} and gets revision {}",
            entry.key, newest.state, entry.revision
        );
        breaches.push(breach("u3", what));
    }
    let asks = matches!(call.kind(), "reserve" | "redeem_now" | "order_status");
    let is_another = field(newest.body(), "payload") != field(entry.body(), "payload");
    if asks && is_another && !is_true(field(request, "replace")) {
        let what = format!("{} gets another payload unasked", entry.key);
        breaches.push(breach("u4", what));
    }
    let ids = entries(field(field(newest.body(), "refunded"), "refundIds"));
    let id = field(request, "refundId");
    if call.kind() == "rollback" && *id != Value::Null && ids.contains(id) {
        breaches.push(breach("b3", format!("{} refunds {id:?} twice", entry.key)));
    }
}

/// Every counter moves by what the claims on it change, in this very batch.
fn adds_are_what_claims_become(
    before: &Ledger,
    batch: &Batch,
    law: &'static str,
    breaches: &mut Vec<Breach>,
) {
    let mut changes: BTreeMap<&str, i64> = BTreeMap::new();
    for entry in &batch.inserts {
        for claim in &entry.claims {
            *changes.entry(&claim.counter).or_default() += claim.amount;
        }
        let newest = before.newest.get(&entry.key);
        for claim in newest.map_or(&[][..], |newest| &newest.claims) {
            *changes.entry(&claim.counter).or_default() -= claim.amount;
        }
    }
    for add in &batch.adds {
        *changes.entry(&add.counter).or_default() -= add.delta;
    }
    for (name, by) in changes.iter().filter(|(_, by)| **by != 0) {
        let law = if name.contains("/credit") { "b2" } else { law };
        breaches.push(breach(law, format!("{name} is off by {by}")));
    }
}

/// S5: nothing of another customer is claimed or told. `strangers` are the values of others' keys, none of which JSON
/// would escape.
pub fn no_stranger_is_in(said: &Value, strangers: &[String], breaches: &mut Vec<Breach>) {
    let said = json(said);
    for stranger in strangers {
        if said.contains(stranger.as_str()) {
            let what = format!("{stranger} is another customer's, in {said}");
            breaches.push(breach("s5", what));
        }
    }
}
