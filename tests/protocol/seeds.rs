//! The invariants held against simulated runs, as many as fit into `COUPON_ENGINE_SIMULATION_SECONDS` (180) beginning with
//! `COUPON_ENGINE_SEED`. One pass serves all tests of this file; each is about the invariant in its name.
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

mod refunds;
mod shared;
mod simulation;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use shared::plain::tell;
use simulation::{Kept, simulate};

/// What has to happen in the runs, or they show nothing.
const MUST_HAPPEN: [&str; 20] = [
    "a helper freed ended holds",
    "asked again",
    "clock back",
    "commit ApplyAndThrow",
    "commit Busy",
    "commit Duplicate",
    "commit FalseCeiling",
    "commit FalseExists",
    "commit Late",
    "commit Nonsense",
    "commit Throw",
    "crash",
    "late commit",
    "read Lie",
    "read Nonsense",
    "read Stale",
    "read Throw",
    "redeem refused hold_expired",
    "reserve refused codes_refused",
    "reserve throws idempotency_mismatch",
];

#[derive(Default)]
struct Pass {
    /// The first breach of each invariant.
    breaches: BTreeMap<&'static str, String>,
    tally: BTreeMap<String, u64>,
    seeds: u64,
    storage_calls: u64,
}

fn pass() -> &'static Pass {
    static PASS: OnceLock<Pass> = OnceLock::new();
    PASS.get_or_init(|| {
        let seconds = number("COUPON_ENGINE_SIMULATION_SECONDS").unwrap_or(180);
        let first = number("COUPON_ENGINE_SEED").unwrap_or(0);
        let started = Instant::now();
        let next = AtomicU64::new(first);
        let pass = Mutex::new(Pass::default());
        std::thread::scope(|scope| {
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            for _ in 0..threads {
                scope.spawn(|| {
                    let mut own = Pass::default();
                    while started.elapsed() < Duration::from_secs(seconds) {
                        own.take(next.fetch_add(1, Ordering::Relaxed));
                    }
                    pass.lock().unwrap().join(own);
                });
            }
        });
        let pass = pass.into_inner().unwrap();
        tell(&format!(
            "{} seeds from {first}, {} storage calls, {seconds} s",
            pass.seeds, pass.storage_calls
        ));
        pass
    })
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} must be a number")),
    )
}

impl Pass {
    fn take(&mut self, seed: u64) {
        let report = simulate(seed, Kept::Breaches);
        self.seeds += 1;
        self.storage_calls += report.storage_calls;
        for breach in report.breaches {
            let what = format!("seed {seed}: {}", breach.what);
            self.breaches.entry(breach.law).or_insert(what);
        }
        for (what, times) in report.tally {
            *self.tally.entry(what).or_default() += times;
        }
    }

    fn join(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.storage_calls += other.storage_calls;
        for (law, what) in other.breaches {
            self.breaches.entry(law).or_insert(what);
        }
        for (what, times) in other.tally {
            *self.tally.entry(what).or_default() += times;
        }
    }
}

fn holds(law: &str) {
    if let Some(what) = pass().breaches.get(law) {
        panic!(
            "{law}, {what}\ncargo run --release --example simulate -- <seed> shows it step by step"
        );
    }
}

macro_rules! laws {
    ($($test:ident: $law:literal;)*) => {
        $(#[test]
        fn $test() {
            holds($law);
        })*

        /// A law that no test is named for could be broken unseen.
        #[test]
        fn every_law_that_was_broken_has_a_test() {
            let named = [$($law),*];
            let unnamed = pass().breaches.iter().find(|(law, _)| !named.contains(law));
            assert_eq!(unnamed, None);
        }
    };
}

laws! {
    invariant_u1_no_limit_is_ever_overrun: "u1";
    invariant_u2_counters_are_what_live_records_claim: "u2";
    invariant_u3_the_same_call_again_has_the_same_result: "u3";
    invariant_u4_another_payload_has_no_effect_and_learns_nothing: "u4";
    invariant_u5_only_legal_edges_and_late_events_change_nothing: "u5";
    invariant_u6_what_is_given_back_is_given_back_once_with_its_state: "u6";
    invariant_u7_what_has_lapsed_lives_again_only_by_claiming_again: "u7";
    invariant_u8_all_limits_of_all_codes_are_claimed_together: "u8";
    invariant_u9_once_faults_stop_nothing_stays_held: "u9";
    invariant_u10_what_was_acknowledged_as_paid_stays: "u10";
    invariant_u11_unknown_is_told_as_unknown_and_resolves: "u11";
    invariant_u12_no_budget_is_overspent: "u12";
    invariant_b1_no_store_credit_is_overdrawn: "b1";
    invariant_b2_credit_is_conserved: "b2";
    invariant_b3_no_more_credit_is_restored_than_was_spent_and_once: "b3";
    invariant_m10_refunds_are_never_more_than_was_paid: "m10";
    invariant_s5_nothing_crosses_from_one_customer_or_key_to_another: "s5";
}

#[test]
fn every_fault_and_every_kind_of_end_occurs() {
    let tally = &pass().tally;
    for (what, times) in tally {
        println!("{times:>10} {what}");
    }
    for what in MUST_HAPPEN {
        assert!(tally.contains_key(what), "never: {what}");
    }
}

#[test]
fn invariant_m6_traces_are_those_of_the_golden_file() {
    simulation::assert_golden();
}
