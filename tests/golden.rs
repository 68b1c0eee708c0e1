//! The golden files, run natively. `tests/node/golden.test.mjs` runs the same files on the package, so that Rust and
//! TypeScript cannot drift apart.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a golden file that cannot be read fails the test"
)]

use std::fs;
use std::path::Path;

use coupon_engine::model::{Node, Value};
use coupon_engine::operation::evaluate;
use serde_json::Value as Json;

#[test]
fn every_golden_answer_is_given() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut count = 0_u32;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let cases: Vec<Json> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in cases {
            let request: Value = serde_json::from_value(case["request"].clone()).unwrap();
            let answer = match evaluate(&Node::root(&request, "")) {
                Ok(quote) => serde_json::to_value(quote).unwrap(),
                Err(error) => serde_json::to_value(error).unwrap(),
            };
            assert_eq!(
                answer,
                case["answer"],
                "{}: {}",
                path.display(),
                case["name"]
            );
            count = count.saturating_add(1);
        }
    }
    assert!(count > 50, "only {count} golden cases were found");
}
