//! Fixed requests and the answers every build must give to the byte: native, wasm in Node, wasm in a browser. The two
//! files hold one JSON text a line; `cargo run --example evaluate < requests.jsonl` writes the answers.

const REQUESTS: &str = include_str!("requests.jsonl");
const ANSWERS: &str = include_str!("answers.jsonl");

/// Each request with its answer.
pub fn cases() -> impl Iterator<Item = (&'static str, &'static str)> {
    assert_eq!(REQUESTS.lines().count(), ANSWERS.lines().count());
    assert!(REQUESTS.lines().count() >= 20);
    REQUESTS.lines().zip(ANSWERS.lines())
}
