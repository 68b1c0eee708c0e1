//! The edges and the sums of refunds, case by case; all sequences of them are simulated in `tests/protocol`.

use super::*;
use crate::error::ErrorCode;
use crate::model::{Instant, Node, Value};

/// A redemption of two lines, 10.00 for three and 5.00 for one, shipping 3.00, tax 1.00, paid with 4.00 of two credits.
fn redeemed() -> Entry {
    let json = serde_json::json!({
        "key": "o-1", "revision": 1, "state": "redeemed", "at": 10, "holdUntil": null,
        "body": {
            "schemaVersion": 2, "key": "o-1", "revision": 1, "state": "redeemed", "at": 10, "holdUntil": null,
            "reservedAt": 5, "redeemedAt": 10, "order": "A-1", "currency": "EUR", "payload": "p",
            "codes": [{
                "couponId": "c", "codeId": "k", "code": "SAVE", "label": "SAVE", "version": 1, "amount": 100,
                "terms": null, "restore": { "cancelled": "customer_and_total", "refunded": "none" },
            }],
            "lines": [
                { "id": "a", "quantity": 3, "total": 1000, "returned": 0 },
                { "id": "b", "quantity": 1, "total": 500, "returned": 0 },
            ],
            "credits": [
                { "couponId": "g", "amount": 100, "restored": 0 },
                { "couponId": "h", "amount": 300, "restored": 0 },
            ],
            "adjustments": [],
            "totals": {
                "subtotal": 1600, "discount": 100, "shipping": 300, "shippingDiscount": 0, "tax": 100, "credit": 400,
                "total": 1500,
            },
            "refunded": {
                "amount": 0, "credit": 0, "shipping": false, "other": 0, "refunds": [], "refundIds": [], "payloads": [],
            },
            "flags": [], "reason": null, "lapsed": [],
        },
        "index": {
            "claims": [
                { "counter": "code/k", "amount": 1, "ceiling": 5 },
                { "counter": "coupon/c", "amount": 1, "ceiling": 5 },
                { "counter": "coupon/c/customer/email/h1", "amount": 1, "ceiling": 1 },
                { "counter": "coupon/cc", "amount": 1, "ceiling": 5 },
                { "counter": "coupon/g/credit", "amount": 100, "ceiling": 100 },
                { "counter": "coupon/h/credit", "amount": 300, "ceiling": 900 },
                { "counter": "first_order/customer/email/h1", "amount": 1, "ceiling": 1 },
            ],
            "coupons": ["c"], "codes": ["k"], "customerKeys": ["email/h1"], "order": "A-1",
        },
    });
    entry(&json)
}

fn entry(json: &serde_json::Value) -> Entry {
    let value: Value = serde_json::from_value(json.clone()).unwrap();
    Entry::parse(&Node::root(&value, "entry")).unwrap()
}

fn instant(milliseconds: i64) -> Instant {
    Instant::parse(&Node::root(&Value::Integer(milliseconds), "now")).unwrap()
}

fn asked(json: &serde_json::Value) -> RollbackRequest {
    let value: Value = serde_json::from_value(json.clone()).unwrap();
    let fields = [
        &RefundRequest::FIELDS[..],
        &RollbackRequest::FIELDS,
        &["key"],
    ];
    let node = Node::root(&value, "");
    RollbackRequest::parse(&node.object(&fields.concat()).unwrap()).unwrap()
}

/// What is claimed after a rollback, and what is refunded: lines, shipping, tax, other, credit, payment, remaining.
fn rolled_back(from: &Entry, request: &serde_json::Value) -> (Entry, [i64; 7]) {
    let (write, refund) = from
        .rolled_back(&asked(request), "digest".into(), instant(20))
        .unwrap();
    let json = serde_json::to_value(&refund).unwrap();
    let sum = |list: &str| -> i64 {
        let amounts = json[list].as_array().unwrap().iter();
        amounts.map(|one| one["amount"].as_i64().unwrap()).sum()
    };
    let of = |name: &str| json[name].as_i64().unwrap();
    assert_eq!(of("amount"), sum("credits") + of("payment"));
    let figures = [
        sum("lines"),
        of("shipping"),
        of("tax"),
        of("other"),
        sum("credits"),
        of("payment"),
        of("remaining"),
    ];
    (write.entry, figures)
}

fn claimed(entry: &Entry) -> Vec<(String, i64)> {
    let claims = entry.index.claims.iter();
    claims
        .map(|claim| (claim.counter.as_str().to_owned(), claim.amount))
        .collect()
}

#[test]
fn an_entry_reads_as_it_is_written() {
    let written = serde_json::to_value(redeemed()).unwrap();
    assert_eq!(
        serde_json::to_value(entry(&written)).unwrap(),
        serde_json::to_value(redeemed()).unwrap()
    );
    for (field, value) in [
        ("key", serde_json::json!("o-2")),
        ("revision", serde_json::json!(2)),
        ("state", serde_json::json!("held")),
        ("holdUntil", serde_json::json!(99)),
    ] {
        let mut other = written.clone();
        other[field] = value;
        let value: Value = serde_json::from_value(other).unwrap();
        assert!(
            Entry::parse(&Node::root(&value, "entry")).is_err(),
            "{field}"
        );
    }
}

#[test]
fn semantics_15_refunds_of_all_parts_add_up_to_what_was_paid() {
    let parts = [
        serde_json::json!({ "refundId": "1", "lines": [{ "lineId": "a", "quantity": 1 }] }),
        serde_json::json!({ "refundId": "2", "amount": 7 }),
        serde_json::json!({ "refundId": "3", "shipping": true }),
        serde_json::json!({ "refundId": "4", "lines": [{ "lineId": "b", "quantity": 1 }, { "lineId": "a", "quantity": 1 }] }),
        serde_json::json!({ "refundId": "5", "lines": [{ "lineId": "a", "quantity": 1 }] }),
    ];
    let mut entry = redeemed();
    let mut refunds = Vec::new();
    for part in &parts {
        let (next, figures) = rolled_back(&entry, part);
        refunds.push(figures);
        entry = next;
    }
    // 333 of 1,000 for the first of three units; tax 18 of 100; credit ⌊400 · value ÷ 1,900⌋ so far.
    assert_eq!(refunds[0], [333, 0, 18, 0, 73, 278, 1_549]);
    assert_eq!(refunds[1], [0, 0, 0, 7, 2, 5, 1_542]);
    assert_eq!(refunds[2], [0, 300, 17, 0, 67, 250, 1_225]);
    assert_eq!(refunds[3], [833, 0, 46, 0, 185, 694, 346]);
    // What the 7.00 took off: the last return brings so much less.
    assert_eq!(refunds[4], [334, 0, 19, 0, 73, 273, 0]);
    let sum = |place: usize| refunds.iter().map(|one| one[place]).sum::<i64>();
    assert_eq!((sum(4), sum(5)), (400, 1_500));
    assert_eq!(entry.record.state, RedemptionState::RolledBack);
}

#[test]
fn semantics_15_a_whole_rollback_gives_back_by_its_cause() {
    let cancelled = rolled_back(&redeemed(), &serde_json::json!({}));
    assert_eq!(cancelled.1, [1_500, 300, 100, 0, 400, 1_500, 0]);
    // Nobody's claims are given back as well: a record holds only its own.
    assert_eq!(claimed(&cancelled.0), []);
    let kept = |request: serde_json::Value| claimed(&rolled_back(&redeemed(), &request).0);
    let names = |claims: Vec<(String, i64)>| -> Vec<String> {
        claims.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(
        names(kept(serde_json::json!({ "cause": "refunded" }))),
        ["code/k", "coupon/c", "coupon/c/customer/email/h1"]
    );
    assert_eq!(
        names(kept(
            serde_json::json!({ "cause": "refunded", "restore": "customer_only" })
        )),
        ["code/k", "coupon/c"]
    );
    assert_eq!(
        names(kept(
            serde_json::json!({ "cause": "cancelled", "restore": "none" })
        )),
        ["code/k", "coupon/c", "coupon/c/customer/email/h1"]
    );
}

#[test]
fn semantics_16_the_credit_that_paid_last_comes_back_first() {
    let (entry, _) = rolled_back(
        &redeemed(),
        &serde_json::json!({ "refundId": "1", "amount": 1_500 }),
    );
    let restored: Vec<i64> = entry
        .record
        .credits
        .iter()
        .map(|one| one.restored.minor())
        .collect();
    assert_eq!(restored, [15, 300]);
    let credits: Vec<_> = claimed(&entry)
        .into_iter()
        .filter(|(name, _)| name.ends_with("/credit"))
        .collect();
    assert_eq!(credits, [("coupon/g/credit".to_owned(), 85)]);
}

#[test]
fn what_does_not_fit_is_refused() {
    for request in [
        serde_json::json!({ "refundId": "1", "lines": [{ "lineId": "a", "quantity": 4 }] }),
        serde_json::json!({ "refundId": "1", "lines": [{ "lineId": "x", "quantity": 1 }] }),
        serde_json::json!({ "refundId": "1", "amount": 1_901 }),
        serde_json::json!({ "refundId": "1", "amount": 0 }),
    ] {
        let refused = redeemed().rolled_back(&asked(&request), String::new(), instant(20));
        assert!(refused.is_err(), "{request}");
    }
    let (entry, _) = rolled_back(
        &redeemed(),
        &serde_json::json!({ "refundId": "1", "shipping": true }),
    );
    let again = asked(&serde_json::json!({ "refundId": "2", "shipping": true }));
    assert!(
        entry
            .rolled_back(&again, String::new(), instant(21))
            .is_err()
    );
    assert_eq!(
        entry
            .record
            .refund_named(Some("1"))
            .map(|(payload, _)| payload),
        Some("digest")
    );
    assert!(entry.record.refund_named(Some("2")).is_none());
}

#[test]
fn u6_what_is_given_back_is_what_was_claimed_and_a_late_payment_claims_it_again() {
    let released = redeemed().released(Some("declined".into()), instant(20));
    assert_eq!(released.revision(), 2);
    assert!(
        released
            .adds
            .iter()
            .all(|add| add.delta < 0 && add.ceiling.is_none())
    );
    assert_eq!(claimed(&released.entry), []);
    let payment = Payment {
        reclaimed: released.entry.lapsed_claims(),
        ..Payment::default()
    };
    let again = released
        .entry
        .redeemed(payment.clone(), instant(30))
        .unwrap();
    assert_eq!(claimed(&again.entry), claimed(&redeemed()));
    let ceilings: Vec<_> = again
        .adds
        .iter()
        .map(|add| (add.delta, add.ceiling))
        .collect();
    assert!(
        ceilings
            .iter()
            .all(|(delta, ceiling)| *delta > 0 && ceiling.is_some())
    );
    assert!(again.entry.record.flags.is_empty());
    let overdraft = Payment {
        is_overdraft: true,
        ..payment
    };
    let beyond = released.entry.redeemed(overdraft, instant(30)).unwrap();
    let is_free = |add: &CounterAdd| add.ceiling.is_none() != add.counter.is_credit();
    assert!(beyond.adds.iter().all(is_free));
    assert_eq!(beyond.entry.record.flags, [Flag::Overdraft]);
}

#[test]
fn an_erased_customer_is_claimed_for_under_the_new_name() {
    let mut released = redeemed().released(None, instant(20)).entry;
    released.index.customer_keys = vec!["email/erased1".into()];
    let payment = Payment {
        reclaimed: released.lapsed_claims(),
        ..Payment::default()
    };
    let again = released.redeemed(payment, instant(30)).unwrap();
    let names: Vec<String> = claimed(&again.entry)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(names.contains(&"coupon/c/customer/email/erased1".to_owned()));
    assert!(!names.iter().any(|name| name.contains("h1")));
}

#[test]
fn a_freed_hold_goes_into_the_same_commit_and_a_claim_stays_held_to_its_limit() {
    let own = redeemed().released(None, instant(20)).entry;
    let payment = Payment {
        reclaimed: own.lapsed_claims(),
        ..Payment::default()
    };
    let own = own.redeemed(payment, instant(30)).unwrap();
    let mut other = redeemed();
    other.record.key = "o-2".into();
    let freed = [other.expired(instant(30)), other.expired(instant(30))];
    let batch = Batch::new(&own).helped_by(freed.into_iter());
    assert_eq!(batch.insert.len(), 3);
    let names: Vec<&str> = batch.add.iter().map(|add| add.counter.as_str()).collect();
    assert!(names.is_sorted());
    assert!(
        batch
            .add
            .iter()
            .all(|add| add.delta < 0 && add.ceiling.is_some())
    );
}

#[test]
fn a_hold_is_gone_at_its_instant() {
    let mut held = redeemed();
    held.record.state = RedemptionState::Held;
    held.record.hold_until = Some(instant(50));
    assert!(held.is_live_hold(instant(49)) && !held.is_ended_hold(instant(49)));
    assert!(!held.is_live_hold(instant(50)) && held.is_ended_hold(instant(50)));
    let longer = held.extended(instant(90), instant(40));
    assert_eq!(
        (longer.adds.len(), longer.entry.record.hold_until),
        (0, Some(instant(90)))
    );
    assert!(!redeemed().is_live_hold(instant(1)) && !redeemed().is_ended_hold(instant(99)));
}

fn credit_change(json: &serde_json::Value) -> crate::error::Result<CreditChange> {
    let value: Value = serde_json::from_value(json.clone()).unwrap();
    let fields = ["couponId", "id", "amount", "reason"];
    CreditChange::parse(&Node::root(&value, "").object(&fields).unwrap())
}

#[test]
fn a_credit_changes_by_what_is_said_and_never_below_nothing() {
    let most = crate::model::SAFE;
    let added = |amount: i64| vec![("coupon/g/credit/added".to_owned(), amount)];
    let taken = |amount: i64| vec![("coupon/g/credit".to_owned(), amount)];
    for (amount, left, expected) in [
        (serde_json::json!(1), 0, Ok(added(1))),
        (serde_json::json!(most - 900), 0, Ok(added(most - 900))),
        (serde_json::json!(most - 899), 0, Err("9007199254740991")),
        (serde_json::json!(-300), 300, Ok(taken(300))),
        (serde_json::json!(-301), 300, Err("300")),
        (serde_json::json!(-1), -5, Err("the 0 minor")),
        (serde_json::json!("rest"), 300, Ok(taken(300))),
        (serde_json::json!("rest"), 0, Ok(vec![])),
        (serde_json::json!("rest"), -5, Ok(vec![])),
    ] {
        let change =
            serde_json::json!({ "couponId": "g", "id": "1", "amount": amount, "reason": "kind" });
        let change = credit_change(&change).unwrap();
        let currency = crate::model::Currency::new("EUR").unwrap();
        match (
            change.write(currency, (900, left), "p".to_owned(), instant(7)),
            expected,
        ) {
            (Ok(write), Ok(expected)) => {
                let adds = write.adds.iter();
                let adds = adds.map(|add| (add.counter.as_str().to_owned(), add.delta));
                assert_eq!(adds.collect::<Vec<_>>(), expected, "{amount} of {left}");
                let record = &write.entry.record;
                assert_eq!(
                    (&*record.key, record.reason.as_deref()),
                    ("credit/g/1", Some("kind"))
                );
            }
            (Err(error), Err(expected)) => {
                assert_eq!(
                    (error.code(), error.path()),
                    (ErrorCode::OutOfRange, "amount")
                );
                assert!(error.to_string().contains(expected), "{error}");
            }
            (got, _) => panic!("{amount} of {left}: {:?}", got.err()),
        }
    }
}

#[test]
fn a_change_of_a_credit_is_a_number_or_the_rest() {
    for (amount, code) in [
        (serde_json::json!("all"), ErrorCode::InvalidType),
        (serde_json::json!(0), ErrorCode::InvalidValue),
        (serde_json::Value::Null, ErrorCode::Required),
    ] {
        let change = serde_json::json!({ "couponId": "g", "id": "1", "amount": amount });
        assert_eq!(credit_change(&change).unwrap_err().code(), code, "{amount}");
    }
}

#[test]
fn m10_an_order_without_goods_is_refunded_whole_or_by_sums() {
    let mut entry = redeemed();
    entry.record.lines.clear();
    let none = crate::model::Amount::ZERO;
    entry.record.totals.shipping = none;
    entry.record.credits.clear();
    entry.record.totals.credit = none;
    entry.record.totals.total = entry.record.totals.tax;
    let roll_back = |entry: &Entry, request: &serde_json::Value| {
        let (write, refund) = entry
            .rolled_back(&asked(request), "p".to_owned(), instant(20))
            .unwrap();
        (write.entry, refund.amount.minor(), refund.remaining.minor())
    };
    let (after, amount, remaining) =
        roll_back(&entry, &serde_json::json!({ "amount": 1, "refundId": "r" }));
    assert_eq!(
        (after.record.state, amount, remaining),
        (RedemptionState::Redeemed, 1, 99)
    );
    let (end, amount, remaining) = roll_back(&after, &serde_json::json!({}));
    assert_eq!(
        (end.record.state, amount, remaining),
        (RedemptionState::RolledBack, 99, 0)
    );
    assert!(
        end.record.refund_of_the_rest().is_some() && after.record.refund_of_the_rest().is_none()
    );
}

#[test]
fn what_is_claimed_in_one_commit_can_be_given_back_in_one() {
    let mut entry = redeemed();
    assert_eq!(entry.room_for_claims(), 99 - 7);
    let claim = entry.index.claims[0].clone();
    entry.index.claims = vec![claim; 120];
    assert_eq!(entry.room_for_claims(), 0);
}

#[test]
fn no_more_holds_are_freed_in_one_commit_than_every_ledger_can_carry() {
    let mut other = redeemed();
    other.record.state = RedemptionState::Held;
    let freed = || std::iter::repeat_n(other.expired(instant(30)), 200);
    let own = redeemed().redeemed_at_once(None, None);
    // Eight operations of its own, and one for each hold on the same counters; each is counted as eight before it is added.
    assert_eq!(Batch::new(&own).helped_by(freed()).insert.len(), 1 + 85);
    let mut large = other.clone();
    let claim = |place: usize| crate::model::Claim {
        counter: crate::model::CounterName::stored_text(&format!("coupon/c{place}")),
        amount: 1,
        ceiling: None,
    };
    large.index.claims = (0..150).map(claim).collect();
    let freed = || std::iter::repeat_n(large.expired(instant(30)), 2);
    assert_eq!(
        Batch::freeing(freed()).insert.len(),
        1,
        "one that is larger is freed alone"
    );
    assert_eq!(Batch::new(&own).helped_by(freed()).insert.len(), 1);
}

#[test]
fn what_is_given_back_is_held_to_no_limit() {
    let before = redeemed();
    let mut after = before.clone();
    after.index.claims[5].amount = 100;
    after.index.claims[4].amount = 150;
    let write = Write::new(after, &before.index.claims);
    let adds: Vec<_> = write
        .adds
        .iter()
        .map(|add| (add.delta, add.ceiling))
        .collect();
    assert_eq!(adds, [(50, Some(100)), (-200, None)]);
}

#[test]
fn a_hold_takes_a_use_of_a_limit_that_is_given_later_once() {
    let mut held = redeemed();
    held.record.state = RedemptionState::Held;
    held.record.hold_until = Some(instant(50));
    let counter = crate::model::CounterName::stored_text("coupon/later");
    let write = held.counted(&counter, instant(20)).unwrap();
    let adds: Vec<_> = write.adds.iter().collect();
    assert_eq!(
        (
            adds.len(),
            adds[0].counter.as_str(),
            adds[0].delta,
            adds[0].ceiling
        ),
        (1, "coupon/later", 1, None)
    );
    let counted = write.entry;
    assert_eq!(
        (
            counted.record.state,
            counted.record.revision,
            counted.record.hold_until
        ),
        (RedemptionState::Held, 2, Some(instant(50)))
    );
    assert!(
        counted
            .index
            .claims
            .is_sorted_by(|one, two| one.counter < two.counter)
    );
    assert!(counted.counted(&counter, instant(30)).is_none());
    let freed = counted.expired(instant(60));
    assert!(
        freed
            .adds
            .iter()
            .any(|add| add.counter == counter && add.delta == -1)
    );
}
