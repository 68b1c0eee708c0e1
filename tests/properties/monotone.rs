//! M8 over every kind of discount: an accepted extra coupon never raises payable. Where that holds to the minor unit it is
//! held to the minor unit; each exception has a name here, and a smallest known case.
//!
//! One more discount leaves every line with as much or less. Payable can rise only where a later discount takes less off
//! *some* line because an earlier one took more off another, or where the extra coupon keeps others out:
//!
//! - By keeping others out: exclusivity, categories and their ceilings, `stopAfter`, `onePerLine`, running minimums,
//!   `interaction`, the mode `first`, and a rule that another coupon links too (it applies once).
//! - `best`, `best_combination`, `keep_best` and a ceiling on codes choose by what discounts take, before the shop's caps
//!   and store credit: the better choice may be trimmed, or leave less for a credit to pay.
//! - The shop's caps take back from the last applied, a store credit pays for certain lines: the extra coupon can move what
//!   is left to lines that the credit does not pay for.
//! - On what is left (`sequential`, `basis: running`) a discount rounded once on several lines is shared out again: by units
//!   in proportion, and wholly otherwise by `even`, `by_quantity`, `greedy_in_order` and the hosts.
//!   `metamorphic` has the bound for proportions. Where lines are taken one by one it holds exactly.

use coupon_engine::model::Value;
use coupon_engine::operation::OutcomeState;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::draw::{any_shop, tame_shop};
use crate::hold::hold_where;
use crate::shop::{Policy, Shop, quote};
use crate::terms::{Discount, Worth};

fn payable(shop: &Shop) -> i64 {
    shop.quote().totals.total.minor()
}

/// The shop as it is, and without one of its codes.
fn with_and_without(shops: impl Strategy<Value = Shop>) -> impl Strategy<Value = (Shop, Shop)> {
    (shops, any::<prop::sample::Index>()).prop_map(|(shop, extra)| {
        let mut without = shop.clone();
        without.entries.remove(extra.index(shop.entries.len()));
        (shop, without)
    })
}

fn discounts(shop: &mut Shop) -> impl Iterator<Item = &mut Discount> {
    let of_coupons = shop.coupons.iter_mut().map(|coupon| &mut coupon.discount);
    let of_rules = shop.rules.iter_mut().map(|rule| &mut rule.discount);
    of_coupons.chain(of_rules).flatten()
}

fn never_raises(at_least_one_in: u32, shops: impl Strategy<Value = Shop>) {
    hold_where(
        at_least_one_in,
        &with_and_without(shops),
        |(shop, without)| {
            let (with, without) = (payable(&shop), payable(&without));
            prop_assert!(with <= without, "{with} > {without}");
            Ok(with < without)
        },
    );
}

/// Of the original base each discount is what it is, whatever the others take: every value, every way of sharing out,
/// the shop's caps, store credit, automatic and linked rules.
#[test]
fn m8_an_extra_coupon_never_raises_payable_on_the_original_base() {
    let shops = tame_shop(&["additive"]).prop_map(|mut shop| {
        discounts(&mut shop).for_each(|one| one.basis = None);
        caps_or_credit(shop)
    });
    never_raises(5, shops);
}

/// On what is left, where every line is taken by itself: percentages rounded on the line or the unit, amounts off each
/// line or unit, prices, shipping; with the shop's caps and store credit.
#[test]
fn m8_an_extra_coupon_never_raises_payable_where_lines_are_taken_one_by_one() {
    let shops = tame_shop(&["additive", "sequential"]).prop_map(|mut shop| {
        let is_whole = |name: &str| name != "each_line" && name != "each_unit";
        if is_whole(shop.policy.distribution) {
            shop.policy.distribution = "each_line";
        }
        for discount in discounts(&mut shop) {
            discount.distribution = discount.distribution.filter(|name| !is_whole(name));
            let worths: Vec<&mut Worth> = match &mut discount.worth {
                Worth::Tiers { tiers, .. } => tiers.iter_mut().map(|(_, worth)| worth).collect(),
                worth => vec![worth],
            };
            for worth in worths {
                if let Worth::Percent { cap, .. } = worth {
                    *cap = None;
                }
            }
        }
        caps_or_credit(shop)
    });
    never_raises(5, shops);
}

/// On what is left of the same lines, what one takes depends on their sum alone.
#[test]
fn m8_an_extra_coupon_on_the_same_lines_never_raises_payable_however_it_is_shared_out() {
    let shops = tame_shop(&["sequential"]).prop_map(|mut shop| {
        if !["proportional", "by_quantity", "even", "greedy_in_order"]
            .contains(&shop.policy.distribution)
        {
            shop.policy.distribution = "even";
        }
        shop.policy.rounding_point = "coupon";
        let of_coupons = shop.coupons.iter_mut().map(|coupon| &mut coupon.conditions);
        let of_rules = shop.rules.iter_mut().map(|rule| &mut rule.conditions);
        for conditions in of_coupons.chain(of_rules) {
            (conditions.include, conditions.exclude) = (0, 0);
            (conditions.requires_all, conditions.exclude_on_sale) = (false, false);
        }
        shop.coupons
            .iter_mut()
            .for_each(|coupon| coupon.on_code = None);
        for discount in discounts(&mut shop) {
            let is_of_sum = matches!(
                discount.worth,
                Worth::Percent { .. }
                    | Worth::Amount(_)
                    | Worth::Every { .. }
                    | Worth::Credit { .. }
            );
            if !is_of_sum {
                discount.worth = Worth::Amount(77);
            }
            discount.basis = discount.basis.filter(|basis| *basis == "running");
            discount.units = None;
            discount.max_per_line = None;
            discount.distribution = discount
                .distribution
                .filter(|name| !name.starts_with("each_"));
        }
        caps_or_credit(shop)
    });
    never_raises(5, shops);
}

/// The shop's caps where nothing is paid by credit; else credits without the caps.
fn caps_or_credit(mut shop: Shop) -> Shop {
    if discounts(&mut shop).any(|one| one.is_credit()) {
        shop.policy = without_caps(shop.policy);
    }
    shop
}

fn without_caps(policy: Policy) -> Policy {
    Policy {
        global_cap: None,
        min_payable: None,
        allow_zero: true,
        ..policy
    }
}

/// `best` looks at no more than one entry or rule at a time.
#[test]
fn m8_an_extra_coupon_never_raises_payable_in_best_before_caps_and_credit() {
    never_raises(20, tame_shop(&["best"]).prop_map(before_caps_and_credit));
}

/// Every selection that stood without the extra coupon can still be had, so nothing that keeps others out is an exception.
#[test]
fn m8_an_extra_coupon_never_raises_payable_in_best_combination_whatever_keeps_others_out() {
    let shops = any_shop().prop_map(|mut shop| {
        shop.policy.mode = "best_combination";
        shop.policy.interaction = "alongside";
        shop.policy.on_inapplicable = "partial";
        shop.rules
            .iter_mut()
            .for_each(|rule| rule.interaction = None);
        before_caps_and_credit(shop.entering_all())
    });
    never_raises(5, shops);
}

fn before_caps_and_credit(mut shop: Shop) -> Shop {
    shop.policy = without_caps(shop.policy);
    for discount in discounts(&mut shop).filter(|one| one.is_credit()) {
        discount.worth = Worth::Amount(77);
    }
    shop
}

/// Nothing of what keeps others out, and an extra coupon that applies: the whole statement of M8, with room for what is
/// shared out again. Proportions move by units; see `metamorphic`.
#[test]
fn m8_an_extra_coupon_raises_payable_by_shared_units_at_most_in_proportion() {
    let shops = tame_shop(&["additive", "sequential"]).prop_map(|mut shop| {
        shop.policy.distribution = "proportional";
        shop.policy = without_caps(shop.policy);
        for discount in discounts(&mut shop) {
            discount.distribution = None;
        }
        shop
    });
    hold_where(5, &with_and_without(shops), |(shop, fewer)| {
        let Some(extra) = shop
            .entries
            .iter()
            .position(|entry| !fewer.entries.contains(entry))
        else {
            return Ok(false);
        };
        let quote = shop.quote();
        let is_applied = quote.codes[extra].state == OutcomeState::Applied;
        let discounts = i64::try_from(quote.adjustments.len()).unwrap();
        let lines = i64::try_from(shop.lines.len()).unwrap();
        let slack = discounts * (lines / 2 + 1);
        let (with, without) = (quote.totals.total.minor(), payable(&fewer));
        prop_assert!(with <= without + slack, "{with} > {without} + {slack}");
        Ok(is_applied)
    });
}

/// Where a ceiling forces a choice among all, what stood without the extra coupon can still be chosen.
#[test]
fn m8_an_extra_coupon_never_raises_payable_under_a_ceiling_on_codes() {
    let shops = tame_shop(&["additive"]).prop_map(|mut shop| {
        shop.policy.on_conflict = "keep_best";
        shop.policy.max_codes = i64::try_from(shop.coupons.len()).unwrap() / 2 + 1;
        discounts(&mut shop).for_each(|one| one.basis = None);
        before_caps_and_credit(shop)
    });
    never_raises(8, shops);
}

/// A cart of `[id, price]`, each line with its id as product; the code `X` is the extra one.
fn known(lines: &[(&str, i64)], more: Json) -> (i64, i64) {
    let line = |&(id, price): &(&str, i64)| json!({"id": id, "unitPrice": price, "quantity": 1, "ids": [id]});
    let lines: Vec<Json> = lines.iter().map(line).collect();
    let mut request = json!({"now": 0, "cart": {"currency": "EGP", "lines": lines, "shipping": more["shipping"]}});
    request["rules"] = more["rules"].clone();
    request["policy"] = more["policy"].clone();
    if request["policy"]["stacking"]["maxCodes"].is_null() {
        request["policy"]["stacking"]["maxCodes"] = json!(30);
    }
    let mut codes = Vec::new();
    let mut coupons = Vec::new();
    for coupon in more["coupons"].as_array().unwrap() {
        let mut coupon = coupon.clone();
        (coupon["id"], coupon["type"]) = (coupon["code"].clone(), json!("standard"));
        codes.push(coupon["code"].clone());
        coupons.push(coupon);
    }
    request["coupons"] = json!(coupons);
    let mut pay = |codes: &[Json]| {
        request["codes"] = json!(codes);
        let request: Value = serde_json::from_value(request.clone()).unwrap();
        let quote = quote(&request);
        let extra = quote
            .codes
            .iter()
            .find(|one| one.code.as_deref() == Some("X"));
        assert!(
            extra.is_none_or(|extra| extra.state == OutcomeState::Applied),
            "{extra:?}"
        );
        quote.totals.total.minor()
    };
    let with = pay(&codes);
    codes.retain(|code| code != "X");
    (with, pay(&codes))
}

fn off(code: &str, amount: i64, more: Json) -> Json {
    let mut coupon =
        json!({"code": code, "discount": {"type": "amount", "amounts": {"EGP": amount}}});
    for (name, value) in more.as_object().unwrap() {
        coupon[name] = value.clone();
    }
    coupon
}

/// The smallest known case of each named exception: what is paid with the extra coupon, and without it.
#[test]
fn m8_known_exceptions_are_the_named_ones() {
    let only = |id: &str| json!({"products": {"include": [id]}});
    let half = json!({"type": "percent", "basisPoints": 5000});
    let one = [("a", 100)];
    let cases = [
        (
            "exclusive",
            known(
                &one,
                json!({"coupons": [off("X", 1, json!({"exclusive": true})), off("Y", 50, json!({"priority": 1}))]}),
            ),
        ),
        (
            "combinesWith",
            known(
                &one,
                json!({"coupons": [off("X", 1, json!({"combinesWith": "none"})), off("Y", 50, json!({"priority": 1}))]}),
            ),
        ),
        (
            "stopAfter",
            known(
                &one,
                json!({"coupons": [off("X", 1, json!({"stopAfter": true})), off("Y", 50, json!({"priority": 1}))]}),
            ),
        ),
        (
            "onePerLine",
            known(
                &one,
                json!({
                    "policy": {"stacking": {"onePerLine": true}},
                    "coupons": [off("X", 1, json!({"restrictions": only("a")})), off("Y", 50, json!({"priority": 1, "restrictions": only("a")}))],
                }),
            ),
        ),
        (
            "maxPerCategory",
            known(
                &one,
                json!({
                    "policy": {"stacking": {"maxPerCategory": {"sale": 1}}},
                    "coupons": [off("X", 1, json!({"category": "sale"})), off("Y", 50, json!({"category": "sale", "priority": 1}))],
                }),
            ),
        ),
        (
            "running minimum",
            known(
                &one,
                json!({"coupons": [off("X", 1, json!({})), off("Y", 50, json!({
                    "priority": 1, "restrictions": {"minimum": {"amounts": {"EGP": 100}, "basis": "running_before_this"}},
                }))]}),
            ),
        ),
        (
            "interaction",
            known(
                &one,
                json!({
                    "policy": {"interaction": "code_replaces"}, "coupons": [off("X", 1, json!({}))],
                    "rules": [{"id": "r", "gate": "automatic", "discount": half}],
                }),
            ),
        ),
        (
            "first",
            known(
                &one,
                json!({
                    "policy": {"stacking": {"mode": "first"}}, "coupons": [off("X", 1, json!({})), off("Y", 50, json!({"priority": 1}))],
                }),
            ),
        ),
        (
            "a rule linked twice",
            known(
                &[("a", 10), ("b", 90)],
                json!({
                    "rules": [{"id": "r", "gate": "coupon", "discount": half}],
                    "coupons": [{"code": "X", "rules": ["r"], "restrictions": only("a")}, {"code": "Y", "rules": ["r"]}],
                }),
            ),
        ),
        (
            "best under the global cap",
            known(
                &[("a", 20)],
                json!({
                    "policy": {"globalCapBasisPoints": 2500, "stacking": {"mode": "best"}}, "shipping": 10,
                    "coupons": [off("X", 11, json!({})), {"code": "Y", "discount": {"type": "percent", "basisPoints": 10_000, "target": "shipping"}}],
                }),
            ),
        ),
        (
            "best before store credit",
            known(
                &[("a", 20)],
                json!({
                    "policy": {"stacking": {"mode": "best"}}, "shipping": 10,
                    "coupons": [
                        off("X", 11, json!({})), {"code": "Y", "discount": {"type": "percent", "basisPoints": 10_000, "target": "shipping"}},
                        {"code": "C", "discount": {"type": "store_credit", "amounts": {"EGP": 100}, "bearer": true}},
                    ],
                }),
            ),
        ),
        (
            "caps beside store credit",
            known(
                &[("a", 100), ("b", 100)],
                json!({
                    "policy": {"globalCapBasisPoints": 5000},
                    "coupons": [
                        off("X", 100, json!({"restrictions": only("b")})),
                        off("Y", 100, json!({"priority": 1, "restrictions": only("a")})),
                        {
                            "code": "C",
                            "restrictions": only("b"),
                            "discount": {"type": "store_credit", "amounts": {"EGP": 100}, "bearer": true},
                        },
                    ],
                }),
            ),
        ),
        (
            "shared out again on what is left",
            known(
                &[("b", 10), ("a", 10)],
                json!({
                    "policy": {"distribution": "greedy_in_order", "stacking": {"mode": "sequential"}},
                    "coupons": [
                        off("X", 4, json!({"restrictions": only("a")})), {"code": "P", "priority": 1, "discount": half},
                        off("Z", 100, json!({"priority": 2, "restrictions": only("a")})),
                    ],
                }),
            ),
        ),
    ];
    let expected = [
        (99, 50),
        (99, 50),
        (99, 50),
        (99, 50),
        (99, 50),
        (99, 50),
        (99, 50),
        (99, 50),
        (95, 50),
        (25, 20),
        (10, 0),
        (100, 0),
        (2, 0),
    ];
    for ((name, paid), expected) in cases.iter().zip(expected) {
        assert_eq!(*paid, expected, "{name}");
    }
}
