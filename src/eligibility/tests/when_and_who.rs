//! Levels, dates, hours, customers, context, disclosure.

use super::*;

#[test]
fn semantics_23_every_level_is_checked_and_told_in_order() {
    let all = Case {
        coupon: Some(json!({
            "restrictions": { "startsAt": MONDAY + 1, "channels": ["web"] },
            "rules": ["r"],
            "refusalMessage": "Not this coupon",
        })),
        code: Some(json!({ "restrictions": { "startsAt": MONDAY + 2 } })),
        rule: Some(json!({
            "restrictions": { "startsAt": MONDAY + 3, "countries": ["EG", "AE"] },
            "refusalMessage": "Not this rule",
        })),
        cart: json!({ "country": "DE", "lines": [{ "id": "1", "unitPrice": 1, "quantity": 1 }] }),
        ..case()
    };
    assert_eq!(
        all.reasons(),
        [
            "not_started@coupon",
            "not_started@code",
            "not_started@rule",
            "context_mismatch@coupon",
            "context_mismatch@rule",
        ]
    );
    let rejections = all.rejections();
    assert_eq!(
        rejections[3]["details"],
        json!({ "field": "channel", "allowed": ["web"], "text": "Not this coupon" })
    );
    assert_eq!(
        rejections[4]["details"],
        json!({ "field": "country", "allowed": ["AE", "EG"], "text": "Not this rule" })
    );
    assert_eq!(rejections[1]["details"]["text"], "Not this coupon");
}

#[test]
fn semantics_32_a_draft_has_neither_discount_nor_rules() {
    let mut draft = case();
    draft.coupon = Some(json!({ "discount": null }));
    assert_eq!(draft.reasons(), ["no_discount_linked@coupon"]);
    draft.rule = Some(json!({}));
    assert!(draft.reasons().is_empty());
    let mut linked = case();
    linked.coupon = Some(json!({ "rules": ["r"] }));
    assert!(linked.reasons().is_empty());
    let alone = Case {
        coupon: None,
        rule: Some(json!({ "gate": "automatic", "state": "inactive" })),
        ..case()
    };
    assert_eq!(alone.reasons(), ["inactive@rule"]);
}

#[test]
fn valid_for_days_ends_with_its_last_millisecond() {
    let issued = |now: i64| Case {
        now,
        code: Some(json!({ "issuedAt": 1_000, "restrictions": { "validForDays": 2 } })),
        ..case()
    };
    assert!(issued(1_000 + 2 * DAY).reasons().is_empty());
    let late = issued(1_001 + 2 * DAY);
    assert_eq!(late.reasons(), ["expired@code"]);
    assert_eq!(
        late.rejections()[0]["details"]["expiresAt"],
        json!(1_000 + 2 * DAY)
    );
    let both = Case {
        code: None,
        ..issued(DAY + 1).coupon(json!({ "validForDays": 2, "expiresAt": DAY }))
    };
    assert_eq!(both.reasons(), ["expired@coupon"]);
    assert_eq!(both.rejections()[0]["details"]["expiresAt"], json!(DAY));
    let by_code = issued(1_001 + 2 * DAY).coupon(json!({ "validForDays": 2 }));
    assert_eq!(by_code.reasons(), ["expired@coupon", "expired@code"]);
}

#[test]
fn s3_5_a_code_s_dates_may_stand_in_place_of_the_coupon_s() {
    let dated = |dates: &str, code: Json| Case {
        coupon: Some(json!({
            "dates": dates,
            "restrictions": { "startsAt": MONDAY + 1, "expiresAt": MONDAY + 2 },
        })),
        code: Some(json!({ "restrictions": code })),
        ..case()
    };
    assert_eq!(
        dated("intersect", json!({ "startsAt": 0 })).reasons(),
        ["not_started@coupon"]
    );
    assert!(
        dated("override", json!({ "startsAt": 0 }))
            .reasons()
            .is_empty()
    );
    assert_eq!(
        dated("override", json!({ "expiresAt": MONDAY })).reasons(),
        ["not_started@coupon"]
    );
    let late = |code: Json| Case {
        now: MONDAY + 3,
        ..dated("override", code)
    };
    assert_eq!(late(json!({ "startsAt": 0 })).reasons(), ["expired@coupon"]);
    assert!(late(json!({ "validForDays": 5 })).reasons().is_empty());
    assert_eq!(
        late(json!({ "validForDays": 1 })).reasons(),
        ["expired@code"]
    );
}

#[test]
fn semantics_17_hours_are_those_of_the_zone() {
    let hours = json!({ "schedule": { "zone": "Africa/Cairo", "windows": [
        { "days": ["mon"], "from": "14:00", "to": "16:00" },
    ] } });
    let at = |offset: i64| Case {
        zones: json!({ "Africa/Cairo": offset }),
        ..case().coupon(hours.clone())
    };
    assert!(at(0).reasons().is_empty());
    let outside = at(120);
    assert_eq!(outside.reasons(), ["outside_schedule@coupon"]);
    assert_eq!(
        outside.rejections()[0]["details"],
        json!({ "zone": "Africa/Cairo", "localTime": "mon 16:05" })
    );
    let unknown = case().coupon(hours);
    let path = Path::root("zones").key("Africa/Cairo").to_string();
    assert_eq!(unknown.error(), (ErrorCode::Required, path));
    let refused_anyway = Case {
        code: Some(json!({ "state": "archived" })),
        ..unknown
    };
    assert_eq!(refused_anyway.reasons(), ["archived@code"]);
}

#[test]
fn semantics_12_orders_are_counted_where_it_matters() {
    let third = json!({ "orderNumber": { "from": 3, "to": 3 }, "firstOrderOnly": false });
    assert_eq!(
        case().coupon(third.clone()).reasons(),
        ["customer_required@coupon"]
    );
    let after = |orders: Json| Case {
        customer: Some(json!({
            "keys": [{ "kind": "id", "value": "1" }],
            "priorOrders": orders,
        })),
        ..case().coupon(third.clone())
    };
    assert!(after(json!(2)).reasons().is_empty());
    let early = after(json!(1));
    assert_eq!(early.reasons(), ["order_number_mismatch@coupon"]);
    assert_eq!(
        early.rejections()[0]["details"],
        json!({ "priorOrders": 1 })
    );
    assert_eq!(
        after(Json::Null).error().0,
        ErrorCode::PriorOrdersUnavailable
    );
}

#[test]
fn semantics_11_list_and_groups_must_both_hold() {
    let both = json!({
        "customers": [{ "kind": "email", "value": "*@Ex.com" }],
        "customerGroups": ["vip", "staff"],
    });
    let of = |email: &str, groups: Json| Case {
        customer: Some(json!({
            "keys": [{ "kind": "id", "value": "1" }, { "kind": "email", "value": email }],
            "groups": groups,
        })),
        ..case().coupon(both.clone())
    };
    assert!(of("A@ex.com", json!(["new", "vip"])).reasons().is_empty());
    for refused in [
        of("a@ex.org", json!(["vip"])),
        of("a@ex.com", json!(["VIP"])),
        of("a@ex.org", json!([])),
    ] {
        assert_eq!(refused.reasons(), ["customer_not_allowed@coupon"]);
    }
    assert_eq!(
        case()
            .coupon(json!({ "customerGroups": ["vip"] }))
            .reasons(),
        ["customer_required@coupon"]
    );
}

#[test]
fn a_companion_coupon_must_be_entered() {
    let beside = |present: Option<Vec<&'static str>>| Case {
        present,
        ..case().coupon(json!({ "coupons": ["x", "y"] }))
    };
    assert!(beside(None).reasons().is_empty());
    assert!(beside(Some(vec!["y"])).reasons().is_empty());
    let alone = beside(Some(vec!["c"]));
    assert_eq!(alone.reasons(), ["coupon_required@coupon"]);
    assert_eq!(
        alone.rejections()[0]["details"],
        json!({ "coupons": ["x", "y"] })
    );
}

#[test]
fn a_told_refusal_keeps_the_merchant_s_words() {
    let mut told = case().coupon(json!({ "channels": ["web"] }));
    told.coupon = Some(with(
        told.coupon.unwrap(),
        &json!({ "refusalMessage": "Web only" }),
    ));
    let mut rejections = told.assess().unwrap().rejections;
    let disclosed = Disclosed::new(rejections.remove(0), Vec::new(), Disclosure::Uniform);
    assert_eq!(
        serde_json::to_value(disclosed.rejection.details).unwrap(),
        json!({ "text": "Web only" })
    );
    let masked = Rejection::plain(Reason::OutsideSchedule, Level::Coupon);
    for disclosure in [Disclosure::Uniform, Disclosure::Actionable] {
        let disclosed = Disclosed::new(masked.clone(), Vec::new(), disclosure);
        assert_eq!(disclosed.rejection.code, Reason::NotApplicable);
    }
}
