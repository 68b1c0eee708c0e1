//! Every behaviour of a few workers on a few orders: with a limit, with a store credit, with two coupons in one claim
//! (reliability §2, §3, §6). The transitions are the engine's own `step`. `COUPON_ENGINE_MODEL=deep` takes four orders, and
//! more that goes wrong.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics has failed, which is what it is for"
)]

mod bugs;
mod cases;
mod model;
mod quiescence;
#[path = "../shared/mod.rs"]
mod shared;
mod state;

use std::collections::BTreeSet;
use std::time::Instant;

use stateright::{Checker, HasDiscoveries, Model};

use bugs::Bug;
use cases::{
    ANY_EVENT, ANY_RETURN, GIVEN_BACK, LATE_EVENT, LATE_RETURN, Scope, TAKEN_BACK, WHOLE_RETURN,
};
use model::Protocol;
use shared::plain::tell;

/// Explores everything; whatever should never be, is not, and whatever should be at times, is.
fn clean(name: &str, protocol: Protocol) {
    let started = Instant::now();
    let checker = protocol.checker().threads(2);
    let checker = checker.finish_when(HasDiscoveries::AnyFailures);
    // A way to a breach that goes deep first is not the shortest, but the states on the way need far less memory.
    match sized(false, true) {
        false => told(name, started, checker.spawn_bfs().join()),
        true => told(name, started, checker.spawn_dfs().join()),
    }
}

fn told(name: &str, started: Instant, checker: impl Checker<Protocol>) {
    tell(&format!(
        "{name}: {} states, {} transitions, depth {}, {:.1} s",
        checker.unique_state_count(),
        checker.state_count(),
        checker.max_depth(),
        started.elapsed().as_secs_f32()
    ));
    for (property, path) in checker.discoveries() {
        let state = path.last_state();
        assert!(
            state.breaches.is_empty(),
            "{name}, {property}: {:?}\n{:#?}",
            state.breaches,
            path.clone().into_actions()
        );
    }
    checker.assert_properties();
}

/// Explores until the law is broken.
fn found(mut protocol: Protocol, bug: Bug, law: &'static str) {
    protocol.bug = Some(bug);
    protocol.watched = Some(law);
    let finished = HasDiscoveries::AnyOf(BTreeSet::from([law]));
    let checker = protocol.checker().finish_when(finished);
    let checker = checker.spawn_bfs().join();
    let path = checker.discovery(law);
    let path = path.unwrap_or_else(|| {
        panic!(
            "{bug:?} breaks {law} nowhere in {} states",
            checker.unique_state_count()
        )
    });
    let state = path.last_state().clone();
    let actions = path.into_actions();
    tell(&format!(
        "{bug:?} is found after {} states, in {} steps, by {law}: {}",
        checker.unique_state_count(),
        actions.len(),
        state.breaches[0].what
    ));
    for action in actions {
        println!("    {action:?}");
    }
}

/// One of two, whether `COUPON_ENGINE_MODEL` is `deep` or not.
fn sized<T>(usual: T, deep: T) -> T {
    match std::env::var("COUPON_ENGINE_MODEL") {
        Ok(wanted) if wanted == "deep" => deep,
        _ => usual,
    }
}

fn scope(orders: usize, faults: u8, crashes: u8) -> Scope {
    Scope {
        orders,
        faults,
        crashes,
        expects: [true; 2],
    }
}

#[test]
fn invariant_u1_u2_u7_a_limit_under_every_interleaving() {
    let events = sized(ANY_EVENT, LATE_EVENT);
    let scope = scope(sized(3, 4), 0, 0);
    clean("limit", cases::limit(events, scope));
}

#[test]
fn invariant_u3_u11_a_limit_with_crashes_and_lost_replies() {
    let (faults, crashes) = sized((0, 1), (1, 1));
    clean(
        "crashes",
        cases::limit(LATE_EVENT, scope(3, faults, crashes)),
    );
    let (faults, crashes) = sized((1, 0), (2, 1));
    clean(
        "lost replies",
        cases::limit(ANY_EVENT, scope(2, faults, crashes)),
    );
}

#[test]
fn invariant_u5_u6_u9_orders_whose_workers_do_anything() {
    let (faults, crashes) = sized((0, 0), (1, 1));
    clean("to the end", cases::to_the_end(scope(2, faults, crashes)));
    clean("anything", cases::anything(scope(2, 0, sized(0, 1))));
}

#[test]
fn invariant_b1_b2_b3_m10_a_store_credit_under_every_interleaving() {
    clean("balance", cases::balance(ANY_RETURN, scope(2, 0, 0)));
    let (returns, orders) = sized((WHOLE_RETURN, 3), (LATE_RETURN, 4));
    clean(
        "balance, more orders",
        cases::balance(returns, scope(orders, 0, 0)),
    );
    clean(
        "balance, lost replies",
        cases::balance(ANY_RETURN, scope(2, 1, 0)),
    );
}

#[test]
fn invariant_u8_two_coupons_in_one_claim_under_every_interleaving() {
    let (events, orders) = sized((GIVEN_BACK, 3), (TAKEN_BACK, 4));
    clean(
        "two coupons",
        cases::two_coupons(events, scope(orders, 0, 0)),
    );
    clean(
        "two coupons, lost replies",
        cases::two_coupons(GIVEN_BACK, scope(2, 1, 0)),
    );
}

/// Where most of the bugs are put in.
fn common() -> Protocol {
    cases::limit(ANY_EVENT, scope(3, 0, 0))
}

#[test]
fn invariant_u7_a_payment_after_the_end_that_takes_no_place_is_found() {
    found(common(), Bug::RedeemsTheExpired, "u1");
}

#[test]
fn invariant_u7_a_second_reservation_that_takes_no_place_is_found() {
    found(common(), Bug::ReservesTheLapsed, "u1");
}

#[test]
fn invariant_u6_a_release_in_two_steps_is_found() {
    found(common(), Bug::ReleasesInTwoSteps, "u1");
}

#[test]
fn invariant_u3_a_counter_judged_before_the_key_is_found() {
    let two_orders = cases::limit(ANY_EVENT, scope(2, 0, 0));
    found(two_orders, Bug::CountsBeforeItKnowsTheKey, "u3");
}

#[test]
fn invariant_u6_a_place_restored_twice_is_found() {
    found(cases::to_the_end(scope(2, 0, 0)), Bug::RestoresTwice, "u2");
}

#[test]
fn invariant_u5_a_late_event_after_a_rollback_is_found() {
    found(
        cases::to_the_end(scope(2, 0, 0)),
        Bug::ForgetsRollbacks,
        "u5",
    );
}

#[test]
fn invariant_u10_a_helper_that_expires_what_was_paid_is_found() {
    found(common(), Bug::ExpiresThePaid, "u5");
}
