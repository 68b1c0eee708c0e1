//! Revisions: what each lock keeps, what null clears, that records come back as they were written.

use super::*;

const COUPON: &str = r#""schemaVersion":1,"id":"c","type":"standard","code":"SUMMER","name":"Summer","description":null,"discount":{"type":"percent","basisPoints":2000},"duration":{"type":"once"},"restrictions":{"startsAt":1000,"expiresAt":null,"minimum":null,"products":null,"customers":null,"firstOrderOnly":false},"limits":{"total":10,"perCustomer":null},"priority":0,"exclusive":false,"category":null,"combinesWith":"all","state":"active","metadata":{"a":"b"},"version":7,"createdAt":500"#;
const CODE: &str = r#""schemaVersion":1,"id":"k","couponId":"c","code":"VIP","restrictions":{"startsAt":null,"expiresAt":2000,"minimum":null,"products":null,"customers":null,"firstOrderOnly":false},"limits":{"total":1,"perCustomer":null},"state":"active","batch":2,"metadata":{},"createdAt":500"#;
const RULE: &str = r#""schemaVersion":2,"id":"r","name":null,"description":null,"gate":"coupon","discount":{"type":"percent","basisPoints":2000},"restrictions":{},"priority":0,"combinesWith":"all","state":"active","metadata":{},"version":1,"createdAt":500"#;

fn policy(lock: &str) -> Policy {
    let json = format!(r#"{{"minBasisPoints":100,"lock":"{lock}"}}"#);
    let value: Value = serde_json::from_str(&json).unwrap();
    Policy::parse(&Node::root(&value, "policy")).unwrap()
}

fn revise<T>(of: fn(&Node<'_>, &Policy) -> Result<T>, lock: &str, input: &str) -> Result<T> {
    let value: Value = serde_json::from_str(&format!("{{{input}}}")).unwrap();
    of(&Node::root(&value, ""), &policy(lock))
}

fn coupon_claimed(lock: &str, claimed: i64, changes: &str) -> Result<Coupon> {
    let input = format!(r#""record":{{{COUPON}}},"changes":{{{changes}}},"claimed":{claimed}"#);
    revise(revise_coupon, lock, &input)
}

fn coupon(lock: &str, changes: &str) -> Result<Coupon> {
    coupon_claimed(lock, 0, changes)
}

fn code(lock: &str, claimed: i64, changes: &str) -> Result<Code> {
    let input = format!(
        r#""coupon":{{{COUPON}}},"record":{{{CODE}}},"changes":{{{changes}}},"claimed":{claimed}"#
    );
    revise(revise_code, lock, &input)
}

fn rule(lock: &str, changes: &str) -> Result<Rule> {
    revise(
        revise_rule,
        lock,
        &format!(r#""record":{{{RULE}}},"changes":{{{changes}}}"#),
    )
}

#[track_caller]
fn locked<T>(answer: Result<T>, fields: &[&str]) {
    let error = serde_json::to_value(answer.err().unwrap()).unwrap();
    assert_eq!(error["code"], "terms_locked");
    assert_eq!(error["path"], fields[0]);
    assert_eq!(error["details"], serde_json::json!({ "fields": fields }));
}

#[track_caller]
fn refused<T>(answer: Result<T>, code: ErrorCode, path: &str) {
    let error = answer.err().unwrap();
    assert_eq!((error.code(), error.path()), (code, path));
}

/// A change of each term, and the field it is refused by.
const TERMS: [(&str, &str); 15] = [
    ("code", r#""code":"WINTER""#),
    (
        "discount",
        r#""discount":{"type":"percent","basisPoints":2001}"#,
    ),
    ("duration", r#""duration":{"type":"forever"}"#),
    ("restrictions", r#""restrictions":{"startsAt":1001}"#),
    ("limits", r#""limits":{"total":11}"#),
    ("priority", r#""priority":1"#),
    ("exclusive", r#""exclusive":true"#),
    ("category", r#""category":"x""#),
    ("combinesWith", r#""combinesWith":"none""#),
    ("stopAfter", r#""stopAfter":true"#),
    ("dates", r#""dates":"override""#),
    ("template", r##""template":"SUMMER-##""##),
    ("withForeign", r#""withForeign":"suppress""#),
    ("refusalMessage", r#""refusalMessage":"no""#),
    (
        "discount",
        r#""discount":{"type":"amount","amounts":{"EGP":2000}}"#,
    ),
];

#[test]
fn s2_65_s2_66_on_create_locks_every_term() {
    for (field, change) in TERMS {
        locked(coupon("on_create", change), &[field]);
    }
    locked(
        coupon("on_create", r#""discount":null,"rules":["r"]"#),
        &["discount", "rules"],
    );
    let both = format!("{},{},{}", TERMS[4].1, TERMS[1].1, r#""name":"Sale""#);
    locked(coupon("on_create", &both), &["limits", "discount"]);
}

#[test]
fn s2_44_s2_45_name_description_state_and_metadata_are_always_free() {
    let changes = r#""name":"Sale","description":"d","state":"inactive","metadata":{"c":"d"}"#;
    for (lock, claimed) in [("on_create", 0), ("on_first_redemption", 5), ("never", 5)] {
        let new = coupon_claimed(lock, claimed, changes).unwrap();
        assert_eq!(new.name.as_deref(), Some("Sale"));
        assert_eq!(new.description.as_deref(), Some("d"));
        assert_eq!(serde_json::to_value(new.state).unwrap(), "inactive");
        assert_eq!(new.metadata, [("c".to_owned(), "d".to_owned())]);
        assert_eq!((new.version, new.created_at.milliseconds()), (8, 500));
        assert_eq!(new.limits.total, Some(10));
        assert_eq!(new.code.unwrap().as_str(), "SUMMER");
    }
}

#[test]
fn s0_9_a_draft_is_given_its_discount_later() {
    let draft = COUPON.replace(
        r#""discount":{"type":"percent","basisPoints":2000}"#,
        r#""discount":null,"rules":[]"#,
    );
    let of_draft = |changes: &str| {
        let input = format!(r#""record":{{{draft}}},"changes":{{{changes}}},"claimed":0"#);
        revise(revise_coupon, "on_create", &input)
    };
    let linked = of_draft(r#""rules":["r"]"#).unwrap();
    assert_eq!(linked.rules.len(), 1);
    locked(of_draft(r#""limits":{"total":5}"#), &["limits"]);
    // Once linked it is no draft any more.
    locked(coupon("on_create", r#""discount":null"#), &["discount"]);
}

#[test]
fn semantics_22_on_first_redemption_locks_with_the_first_claim() {
    for (field, change) in TERMS {
        assert!(
            coupon_claimed("on_first_redemption", 0, change).is_ok(),
            "{field}"
        );
        locked(coupon_claimed("on_first_redemption", 1, change), &[field]);
        assert!(coupon_claimed("never", 1, change).is_ok(), "{field}");
    }
}

/// S2.65: a coupon of another type or id is another coupon, under every lock.
#[test]
fn semantics_22_id_and_type_never_change() {
    for lock in ["on_create", "on_first_redemption", "never"] {
        locked(coupon(lock, r#""type":"url_token""#), &["type"]);
        locked(coupon(lock, r#""id":"d""#), &["id"]);
        assert!(coupon(lock, r#""id":"c","type":"standard""#).is_ok());
        for field in [
            "version",
            "schemaVersion",
            "createdAt",
            "archivedFrom",
            "couponId",
            "batch",
            "codes",
            "nmae",
        ] {
            refused(
                coupon(lock, &format!(r#""{field}":1"#)),
                ErrorCode::UnknownField,
                field,
            );
        }
    }
}

#[test]
fn what_is_given_as_it_is_stored_is_no_change() {
    let all = format!("{{{COUPON}}}");
    let mut record: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&all).unwrap();
    for field in OF_RECORDS {
        record.remove(field);
    }
    let whole = serde_json::Value::Object(record).to_string();
    let whole = whole.trim_start_matches('{').trim_end_matches('}');
    assert_eq!(coupon("on_create", whole).unwrap().version, 8);

    // In another order, and without what is null.
    let same = r#""restrictions":{"firstOrderOnly":false,"startsAt":1000},"limits":{"total":10},"discount":{"basisPoints":2000,"type":"percent","cap":null},"category":null,"rules":null"#;
    assert_eq!(coupon("on_create", same).unwrap().version, 8);
    locked(
        coupon("on_create", r#""restrictions":null"#),
        &["restrictions"],
    );
    locked(coupon("on_create", r#""limits":{}"#), &["limits"]);
    locked(
        coupon("on_create", r#""limits":{"total":10,"perCustomer":1}"#),
        &["limits"],
    );
}

#[test]
fn a_revision_that_does_not_say_how_often_it_was_claimed_counts_as_claimed() {
    let input = format!(r#""record":{{{COUPON}}},"changes":{{{}}}"#, TERMS[4].1);
    locked(
        revise(revise_coupon, "on_first_redemption", &input),
        &["limits"],
    );
    assert!(revise(revise_coupon, "never", &input).is_ok());
}

#[test]
fn null_clears_and_what_is_not_given_stays() {
    let new = coupon(
        "never",
        r#""name":null,"limits":null,"restrictions":null,"discount":null,"metadata":null"#,
    );
    let new = new.unwrap();
    assert!(new.name.is_none() && new.discount.is_none() && new.metadata.is_empty());
    assert_eq!((new.limits.total, new.restrictions.starts_at), (None, None));
    assert_eq!(new.duration, crate::model::Duration::Once);
    refused(coupon("never", r#""id":null"#), ErrorCode::Required, "id");

    let code = code(
        "never",
        0,
        r#""limits":null,"restrictions":null,"metadata":null,"state":null"#,
    );
    let code = code.unwrap();
    assert_eq!(
        (code.limits.total, code.restrictions.expires_at),
        (None, None)
    );
    assert_eq!(code.batch, Some(2));
}

#[test]
fn a_revision_is_read_with_every_check() {
    refused(
        coupon("never", r#""discount":{"type":"percent","basisPoints":0}"#),
        ErrorCode::OutOfRange,
        "discount.basisPoints",
    );
    refused(
        coupon("never", r#""discount":{"type":"percent","basisPoints":99}"#),
        ErrorCode::OutOfRange,
        "discount.basisPoints",
    );
    refused(
        coupon(
            "never",
            r#""discount":{"type":"store_credit","amounts":{"EGP":1}}"#,
        ),
        ErrorCode::Required,
        "restrictions.customers",
    );
    refused(
        coupon("never", r#""rules":["r"]"#),
        ErrorCode::InvalidValue,
        "rules",
    );
    let absent = format!(r#""record":{{{COUPON}}},"claimed":0"#);
    refused(
        revise(revise_coupon, "never", &absent),
        ErrorCode::InvalidType,
        "changes",
    );
    let broken = r#""record":{"id":1},"changes":{},"claimed":0"#;
    refused(
        revise(revise_coupon, "never", broken),
        ErrorCode::Required,
        "schemaVersion",
    );
}

/// The shop's least percentage has grown since the coupon was made.
#[test]
fn what_stays_is_not_held_against_a_newer_policy() {
    let small = COUPON.replace("2000}", "50}");
    let renamed = |changes: &str| {
        let input = format!(r#""record":{{{small}}},"changes":{{{changes}}},"claimed":0"#);
        revise(revise_coupon, "never", &input)
    };
    assert!(renamed(r#""name":"x""#).is_ok());
    refused(
        renamed(r#""discount":{"type":"percent","basisPoints":51}"#),
        ErrorCode::OutOfRange,
        "discount.basisPoints",
    );
}

#[test]
fn s2_68_of_a_code_only_state_and_metadata_are_free() {
    for (field, change) in [
        ("code", r#""code":"VIPS""#),
        ("restrictions", r#""restrictions":{"expiresAt":2001}"#),
        ("limits", r#""limits":{"total":2}"#),
        ("issuedAt", r#""issuedAt":600"#),
    ] {
        locked(code("on_create", 0, change), &[field]);
        locked(code("on_first_redemption", 1, change), &[field]);
        assert!(code("on_first_redemption", 0, change).is_ok());
        assert!(code("never", 1, change).is_ok());
    }
    locked(code("never", 0, r#""id":"other""#), &["id"]);
    for field in ["couponId", "batch", "createdAt", "name"] {
        refused(
            code("never", 0, &format!(r#""{field}":1"#)),
            ErrorCode::UnknownField,
            field,
        );
    }
    let off = code("on_create", 3, r#""state":"archived","metadata":{"x":"y"}"#).unwrap();
    assert_eq!(serde_json::to_value(off.state).unwrap(), "archived");
    // A code of the first schema has no version yet.
    assert_eq!((off.limits.total, off.version), (Some(1), 2));
}

#[test]
fn s0_16_a_code_is_not_renamed_to_its_pool_s_prefix() {
    let pool = COUPON.replace("standard", "bulk_pool");
    let input = format!(
        r#""coupon":{{{pool}}},"record":{{{CODE}}},"changes":{{"code":"summer"}},"claimed":0"#
    );
    refused(
        revise(revise_code, "never", &input),
        ErrorCode::InvalidCode,
        "code",
    );
}

#[test]
fn semantics_32_a_rule_s_terms_are_free_only_where_nothing_is_locked() {
    for (field, change) in [
        (
            "discount",
            r#""discount":{"type":"percent","basisPoints":2001}"#,
        ),
        ("restrictions", r#""restrictions":{"firstOrderOnly":true}"#),
        ("category", r#""category":"x""#),
        ("combinesWith", r#""combinesWith":["x"]"#),
        ("stopAfter", r#""stopAfter":true"#),
        ("interaction", r#""interaction":"code_replaces""#),
        ("withForeign", r#""withForeign":"alongside""#),
        ("refusalMessage", r#""refusalMessage":"no""#),
    ] {
        locked(rule("on_create", change), &[field]);
        locked(rule("on_first_redemption", change), &[field]);
        assert_eq!(rule("never", change).unwrap().version, 2, "{field}");
    }
    locked(rule("never", r#""gate":"automatic""#), &["gate"]);
    locked(rule("never", r#""id":"other""#), &["id"]);
    let free = r#""name":"n","description":"d","state":"inactive","metadata":{},"priority":5"#;
    assert_eq!(rule("on_create", free).unwrap().priority, 5);
    refused(
        rule("never", r#""discount":{"type":"percent","basisPoints":99}"#),
        ErrorCode::OutOfRange,
        "discount.basisPoints",
    );
    refused(
        rule("never", r#""discount":null"#),
        ErrorCode::Required,
        "discount",
    );
}

/// What one call answers, the other reads: no field of a record is unknown, none is lost.
#[test]
fn a_defined_record_is_revised_as_it_was_serialised() {
    use crate::code::GivenBytes;
    use crate::coupon::{define_coupon, define_rule};
    use crate::model::Instant;

    let bytes: Vec<u8> = (0..=255).collect();
    let definitions = [
        r#"{"id":"c","type":"standard","code":"A","codes":[{"code":"B","issuedAt":7}]}"#,
        r##"{"id":"c","type":"standard","code":"A","rules":["r"],"template":"A-#","stopAfter":true,"dates":"override","withForeign":"suppress","refusalMessage":"no","codes":[{"code":"B","limits":{"total":1}}]}"##,
        r#"{"id":"c","type":"standard","code":"A","duration":{"type":"repeating","payments":3},"discount":{"type":"tiers","by":"amount","tiers":[{"from":{"EGP":1},"discount":{"type":"price","amounts":{"EGP":5}}}],"units":{"from":"cheapest","take":1}},"codes":[{"code":"B","restrictions":{"firstOrderOnly":true}}]}"#,
        r#"{"id":"c","type":"standard","code":"A","discount":{"type":"store_credit","amounts":{"EGP":1},"bearer":true},"codes":[{"code":"B"}]}"#,
    ];
    for definition in definitions {
        let value: Value = serde_json::from_str(definition).unwrap();
        let entropy = &mut GivenBytes::new(&bytes).unwrap();
        let defined = define_coupon(
            &Node::root(&value, ""),
            &policy("never"),
            Instant::EPOCH,
            entropy,
        )
        .unwrap();
        let record = serde_json::to_value(&defined.coupon).unwrap();
        let input = format!(r#""record":{record},"changes":{{"priority":5}},"claimed":0"#);
        let mut expected = record.clone();
        expected["priority"] = 5.into();
        expected["version"] = 2.into();
        let revised = revise(revise_coupon, "never", &input).unwrap();
        assert_eq!(serde_json::to_value(revised).unwrap(), expected);

        let code = serde_json::to_value(&defined.codes[0]).unwrap();
        let input = format!(
            r#""coupon":{record},"record":{code},"changes":{{"state":"inactive"}},"claimed":0"#
        );
        let mut expected = code;
        expected["state"] = "inactive".into();
        expected["version"] = 2.into();
        let revised = revise(revise_code, "never", &input).unwrap();
        assert_eq!(serde_json::to_value(revised).unwrap(), expected);
    }

    for definition in [
        r#"{"id":"r","gate":"external"}"#,
        r#"{"id":"r","gate":"automatic","discount":{"type":"percent","basisPoints":100},"interaction":"code_replaces","combinesWith":["x"],"restrictions":{"firstOrderOnly":true}}"#,
    ] {
        let value: Value = serde_json::from_str(definition).unwrap();
        let entropy = &mut GivenBytes::new(&bytes).unwrap();
        let rule = define_rule(
            &Node::root(&value, ""),
            &policy("never"),
            Instant::EPOCH,
            entropy,
        );
        let record = serde_json::to_value(rule.unwrap()).unwrap();
        let input = format!(r#""record":{record},"changes":{{"category":"x"}}"#);
        let mut expected = record;
        expected["category"] = "x".into();
        expected["version"] = 2.into();
        let revised = revise(revise_rule, "never", &input).unwrap();
        assert_eq!(serde_json::to_value(revised).unwrap(), expected);
    }
}
