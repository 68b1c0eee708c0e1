//! What holds in every wasm host alike. Goes through the crate's Rust API; the JavaScript face is tested from JavaScript.

use coupon_engine::code::{GenerationRequest, GivenBytes};
use coupon_engine::model::{CodeText, InnerSpace, Node, Value};
use coupon_engine::operation::evaluate;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::golden;

fn read(json: &str) -> Value {
    serde_json::from_str(json).expect("the file holds JSON")
}

#[wasm_bindgen_test]
fn m6_fixed_answers_are_those_of_the_native_build() {
    for (request, expected) in golden::cases() {
        let answered = match evaluate(&Node::root(&read(request), "")) {
            Ok(quote) => serde_json::to_string(&quote),
            Err(error) => serde_json::to_string(&error),
        };
        assert_eq!(answered.expect("an answer can be written"), expected);
    }
}

#[wasm_bindgen_test]
fn m6_the_golden_files_hold_in_wasm() {
    let mut count = 0;
    for file in [
        include_str!("../golden/amounts.json"),
        include_str!("../golden/disclosure.json"),
        include_str!("../golden/errors.json"),
        include_str!("../golden/restrictions.json"),
        include_str!("../golden/stacking.json"),
    ] {
        let cases: Vec<serde_json::Value> =
            serde_json::from_str(file).expect("the file holds cases");
        for case in cases {
            let answer = match evaluate(&Node::root(&read(&case["request"].to_string()), "")) {
                Ok(quote) => serde_json::to_value(quote),
                Err(error) => serde_json::to_value(error),
            };
            assert_eq!(
                answer.expect("an answer can be written"),
                case["answer"],
                "{}",
                case["name"]
            );
            count += 1;
        }
    }
    assert!(count >= 20, "only {count} cases");
}

#[wasm_bindgen_test]
fn c3_spellings_have_the_canonical_form_of_the_native_build() {
    for (entered, expected) in [
        (" summer-20 ", Some("SUMMER-20")),
        ("SUMMER\u{2011}20", Some("SUMMER-20")),
        ("ＳＵＭＭＥＲ－２０", Some("SUMMER-20")),
        ("\u{FEFF}sum\u{200B}mer\u{00A0}-20\t", Some("SUMMER-20")),
        ("ıstanbul", None),
        ("İSTANBUL", None),
        ("-A", None),
        ("", None),
    ] {
        let code = CodeText::canonical(entered, InnerSpace::Remove);
        assert_eq!(code.as_ref().map(CodeText::as_str), expected, "{entered:?}");
    }
    for c in '\0'..=char::MAX {
        if let Some(code) = CodeText::canonical(&format!("A{c}B"), InnerSpace::Remove) {
            assert_eq!(
                CodeText::canonical(code.as_str(), InnerSpace::Reject),
                Some(code)
            );
        }
    }
}

#[wasm_bindgen_test]
fn c4_the_platform_s_randomness_makes_different_codes() {
    let request = read(r#"{"count":1000,"length":16}"#);
    let request = GenerationRequest::parse(&Node::root(&request, "")).expect("the request is good");
    let draw = || {
        let mut bytes = vec![0; 40_000];
        getrandom::fill(&mut bytes).expect("the platform has randomness");
        let mut entropy = GivenBytes::new(&bytes).expect("the bytes are random");
        request
            .generate(&mut entropy)
            .expect("there are bytes enough")
            .codes
    };
    let (one, two) = (draw(), draw());
    assert_eq!(one.len(), 1_000);
    assert!(one.iter().all(|code| !two.contains(code)));
}
