//! Definitions of coupons, codes and rules: ids, blank codes, templates, store credit, small percentages.

use super::*;
use crate::model::Value;

/// Varied bytes, the same in every run.
struct Counting(u32);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<()> {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = self.0.to_be_bytes()[0];
        }
        Ok(())
    }
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn policy(json: &str) -> Policy {
    Policy::parse(&Node::root(&value(json), "policy")).unwrap()
}

fn coupon_under(policy: &Policy, json: &str) -> Result<Defined> {
    let text = value(json);
    define_coupon(
        &Node::root(&text, ""),
        policy,
        Instant::EPOCH,
        &mut Counting(1),
    )
}

fn coupon(json: &str) -> Result<Defined> {
    coupon_under(&Policy::default(), json)
}

fn rule_under(policy: &Policy, json: &str) -> Result<Rule> {
    let text = value(json);
    define_rule(
        &Node::root(&text, ""),
        policy,
        Instant::EPOCH,
        &mut Counting(1),
    )
}

#[track_caller]
fn refused<T>(answer: Result<T>, code: ErrorCode, path: &str) {
    let error = answer.err().unwrap();
    assert_eq!((error.code(), error.path()), (code, path));
}

#[test]
fn s0_3_a_coupon_of_three_fields_and_the_fields_it_cannot_lack() {
    let discount = r#""discount":{"type":"percent","basisPoints":1000}"#;
    let defined = coupon(&format!(
        r#"{{"type":"standard","code":"summer20",{discount}}}"#
    ))
    .unwrap();
    assert_eq!(defined.own_code.unwrap().code.as_str(), "SUMMER20");
    assert!(defined.coupon.id.as_str().starts_with("coupon_"));
    refused(
        coupon(&format!(r#"{{"code":"A",{discount}}}"#)),
        ErrorCode::Required,
        "type",
    );
    refused(
        coupon(&format!(r#"{{"type":"standard",{discount}}}"#)),
        ErrorCode::Required,
        "code",
    );
    refused(
        coupon(&format!(r#"{{"type":"gift","code":"A",{discount}}}"#)),
        ErrorCode::InvalidValue,
        "type",
    );
    let draft = coupon(r#"{"type":"standard","code":"A"}"#).unwrap();
    assert!(draft.coupon.discount.is_none());
}

#[test]
fn s0_16_a_pool_s_prefix_is_no_code() {
    let pool = coupon(r#"{"type":"bulk_pool","code":"P"}"#).unwrap();
    assert!(pool.own_code.is_none());
    refused(
        coupon(r#"{"type":"bulk_pool","code":"P","codes":[{"code":"P-1"},{"code":"p"}]}"#),
        ErrorCode::InvalidCode,
        "codes[1].code",
    );
}

/// S2.16: the shop's least percentage holds wherever a percentage stands.
#[test]
fn small_percentages_are_refused_in_tiers_and_rules_too() {
    let least = policy(r#"{"minBasisPoints":100}"#);
    let small = r#"{"type":"percent","basisPoints":99}"#;
    let fine = r#"{"type":"percent","basisPoints":100}"#;
    let tiers = |second: &str| {
        format!(
            r#"{{"type":"tiers","by":"quantity","tiers":[{{"from":1,"discount":{fine}}},{{"from":2,"discount":{second}}}]}}"#
        )
    };
    for (discount, path) in [
        (small.to_owned(), "discount.basisPoints"),
        (tiers(small), "discount.tiers[1].discount.basisPoints"),
    ] {
        let coupon = format!(r#"{{"type":"standard","code":"A","discount":{discount}}}"#);
        refused(coupon_under(&least, &coupon), ErrorCode::OutOfRange, path);
        assert!(coupon_under(&Policy::default(), &coupon).is_ok());
        let rule = format!(r#"{{"gate":"automatic","discount":{discount}}}"#);
        refused(rule_under(&least, &rule), ErrorCode::OutOfRange, path);
        assert!(rule_under(&Policy::default(), &rule).is_ok());
    }
    for discount in [fine.to_owned(), tiers(fine)] {
        let rule = format!(r#"{{"gate":"automatic","discount":{discount}}}"#);
        assert!(rule_under(&least, &rule).is_ok());
    }
}

#[test]
fn semantics_32_a_rule_gets_an_id_and_keeps_its_own() {
    let percent = r#""gate":"coupon","discount":{"type":"percent","basisPoints":1000}"#;
    let rule = |json: &str| rule_under(&Policy::default(), json);
    assert!(
        rule(&format!("{{{percent}}}"))
            .unwrap()
            .id
            .as_str()
            .starts_with("rule_")
    );
    assert_eq!(
        rule(&format!(r#"{{"id":"mine",{percent}}}"#))
            .unwrap()
            .id
            .as_str(),
        "mine"
    );
    assert!(rule(r#"{"gate":"external"}"#).unwrap().discount.is_none());
    refused(
        rule(r#"{"gate":"coupon"}"#),
        ErrorCode::Required,
        "discount",
    );
    refused(
        rule(r#"{"gate":"coupon","discount":{"type":"store_credit","amounts":{"EGP":1}}}"#),
        ErrorCode::InvalidValue,
        "discount.type",
    );
}

const CREDIT: &str = r#"{"type":"store_credit","amounts":{"EGP":5000}}"#;
const BEARER: &str = r#"{"type":"store_credit","amounts":{"EGP":5000},"bearer":true}"#;
const OF_ONE: &str = r#""restrictions":{"customers":[{"kind":"email","value":"a@example.com"}]}"#;

#[test]
fn s4_4_a_store_credit_is_one_customer_s_or_its_bearer_s() {
    let of = |discount: &str, rest: &str| {
        coupon(&format!(
            r#"{{"type":"standard","code":"GIFT","discount":{discount}{rest}}}"#
        ))
    };
    refused(
        of(CREDIT, ""),
        ErrorCode::Required,
        "restrictions.customers",
    );
    refused(
        of(CREDIT, r#","restrictions":{"firstOrderOnly":true}"#),
        ErrorCode::Required,
        "restrictions.customers",
    );
    assert!(of(CREDIT, &format!(",{OF_ONE}")).is_ok());
    assert!(of(BEARER, "").is_ok());
    assert!(of(BEARER, &format!(",{OF_ONE}")).is_ok());
    refused(
        coupon(&format!(
            r#"{{"type":"bulk_pool","code":"G","discount":{BEARER}}}"#
        )),
        ErrorCode::InvalidValue,
        "discount.type",
    );
    assert!(
        coupon(&format!(
            r#"{{"type":"url_token","code":"G","discount":{BEARER}}}"#
        ))
        .is_ok()
    );
}

#[test]
fn semantics_15_what_a_rollback_gives_back_is_the_coupon_s_to_say() {
    let of = |fields: &str| {
        let discount = r#""discount":{"type":"percent","basisPoints":1000}"#;
        coupon(&format!(
            r#"{{"type":"standard","code":"A",{discount},{fields}}}"#
        ))
    };
    let defined = of(r#""restore":{"refunded":"customer_only"}"#).unwrap();
    let record = serde_json::to_value(defined).unwrap();
    assert_eq!(
        record["coupon"]["restore"],
        serde_json::json!({ "cancelled": null, "refunded": "customer_only" })
    );
    let none = serde_json::to_value(of(r#""restore":null"#).unwrap()).unwrap();
    assert_eq!(none["coupon"]["restore"], serde_json::json!(null));
    refused(
        of(r#""restore":{"refunded":"total"}"#),
        ErrorCode::InvalidValue,
        "restore.refunded",
    );
}

#[test]
fn a_budget_is_no_code_s_and_no_credit_s() {
    let budget = r#""limits":{"budget":{"EGP":1}}"#;
    refused(
        coupon(&format!(
            r#"{{"type":"standard","code":"GIFT","discount":{BEARER},{budget}}}"#
        )),
        ErrorCode::InvalidValue,
        "limits.budget",
    );
    refused(
        coupon(&format!(
            r#"{{"type":"standard","code":null,"discount":null,"codes":[{{"code":"A",{budget}}}]}}"#
        )),
        ErrorCode::UnknownField,
        "codes[0].limits.budget",
    );
}

#[test]
fn semantics_21_the_blank_code_of_a_store_credit_is_harder_to_guess() {
    let drawn = |discount: &str| {
        let json = format!(
            r#"{{"type":"standard","code":null,"discount":{discount},"codes":[{{}},{{"code":null}},{{"code":"short"}}]}}"#
        );
        let codes = coupon(&json).unwrap().codes;
        assert_ne!(codes[0].code, codes[1].code);
        codes
            .iter()
            .map(|code| code.code.as_str().len())
            .collect::<Vec<_>>()
    };
    assert_eq!(drawn(BEARER), [16, 16, 5]);
    assert_eq!(
        drawn(r#"{"type":"percent","basisPoints":1000}"#),
        [12, 12, 5]
    );

    let record = format!(
        r#"{{"schemaVersion":2,"id":"c","type":"standard","code":null,"version":1,"createdAt":0,"discount":{BEARER}}}"#
    );
    let added = value(&format!(
        r#"{{"coupon":{record},"codes":[{{}}],"batch":3}}"#
    ));
    let added = define_codes(&Node::root(&added, ""), Instant::EPOCH, &mut Counting(1)).unwrap();
    assert_eq!(added.codes[0].code.as_str().len(), 16);
    assert_eq!(added.codes[0].batch, Some(3));
}

/// S3.6, S3.7: the codes are accepted, and the caller knows which do not fit.
#[test]
fn s3_7_codes_beside_the_template_are_named_and_kept() {
    let codes = r#"[{"code":"vip-a8k2"},{"code":"VIP-A8K"},{"code":"VIP-0000"},{"code":"VIP-A-K2"},{"code":"VIP-A8K2X"}]"#;
    let defined = coupon(&format!(
        r##"{{"type":"standard","code":"OWN","template":"vip-####","codes":{codes}}}"##
    ));
    let defined = defined.unwrap();
    assert_eq!(defined.codes.len(), 5);
    assert_eq!(defined.mismatches, [1, 3, 4]);

    let added = |template: &str| {
        let text = value(&format!(
            r#"{{"coupon":{{"schemaVersion":2,"id":"c","type":"standard","code":"C","version":1,"createdAt":0{template}}},"codes":{codes}}}"#
        ));
        define_codes(&Node::root(&text, ""), Instant::EPOCH, &mut Counting(1)).unwrap()
    };
    let with = added(r##","template":"VIP-####""##);
    assert_eq!((with.codes.len(), with.mismatches), (5, vec![1, 3, 4]));
    assert!(added("").mismatches.is_empty());
}
