//! X1 and X2: every entry of the engine answers any input with a result or a typed error, and the next good call is
//! answered as if nothing had happened. Owns the entries and the probe; the input is made in `wild`.

use std::sync::OnceLock;

use coupon_engine::code::{Entropy, GenerationRequest};
use coupon_engine::coupon::{
    define_codes, define_coupon, define_rule, describe, discount_active_at, revise_code,
    revise_coupon, revise_rule,
};
use coupon_engine::error::{Error, Result};
use coupon_engine::link::{UrlTokenOptions, parse_url_token};
use coupon_engine::model::{CodeText, InnerSpace, Instant, Node, Policy, Value};
use coupon_engine::operation::{Context, Prepared, evaluate, step};
use proptest::prelude::*;

use crate::draw::any_shop;
use crate::hold::hold;

use crate::wild::{any_tree, damaged, damages};

/// Bytes that repeat only after 2^64 draws; the properties need variety, not secrecy.
struct Sequence(u64);

impl Entropy for Sequence {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<()> {
        for byte in buffer {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = self.0.to_be_bytes()[0];
        }
        Ok(())
    }
}

const ENTRIES: usize = 14;

/// Gives a tree to an entry, and answers as the boundary would: the answer or the error, written.
fn call(entry: usize, tree: &Value) -> Result<String> {
    let node = Node::root(tree, "");
    let now = Instant::parse(&Node::root(&Value::Integer(0), "now"))?;
    let entropy = &mut Sequence(1);
    match entry {
        0 => evaluate(&node).map(written),
        1 => Prepared::new(&node)?.evaluate(&node).map(written),
        2 => define_coupon(&node, &Policy::default(), now, entropy).map(written),
        3 => define_codes(&node, now, entropy).map(written),
        4 => stepped(tree, tree, tree),
        5 => describe(&node).map(written),
        6 => GenerationRequest::parse(&node).map(|_| String::new()),
        7 => UrlTokenOptions::parse(&node)
            .and_then(|options| parse_url_token("https://a.example/x/A?coupon=b&code=%", &options))
            .map(written),
        8 => define_rule(&node, &Policy::default(), now, entropy).map(written),
        9 => revise_coupon(&node, &unlocked()?).map(written),
        10 => revise_code(&node, &unlocked()?).map(written),
        11 => revise_rule(&node, &unlocked()?).map(written),
        12 => discount_active_at(&node).map(written),
        _ => Policy::parse(&node).map(written),
    }
}

/// A policy under which every term may be changed.
fn unlocked() -> Result<Policy> {
    Policy::parse(&Node::root(&read(r#"{"lock":"never"}"#), "policy"))
}

fn stepped(command: &Value, context: &Value, replies: &Value) -> Result<String> {
    let context = Context::parse(&Node::root(context, ""))?;
    step(
        &Node::root(command, ""),
        &context,
        &Node::root(replies, "replies"),
    )
    .map(written)
}

fn written(answer: impl serde::Serialize) -> String {
    serde_json::to_string(&answer).unwrap()
}

/// An error is told with a code of the closed list, and can be written.
fn check_told(answer: &Result<String>) -> std::result::Result<(), TestCaseError> {
    if let Err(error) = answer {
        let written: serde_json::Value = serde_json::from_str(&written(error)).unwrap();
        prop_assert!(
            written["code"]
                .as_str()
                .is_some_and(|code| !code.is_empty())
        );
        prop_assert!(
            written["message"]
                .as_str()
                .is_some_and(|message| !message.is_empty())
        );
    }
    check_probe()
}

/// X2: 10 % and 5 % of 100.00, shipping 4.90; the figures are worked out by hand.
fn check_probe() -> std::result::Result<(), TestCaseError> {
    static PROBE: OnceLock<Value> = OnceLock::new();
    let probe = PROBE.get_or_init(|| {
        read(
            r#"{"now":0,"codes":["five","ten"],"policy":{"preset":"dovetech"},
                "cart":{"currency":"EGP","shipping":490,"lines":[{"id":"a","unitPrice":5000,"quantity":2}]},
                "coupons":[
                  {"id":"t","type":"standard","code":"TEN","priority":1,"discount":{"type":"percent","basisPoints":1000}},
                  {"id":"f","type":"standard","code":"FIVE","priority":2,"discount":{"type":"percent","basisPoints":500}}]}"#,
        )
    });
    let quote = evaluate(&Node::root(probe, "")).unwrap();
    let amounts: Vec<i64> = quote
        .adjustments
        .iter()
        .map(|one| one.amount.minor())
        .collect();
    prop_assert_eq!(amounts, [1_000, 450]);
    prop_assert_eq!(quote.totals.total.minor(), 10_000 - 1_450 + 490);
    Ok(())
}

fn read(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

#[test]
fn x1_x2_any_tree_into_any_entry() {
    hold(&(any_tree(), 0..ENTRIES), |(tree, entry)| {
        check_told(&call(entry, &tree))
    });
}

#[test]
fn x1_x2_a_damaged_request_into_evaluate_and_prepare() {
    hold(&(any_shop(), damages()), |(shop, damages)| {
        let request = damaged(shop.request(), &damages);
        check_told(&call(0, &request))?;
        let prepared = Prepared::new(&Node::root(&damaged(shop.terms(), &damages), ""));
        let answer = prepared
            .and_then(|set| set.evaluate(&Node::root(&damaged(shop.checkout(), &damages), "")));
        check_told(&answer.map(written))
    });
}

/// Definitions with everything in them, their records, and a command with the replies that answer it.
struct Good {
    /// Each with the entry that takes it.
    inputs: Vec<(usize, Value)>,
    command: Value,
    context: Value,
    replies: Value,
}

fn good() -> &'static Good {
    static GOOD: OnceLock<Good> = OnceLock::new();
    GOOD.get_or_init(|| {
        let (definition, rule) = (
            read(include_str!("good/definition.json")),
            read(include_str!("good/rule.json")),
        );
        let now = Instant::parse(&Node::root(&Value::Integer(0), "now")).unwrap();
        let (policy, entropy) = (Policy::default(), &mut Sequence(7));
        let defined = define_coupon(&Node::root(&definition, ""), &policy, now, entropy).unwrap();
        let defined_rule = define_rule(&Node::root(&rule, ""), &policy, now, entropy).unwrap();
        let with_records = |json: &str| {
            let json = json
                .replace("\"COUPON\"", &written(&defined.coupon))
                .replace("\"CODE\"", &written(&defined.own_code))
                .replace("\"RULE\"", &written(&defined_rule));
            read(&json)
        };
        let changed = with_records(&format!(
            r#"{{"record":"COUPON","claimed":3,"changes":{{"discount":{DISCOUNT},"limits":{{"total":9}},"name":null}}}}"#,
        ));
        let inputs = vec![
            (2, definition),
            (3, with_records(r#"{"coupon":"COUPON","batch":1,"codes":[{"code":"a-1","metadata":{"k":"v"}},{}]}"#)),
            (5, with_records(r#"{"coupon":"COUPON","rules":["RULE"],"used":3,"credit":{"claimed":5,"held":2,"added":9},"now":"2026-05-31T23:59:59Z"}"#)),
            (6, read(r#"{"count":3,"length":8,"charset":"ABCabc123","prefix":"P","suffix":"S","separator":"_","existing":5}"#)),
            (7, read(r#"{"params":["coupon","code"],"paths":["/x/{code}"],"maxCodes":2,"duplicates":"all","maxLength":100}"#)),
            (8, rule),
            (9, changed),
            (10, with_records(r#"{"coupon":"COUPON","record":"CODE","claimed":3,"changes":{"state":"archived","issuedAt":7}}"#)),
            (11, with_records(&format!(r#"{{"record":"RULE","changes":{{"discount":{DISCOUNT},"priority":-3,"name":null}}}}"#))),
            (12, read(r#"{"duration":{"type":"repeating","months":3},"redeemedAt":0,"paymentAt":"1970-03-31T23:59:59Z","paymentNumber":3,"state":"inactive","stopOnDeactivate":false}"#)),
            (13, read(POLICY)),
        ];
        Good {
            inputs,
            command: read(include_str!("good/command.json")),
            context: read(r#"{"now":"2026-05-31T23:59:59Z","policy":{"preset":"dino","rounding":"floor"}}"#),
            replies: with_records(include_str!("good/replies.json")),
        }
    })
}

const DISCOUNT: &str =
    r#"{"type":"percent","basisPoints":1500,"cap":{"EGP":900},"distribution":"even"}"#;
const POLICY: &str = r#"{
    "preset": "dino", "rounding": "half_even", "roundingPoint": "unit", "distribution": "medusa", "globalCapBasisPoints": 4000,
    "foreignDiscounts": "subtract_from_base", "interaction": "automatic_replaces", "minPayable": {"EGP": 100}, "allowZeroTotal": false,
    "zone": "Africa/Cairo",
    "redemption": {
        "holdFor": 1000, "lateRedeem": "overdraft", "restore": {"cancelled": "none", "refunded": "customer_only"},
        "statuses": {"reserve": ["new"], "redeem": ["paid"], "cancel": [], "refund": ["back"]}
    },
    "lock": "on_first_redemption", "stopOnDeactivate": false, "disclosure": "uniform", "minBasisPoints": 100,
    "stacking": {
        "mode": "best_combination", "maxCodes": 3, "order": "fixed_first", "onConflict": "keep_best", "onInapplicable": "all_or_nothing",
        "maxPerCategory": {"loyalty": 2}, "onePerLine": true
    }
}"#;

#[test]
fn x1_the_undamaged_input_is_accepted_by_every_entry() {
    let good = good();
    for (entry, tree) in &good.inputs {
        call(*entry, tree).unwrap_or_else(|error| panic!("entry {entry}: {error}"));
    }
    let done = stepped(&good.command, &good.context, &good.replies).unwrap();
    assert!(
        done.starts_with(r#"{"type":"done""#) && done.contains(r#""state":"applied""#),
        "{done}"
    );
}

#[test]
fn x1_x2_damaged_definitions_records_and_options() {
    let inputs = &good().inputs;
    hold(&(damages(), 0..inputs.len()), |(damages, which)| {
        let (entry, tree) = &inputs[which];
        check_told(&call(*entry, &damaged(tree.clone(), &damages)))
    });
}

#[test]
fn x1_x2_a_damaged_command_context_or_storage_answer_into_step() {
    hold(&(damages(), 0..8_usize), |(damages, which)| {
        let good = good();
        // Most of what can be wrong is in the storage's answers.
        let (mut command, mut context, mut replies) = (
            good.command.clone(),
            good.context.clone(),
            good.replies.clone(),
        );
        match which {
            0 => command = damaged(command, &damages),
            1 => context = damaged(context, &damages),
            _ => replies = damaged(replies, &damages),
        }
        check_told(&stepped(&command, &context, &replies))
    });
}

#[test]
fn x1_x2_any_text_as_a_url_or_a_code() {
    let piece = prop_oneof![
        3 => proptest::sample::select(&["https://", "//", "/", "?", "&", "=", "#", "%", "%4", "%41", "%ff", "%00", "+", "coupon", "code", "x", ".."]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => (0..300_usize).prop_map(|length| "q".repeat(length)),
    ];
    let options = read(
        r#"{"params":["coupon","code"],"paths":["/x/{code}"],"maxCodes":2,"duplicates":"all","maxLength":100}"#,
    );
    hold(&proptest::collection::vec(piece, 0..10), |pieces| {
        let text = pieces.concat();
        let options = UrlTokenOptions::parse(&Node::root(&options, "options")).unwrap();
        let found: std::result::Result<_, Error> = parse_url_token(&text, &options);
        if let Ok(found) = &found {
            prop_assert!(found.clean_url.len() <= text.len() + 1);
            prop_assert!(found.tokens.len() <= 2);
        }
        check_told(&found.map(written))?;
        for inner_space in [InnerSpace::Remove, InnerSpace::Reject] {
            let code = CodeText::canonical(&text, inner_space);
            prop_assert!(code.is_none_or(|code| code.as_str().len() <= 64));
        }
        Ok(())
    });
}

#[test]
fn x1_generation_gives_exactly_what_was_asked_for_or_an_error() {
    let request = (1..40_i64, 1..12_i64, 1..5_usize);
    hold(&request, |(count, length, symbols)| {
        let json = format!(
            r#"{{"count":{count},"length":{length},"charset":"{}"}}"#,
            &"WXYZ"[..symbols]
        );
        let needed = u128::try_from(2 * count).unwrap();
        let space = u128::try_from(symbols)
            .unwrap()
            .pow(u32::try_from(length).unwrap());
        let value = read(&json);
        match GenerationRequest::parse(&Node::root(&value, "")) {
            Ok(request) => {
                prop_assert!(space >= needed);
                let mut codes = request
                    .generate(&mut Sequence(count.unsigned_abs()))
                    .unwrap()
                    .codes;
                codes.sort();
                codes.dedup();
                prop_assert_eq!(codes.len(), usize::try_from(count).unwrap());
            }
            Err(error) => prop_assert!(space < needed, "{error}"),
        }
        Ok(())
    });
}
