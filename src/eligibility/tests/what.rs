//! Lines, size of the order, balances.

use super::*;

#[test]
fn semantics_10_requires_all_needs_every_product() {
    let all = |products: Json| case().coupon(json!({ "products": products }));
    let met = all(json!({ "include": ["a", "c"], "requires": "all" }));
    assert_eq!(met.assess().unwrap().eligible, [0, 1]);
    assert!(met.reasons().is_empty());
    let unmet = all(json!({ "include": ["z", "a", "d"], "requires": "all" }));
    assert_eq!(unmet.reasons(), ["no_eligible_items@coupon"]);
    assert_eq!(
        unmet.rejections()[0]["details"],
        json!({ "cartEmpty": false, "missing": ["d", "z"] })
    );
    let excluded = all(json!({ "include": ["a", "c"], "exclude": ["b"], "requires": "all" }));
    assert_eq!(excluded.rejections()[0]["details"]["missing"], json!(["c"]));
    let on_sale = all(json!({ "include": ["a", "c"], "excludeOnSale": true, "requires": "all" }));
    assert_eq!(on_sale.rejections()[0]["details"]["missing"], json!(["c"]));
    let any = all(json!({ "excludeOnSale": true }));
    assert_eq!(any.assess().unwrap().eligible, [0]);
}

#[test]
fn semantics_10_the_level_that_leaves_nothing_is_told() {
    let products = |ids: Json| json!({ "restrictions": { "products": { "include": ids } } });
    let narrowed = |coupon: Json, code: Json, rule: Json| Case {
        coupon: Some(with(json!({ "rules": ["r"] }), &products(coupon))),
        code: Some(products(code)),
        rule: Some(products(rule)),
        ..case()
    };
    let nothing = |coupon: Json, code: Json, rule: Json| narrowed(coupon, code, rule).reasons();
    assert_eq!(
        nothing(json!(["z"]), json!(["z"]), json!(["z"])),
        ["no_eligible_items@coupon"]
    );
    assert_eq!(
        nothing(json!(["a"]), json!(["b"]), json!(["a"])),
        ["no_eligible_items@code"]
    );
    assert_eq!(
        nothing(json!(["a", "b"]), json!(["a"]), json!(["b"])),
        ["no_eligible_items@rule"]
    );
    let left = narrowed(json!(["a", "b"]), json!(["b"]), json!(["c"]));
    assert_eq!(left.assess().unwrap().eligible, [1]);
}

#[test]
fn shipping_discounts_look_at_shipping_and_at_lines_only_if_narrowed() {
    let shipping = |cart: Json, restrictions: Json| Case {
        coupon: Some(json!({
            "discount": { "type": "percent", "basisPoints": 10000, "target": "shipping" },
            "restrictions": restrictions,
        })),
        cart,
        ..case()
    };
    let lines = || json!([{ "id": "1", "unitPrice": 5, "quantity": 1 }]);
    let only_x = json!({ "products": { "include": ["x"] } });
    assert!(
        shipping(json!({ "shipping": 50, "lines": [] }), json!({}))
            .reasons()
            .is_empty()
    );
    assert_eq!(
        shipping(json!({ "shipping": 0, "lines": lines() }), json!({})).reasons(),
        ["no_eligible_items@coupon"]
    );
    assert_eq!(
        shipping(json!({ "shipping": 50, "lines": lines() }), only_x).reasons(),
        ["no_eligible_items@coupon"]
    );
}

#[test]
fn semantics_9_amount_and_quantity_are_told_together() {
    let sized = |restrictions: Json| case().coupon(restrictions);
    assert!(
        sized(json!({ "minimum": { "amounts": { "EGP": 1300 }, "quantity": 3 } }))
            .reasons()
            .is_empty()
    );
    let short = sized(json!({ "minimum": { "amounts": { "EGP": 1301 }, "quantity": 4 } }));
    assert_eq!(
        short.rejections(),
        json!([{ "code": "minimum_not_met", "level": "coupon", "details": {
            "currency": "EGP", "required": 1301, "actual": 1300, "shortfall": 1,
            "scope": "all_lines", "requiredQuantity": 4, "actualQuantity": 3,
        } }])
    );
    let of_scope = sized(json!({
        "products": { "include": ["b"] },
        "minimum": { "quantity": 2, "scope": "eligible_lines" },
    }));
    assert_eq!(
        of_scope.rejections()[0]["details"],
        json!({ "scope": "eligible_lines", "requiredQuantity": 2, "actualQuantity": 1 })
    );
    let over = sized(json!({ "maximum": { "amounts": { "EGP": 1299 }, "quantity": 3 } }));
    assert_eq!(
        over.rejections(),
        json!([{ "code": "maximum_exceeded", "level": "coupon", "details": {
            "currency": "EGP", "required": 1299, "actual": 1300, "scope": "all_lines",
        } }])
    );
    assert_eq!(
        sized(json!({ "maximum": { "amounts": { "USD": 1 } } })).reasons(),
        ["currency_mismatch@coupon"]
    );
}

#[test]
fn semantics_9_a_running_minimum_waits_for_its_turn() {
    let running = |quantity: i64| {
        case().coupon(json!({ "minimum": {
            "amounts": { "EGP": 9000 }, "quantity": quantity, "basis": "running_before_this",
        } }))
    };
    assert!(running(3).reasons().is_empty());
    assert_eq!(
        running(4).rejections()[0]["details"],
        json!({ "scope": "all_lines", "requiredQuantity": 4, "actualQuantity": 3 })
    );
    let coupon = read(
        &json!({ "id": "c", "type": "standard", "code": "C", "restrictions": { "minimum": {
            "amounts": { "EGP": 9000 }, "basis": "running_before_this",
        } } }),
        |node| Coupon::define(node, None, instant(0)),
    );
    let candidate = Candidate {
        coupon: Some(&coupon),
        code: None,
        rule: None,
    };
    let [(level, minimum)] = candidate.running_minimums()[..] else {
        panic!("one minimum");
    };
    let egp = Currency::new("EGP").unwrap();
    let rejected = |left: i64| {
        let left = crate::model::Amount::new(left).unwrap();
        running_minimum_rejection(level, minimum, egp, left)
    };
    assert_eq!(rejected(9000), None);
    let shortfall = rejected(8999).unwrap().details.shortfall.unwrap();
    assert_eq!(shortfall.minor(), 1);
}

#[test]
fn semantics_16_a_credit_is_used_up_or_held() {
    let credit = |taken: Json| Case {
        coupon: Some(json!({
            "discount": { "type": "store_credit", "amounts": { "EGP": 3000 }, "bearer": true },
        })),
        counters: json!({ "coupon/c/credit": taken, "coupon/c/credit/added": { "claimed": 500 } }),
        ..case()
    };
    assert!(credit(json!({ "claimed": 3499 })).reasons().is_empty());
    let used_up = credit(json!({ "claimed": 3500 }));
    assert_eq!(
        used_up.rejections(),
        json!([{ "code": "balance_exhausted", "level": "coupon",
            "details": { "currency": "EGP", "limit": 3500, "used": 3500 } }])
    );
    let held = credit(json!({ "claimed": 3500, "held": 1000, "nextExpiry": 7 }));
    assert_eq!(
        held.rejections(),
        json!([{ "code": "reserved_elsewhere", "level": "coupon",
            "details": { "currency": "EGP", "limit": 3500, "used": 2500, "held": 1000, "nextExpiry": 7 } }])
    );
}

#[test]
fn semantics_16_a_credit_pays_for_what_discounts_may_not_touch() {
    let credit = |covers: &str, cart: Json, restrictions: Json| Case {
        coupon: Some(json!({
            "discount": {
                "type": "store_credit", "amounts": { "EGP": 10 }, "covers": covers, "bearer": true,
            },
            "restrictions": restrictions,
        })),
        cart,
        ..case()
    };
    let fee = json!({ "lines": [
        { "id": "1", "unitPrice": 5, "quantity": 1, "discountable": false },
        { "id": "2", "unitPrice": 5, "quantity": 1, "kind": "gift_card" },
    ] });
    let paid = credit("items", fee, json!({}));
    assert_eq!(paid.assess().unwrap().eligible, [0]);
    assert!(paid.reasons().is_empty());
    let charged = json!({ "tax": 1, "shipping": 1, "lines": [] });
    let nothing = ["no_eligible_items@coupon"];
    let only_a = json!({ "products": { "include": ["a"] } });
    assert_eq!(
        credit("items", charged.clone(), json!({})).reasons(),
        nothing
    );
    assert!(
        credit("items_tax", charged.clone(), json!({}))
            .reasons()
            .is_empty()
    );
    assert_eq!(
        credit(
            "items_tax",
            json!({ "shipping": 1, "lines": [] }),
            json!({})
        )
        .reasons(),
        nothing
    );
    assert_eq!(credit("grand_total", charged, only_a).reasons(), nothing);
}
