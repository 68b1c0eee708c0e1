//! Limits: over all time and in periods, of all customers and of one, first orders, budgets; which counters decide, and
//! what is claimed of them.

use super::*;
use crate::model::{Amount, Claim};

/// One level's limits, on the coupon.
fn limited(limits: Json, counters: Json) -> Case {
    Case {
        coupon: Some(json!({ "limits": limits })),
        counters,
        ..case()
    }
}

fn known(case: Case) -> Case {
    Case {
        customer: Some(json!({ "keys": [
            { "kind": "email", "value": "Ann+x@Ex.com" },
            { "kind": "id", "value": "7" },
        ], "priorOrders": 0 })),
        ..case
    }
}

#[test]
fn semantics_13_a_period_s_limit_counts_in_its_own_counter() {
    let windows = json!({ "windows": [{ "per": "day", "total": 2 }, { "per": "week", "total": 5 }, { "per": "month", "total": 9 }] });
    let full = json!({
        "coupon/c/day/1970-01-05": { "claimed": 2 },
        "coupon/c/week/1970-W02": { "claimed": 6, "held": 2, "nextExpiry": MONDAY + 1 },
        "coupon/c/month/1970-01": { "claimed": 8 },
    });
    assert_eq!(
        limited(windows.clone(), full).rejections(),
        json!([
            { "code": "limit_reached", "level": "coupon", "details": { "limit": 2, "per": "day", "used": 2 } },
            { "code": "reserved_elsewhere", "level": "coupon",
                "details": { "limit": 5, "per": "week", "used": 4, "held": 2, "nextExpiry": MONDAY + 1 } },
        ])
    );
    let of_others = json!({
        "coupon/c": { "claimed": 99 },
        "coupon/c/day/1970-01-04": { "claimed": 99 },
        "coupon/c/week/1970-W01": { "claimed": 99 },
        "coupon/c/month/1969-12": { "claimed": 99 },
        "coupon/c/day/1970-01-05/customer/id/7": { "claimed": 99 },
    });
    assert_eq!(limited(windows, of_others).rejections(), json!([]));
}

#[test]
fn semantics_17_a_period_is_that_of_the_policy_s_zone() {
    let in_zone = |zones: Json, counter: &str| Case {
        policy: json!({ "zone": "Asia/Kathmandu" }),
        zones,
        ..limited(
            json!({ "windows": [{ "per": "day", "total": 1 }] }),
            json!({ counter: { "claimed": 1 } }),
        )
    };
    let ahead = json!({ "Asia/Kathmandu": 600 });
    let reached = ["limit_reached@coupon"];
    assert_eq!(
        in_zone(ahead.clone(), "coupon/c/day/1970-01-06").reasons(),
        reached
    );
    assert!(
        in_zone(ahead, "coupon/c/day/1970-01-05")
            .reasons()
            .is_empty()
    );
    let unknown = in_zone(json!({}), "coupon/c");
    assert_eq!(
        unknown.error(),
        (ErrorCode::Required, r#"zones["Asia/Kathmandu"]"#.to_owned())
    );
    // What is refused anyway must not show that it exists.
    let switched_off = Case {
        coupon: Some(
            json!({ "state": "inactive", "limits": { "windows": [{ "per": "day", "total": 1 }] } }),
        ),
        ..unknown
    };
    assert_eq!(switched_off.reasons(), ["inactive@coupon"]);
}

#[test]
fn semantics_11_each_limit_of_a_customer_is_told_once() {
    let limits = json!({ "perCustomer": 1, "windows": [{ "per": "month", "perCustomer": 2 }] });
    let counters = json!({
        "coupon/c/customer/email/ann+x@ex.com": { "claimed": 1, "held": 1 },
        "coupon/c/customer/id/7": { "claimed": 1 },
        "coupon/c/month/1970-01/customer/email/ann+x@ex.com": { "claimed": 2, "held": 1 },
        "coupon/c/month/1970-01/customer/id/7": { "claimed": 2, "held": 2 },
    });
    assert_eq!(
        known(limited(limits.clone(), counters)).rejections(),
        json!([
            { "code": "reserved_elsewhere", "level": "coupon",
                "details": { "limit": 2, "per": "month", "used": 1, "held": 1, "nextExpiry": null, "kind": "email" } },
            { "code": "customer_limit_reached", "level": "coupon", "details": { "limit": 1, "used": 1, "kind": "id" } },
        ])
    );
    let monthly = json!({ "windows": [{ "per": "month", "perCustomer": 2 }] });
    assert_eq!(
        limited(monthly, json!({})).reasons(),
        ["customer_required@coupon"]
    );
}

#[test]
fn semantics_12_a_key_has_one_first_order_whichever_coupon_it_was() {
    let with = |counter: Json, prior_orders: i64| {
        let mut case = known(Case {
            code: Some(json!({ "restrictions": { "firstOrderOnly": true } })),
            counters: json!({ "first_order/customer/id/7": counter }),
            ..case().coupon(json!({ "firstOrderOnly": true }))
        });
        case.customer.as_mut().unwrap()["priorOrders"] = json!(prior_orders);
        case.rejections()
    };
    let both = |code: &str, details: Json| {
        json!([
            { "code": code, "level": "coupon", "details": details },
            { "code": code, "level": "code", "details": details },
        ])
    };
    let held = json!({ "limit": 1, "used": 0, "held": 1, "nextExpiry": null, "kind": "id" });
    assert_eq!(
        with(json!({ "claimed": 1, "held": 1 }), 0),
        both("reserved_elsewhere", held)
    );
    let used = json!({ "limit": 1, "used": 1, "kind": "id" });
    assert_eq!(
        with(json!({ "claimed": 1 }), 0),
        both("not_first_order", used)
    );
    assert_eq!(
        with(json!({ "claimed": 1 }), 2),
        both("not_first_order", json!({ "priorOrders": 2 }))
    );
    assert_eq!(with(json!({ "claimed": 1, "ended": 1 }), 0), json!([]));
}

#[test]
fn a_budget_is_spent_or_waited_for_and_has_a_currency() {
    let budget = json!({ "budget": { "EGP": 1000, "USD": 5 } });
    let with = |counter: Json| {
        limited(budget.clone(), json!({ "coupon/c/budget/EGP": counter })).rejections()
    };
    assert_eq!(
        with(json!({ "claimed": 1000 })),
        json!([{ "code": "budget_exhausted", "level": "coupon",
            "details": { "limit": 1000, "used": 1000, "currency": "EGP" } }])
    );
    assert_eq!(
        with(json!({ "claimed": 1200, "held": 100, "ended": 200, "nextExpiry": 7 })),
        json!([{ "code": "reserved_elsewhere", "level": "coupon",
            "details": { "limit": 1000, "used": 900, "held": 100, "nextExpiry": 7, "currency": "EGP" } }])
    );
    assert_eq!(with(json!({ "claimed": 1200, "ended": 201 })), json!([]));
    let elsewhere = limited(json!({ "budget": { "USD": 5 } }), json!({}));
    assert_eq!(
        elsewhere.rejections(),
        json!([{ "code": "currency_mismatch", "level": "coupon", "details": { "currency": "EGP", "accepted": ["USD"] } }])
    );
}

#[test]
fn a_spent_credit_is_exhausted_even_where_some_of_it_is_held() {
    let credit = json!({ "discount": { "type": "store_credit", "amounts": { "EGP": 3000 }, "bearer": true } });
    let with = |counter: Json| {
        let counters = json!({ "coupon/c/credit": counter });
        Case {
            coupon: Some(credit.clone()),
            counters,
            ..case()
        }
        .reasons()
    };
    assert_eq!(
        with(json!({ "claimed": 3100, "held": 100 })),
        ["balance_exhausted@coupon"]
    );
    assert_eq!(
        with(json!({ "claimed": 3000, "held": 100 })),
        ["reserved_elsewhere@coupon"]
    );
    assert!(with(json!({ "claimed": 3000, "ended": 1 })).is_empty());
}

fn claimed(case: &Case, discount: i64, credit: Option<i64>) -> Vec<(String, i64, i64)> {
    let amount = |minor: i64| Amount::new(minor).unwrap();
    let claims = case.ask(|candidate, situation| {
        claims_of(candidate, amount(discount), credit.map(amount), situation)
    });
    let figures = |claim: Claim| {
        (
            claim.counter.as_str().to_owned(),
            claim.amount,
            claim.ceiling.unwrap(),
        )
    };
    claims.unwrap().into_iter().map(figures).collect()
}

fn row(name: &str, amount: i64, ceiling: i64) -> (String, i64, i64) {
    (name.to_owned(), amount, ceiling)
}

#[test]
fn what_has_a_limit_is_claimed_and_nothing_else() {
    let case = known(Case {
        coupon: Some(json!({
            "limits": { "total": 100, "budget": { "EGP": 1000 }, "windows": [{ "per": "day", "perCustomer": 1 }] },
            "restrictions": { "firstOrderOnly": true },
        })),
        code: Some(
            json!({ "limits": { "perCustomer": 3 }, "restrictions": { "firstOrderOnly": true } }),
        ),
        policy: json!({ "stripPlusTag": true }),
        ..case()
    });
    assert_eq!(
        claimed(&case, 180, None),
        [
            row("code/code/customer/email/ann@ex.com", 1, 3),
            row("code/code/customer/id/7", 1, 3),
            row("coupon/c", 1, 100),
            row("coupon/c/budget/EGP", 180, 1000),
            row("coupon/c/day/1970-01-05/customer/email/ann@ex.com", 1, 1),
            row("coupon/c/day/1970-01-05/customer/id/7", 1, 1),
            row("first_order/customer/email/ann@ex.com", 1, 1),
            row("first_order/customer/id/7", 1, 1),
        ]
    );
    assert_eq!(claimed(&super::case(), 180, None), []);
    let credit = json!({ "type": "store_credit", "amounts": { "EGP": 3000 }, "bearer": true });
    let of_credit = Case {
        coupon: Some(json!({ "discount": credit })),
        counters: json!({ "coupon/c/credit/added": { "claimed": 500 } }),
        ..super::case()
    };
    assert_eq!(
        claimed(&of_credit, 0, Some(70)),
        [row("coupon/c/credit", 70, 3500)]
    );
}

#[test]
fn every_counter_that_is_claimed_is_asked_for_before_the_zone_is_known() {
    for zone in ["UTC", "Asia/Kathmandu"] {
        for offset in [-1440, -1, 0, 345, 1440] {
            let case = known(Case {
                policy: json!({ "zone": zone }),
                zones: json!({ "Asia/Kathmandu": offset }),
                ..limited(
                    json!({ "total": 1, "budget": { "EGP": 1 }, "windows": [
                        { "per": "day", "total": 1, "perCustomer": 1 },
                        { "per": "week", "total": 1 },
                        { "per": "month", "total": 1 },
                    ] }),
                    json!({}),
                )
            });
            let asked: Vec<String> = case.ask(|candidate, situation| {
                let currency = Currency::new("EGP").unwrap();
                let now = situation.now;
                counters_of(
                    candidate,
                    situation.customer,
                    currency,
                    situation.policy,
                    now,
                )
                .iter()
                .map(|name| name.as_str().to_owned())
                .collect()
            });
            let claims = claimed(&case, 1, None);
            assert_eq!(claims.len(), 7);
            for (name, ..) in claims {
                assert!(asked.contains(&name), "{name} of {asked:?}");
            }
        }
    }
}
