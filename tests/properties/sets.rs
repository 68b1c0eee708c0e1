//! The cart's codes as a set, tried exhaustively: every order of six codes (M7), every sequence of adding and removing
//! (M9). Owns two small families of carts; random ones are in `determinism` and `codes`.

use coupon_engine::model::Value;
use coupon_engine::operation::OutcomeState;
use serde_json::{Value as Json, json};

use crate::shop::quote;

const NAMES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

fn ask(request: &Json) -> Json {
    let request: Value = serde_json::from_value(request.clone()).unwrap();
    serde_json::to_value(quote(&request)).unwrap()
}

/// Shops of six coupons that differ in every rule of combination; `variant` picks by its digits.
fn shop(variant: u32) -> Json {
    let pick =
        |place: u32, words: &[&str]| words[(variant / place) as usize % words.len()].to_owned();
    let mode = pick(1, &["additive", "sequential", "best", "first"]);
    let max_codes = [1, 2, 3, 30][(variant / 4) as usize % 4];
    let on_conflict = pick(16, &["reject_new", "keep_best"]);
    let coupons: Vec<Json> = (0_u32..6)
        .zip(NAMES)
        .map(|(number, name)| {
            let mix = number.wrapping_mul(7).wrapping_add(variant);
            let discount = match mix % 3 {
                0 => json!({"type": "amount", "amounts": {"EGP": 150 + 90 * mix % 700}}),
                1 => json!({"type": "percent", "basisPoints": 700 + 130 * (mix % 9)}),
                _ => json!({"type": "percent", "basisPoints": 2_500, "cap": {"EGP": 333}}),
            };
            let products = match mix % 4 {
                0 => json!({"include": ["shoe"]}),
                _ => Json::Null,
            };
            json!({
                "id": format!("id-{name}"), "type": "standard", "code": name, "discount": discount,
                "priority": mix % 2, "exclusive": mix % 11 == 0,
                "category": if mix % 2 == 0 { json!("extra") } else { Json::Null },
                "combinesWith": if mix % 5 == 0 { json!(["extra"]) } else { json!("all") },
                "restrictions": {"products": products},
            })
        })
        .collect();
    json!({
        "coupons": coupons,
        "cart": {"currency": "EGP", "lines": [
            {"id": "a", "unitPrice": 1_337, "quantity": 2, "ids": ["shoe"]},
            {"id": "b", "unitPrice": 999, "quantity": 3},
        ]},
        "policy": {"stacking": {"mode": mode, "maxCodes": max_codes, "onConflict": on_conflict}},
        "now": 0,
    })
}

/// The answer with the outcomes by code and no places in the request.
fn without_places(mut answer: Json) -> Json {
    for list in ["codes", "adjustments"] {
        for entry in answer[list].as_array_mut().unwrap() {
            entry.as_object_mut().unwrap().remove("index");
        }
    }
    let codes = answer["codes"].as_array_mut().unwrap();
    codes.sort_by_key(|outcome| outcome["code"].to_string());
    answer
}

#[test]
fn m7_every_permutation_of_six_codes() {
    for variant in 0..160 {
        let mut request = shop(variant);
        let mut expected = None;
        let mut codes = NAMES;
        permute(&mut codes, 0, &mut |order| {
            request["codes"] = json!(order);
            let answer = without_places(ask(&request));
            let expected = expected.get_or_insert_with(|| answer.clone());
            assert_eq!(*expected, answer, "variant {variant}, {order:?}");
        });
    }
}

fn permute(codes: &mut [&'static str; 6], from: usize, visit: &mut impl FnMut(&[&str])) {
    if from == codes.len() {
        visit(codes);
        return;
    }
    for place in from..codes.len() {
        codes.swap(from, place);
        permute(codes, from + 1, visit);
        codes.swap(from, place);
    }
}

/// A shopper types a spelling of a code, or takes every spelling of one off.
#[derive(Clone, Copy)]
enum Act {
    Add(&'static str),
    Remove(&'static str),
}

#[test]
fn m9_every_sequence_of_adding_and_removing() {
    let acts = [
        Act::Add("A"),
        Act::Add(" a "),
        Act::Add("\u{FF21}"),
        Act::Add("D"),
        Act::Add("d"),
        Act::Remove("A"),
        Act::Remove("D"),
    ];
    let mut request = shop(12 + 1);
    for sequence in 0..acts.len().pow(5) {
        let mut entered: Vec<&str> = Vec::new();
        for step in 0..5 {
            match acts[(sequence / acts.len().pow(step)) % acts.len()] {
                Act::Add(text) => entered.push(text),
                Act::Remove(code) => entered.retain(|text| canonical(text) != code),
            }
        }
        request["codes"] = json!(entered);
        let parsed: Value = serde_json::from_value(request.clone()).unwrap();
        let quote = quote(&parsed);
        for code in ["A", "D"] {
            let outcomes = || {
                quote
                    .codes
                    .iter()
                    .filter(|one| one.code.as_deref() == Some(code))
            };
            let applied = outcomes().filter(|one| one.state == OutcomeState::Applied);
            assert!(applied.count() <= 1, "{entered:?}");
            for repeated in outcomes().skip(1) {
                let reason = serde_json::to_value(&repeated.rejection).unwrap();
                assert_eq!(reason["code"], "already_applied", "{entered:?}");
            }
        }
    }
}

fn canonical(text: &str) -> &'static str {
    match text {
        "D" | "d" => "D",
        _ => "A",
    }
}
