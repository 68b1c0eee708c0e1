//! How a property is held against its cases: how many, from which seed, and how a failure is told. Owns no property.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseResult, TestRunner};

const CASES: u32 = 100_000;
const SEED: u64 = 0x00C0_FFEE;

/// Fails with the smallest case found for which the property does not hold.
pub fn hold<S: Strategy>(cases: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    let seed = from_environment("COUPON_ENGINE_SEED").unwrap_or(SEED);
    let config = Config {
        cases: cases_wanted(),
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..Config::default()
    };
    if let Err(failure) = TestRunner::new(config).run(cases, property) {
        panic!("COUPON_ENGINE_SEED={seed}: {failure}");
    }
}

/// The same, where only some cases can show anything: `property` answers whether this one did, and at least one in
/// `at_least_one_in` must, so that the test cannot go empty unnoticed.
pub fn hold_where<S: Strategy>(
    at_least_one_in: u32,
    cases: &S,
    property: impl Fn(S::Value) -> Result<bool, proptest::test_runner::TestCaseError>,
) {
    let telling = std::cell::Cell::new(0_u32);
    hold(cases, |case| {
        if property(case)? {
            telling.set(telling.get() + 1);
        }
        Ok(())
    });
    let telling = telling.get();
    assert!(
        telling >= cases_wanted() / at_least_one_in,
        "only {telling} of {} cases could show anything",
        cases_wanted()
    );
}

pub fn cases_wanted() -> u32 {
    from_environment("COUPON_ENGINE_CASES").unwrap_or(CASES)
}

fn from_environment<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => panic!("{name} must be a number"),
    }
}
