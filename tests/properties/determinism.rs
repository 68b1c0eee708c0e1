//! M6 and M7: an answer is a function of the cart, the set of codes and the policy; the order in which lines, keys and
//! codes are given, and the calls before, count for nothing.

use coupon_engine::model::{Node, Value};
use coupon_engine::operation::{Prepared, Quote};
use proptest::prelude::*;

use crate::draw::any_shop;
use crate::hold::{hold, hold_where};
use crate::shop::{Entry, Shop, answer, quote};
use crate::terms::{Discount, HOSTS, Worth};

fn written(quote: &Quote) -> String {
    serde_json::to_string(quote).unwrap()
}

/// Lines in the order of their ids.
fn by_line_id(mut quote: Quote) -> Quote {
    quote.lines.sort_by(|one, two| one.id.cmp(&two.id));
    for adjustment in &mut quote.adjustments {
        adjustment
            .lines
            .sort_by(|one, two| one.line_id.cmp(&two.line_id));
    }
    quote
}

/// Without places in the request: outcomes in the order of their text.
fn without_indexes(mut quote: Quote) -> (Vec<String>, String) {
    let mut outcomes: Vec<String> = quote
        .codes
        .drain(..)
        .map(|mut outcome| {
            outcome.index = 0;
            serde_json::to_string(&outcome).unwrap()
        })
        .collect();
    outcomes.sort();
    for adjustment in &mut quote.adjustments {
        adjustment.index = None;
    }
    for credit in &mut quote.credits {
        credit.index = 0;
    }
    quote.unlocked.sort();
    quote
        .automatic
        .sort_by(|one, two| one.rule_id.cmp(&two.rule_id));
    (outcomes, written(&quote))
}

fn shuffled<T>(mut items: Vec<T>, dice: &mut u64) -> Vec<T> {
    for last in (1..items.len()).rev() {
        *dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        items.swap(last, usize::try_from(*dice >> 33).unwrap() % (last + 1));
    }
    items
}

fn with_keys_shuffled(value: Value, dice: &mut u64) -> Value {
    match value {
        Value::Map(fields) => {
            let fields = fields
                .into_iter()
                .map(|(key, value)| (key, with_keys_shuffled(value, dice)))
                .collect();
            Value::Map(shuffled(fields, dice))
        }
        Value::List(entries) => Value::List(
            entries
                .into_iter()
                .map(|entry| with_keys_shuffled(entry, dice))
                .collect(),
        ),
        plain => plain,
    }
}

/// The shop with no discount that goes by the order of lines, as `greedy_in_order` and the hosts' ways do.
pub fn without_orders_of_lines(mut shop: Shop) -> Shop {
    let goes_by_order = |name: &str| name == "greedy_in_order" || HOSTS.contains(&name);
    if goes_by_order(shop.policy.distribution) {
        shop.policy.distribution = "even";
    }
    let of_coupons = shop.coupons.iter_mut().map(|coupon| &mut coupon.discount);
    let of_rules = shop.rules.iter_mut().map(|rule| &mut rule.discount);
    for discount in of_coupons.chain(of_rules).flatten() {
        discount.distribution = discount.distribution.filter(|name| !goes_by_order(name));
    }
    shop
}

#[test]
fn m6_the_order_of_lines_changes_no_amount() {
    hold_where(
        3,
        &(any_shop().prop_map(without_orders_of_lines), any::<u64>()),
        |(shop, mut dice)| {
            let mut other = shop.clone();
            other.lines = shuffled(other.lines, &mut dice);
            let (one, two) = (shop.quote(), other.quote());
            let telling = !one.adjustments.is_empty();
            prop_assert_eq!(written(&by_line_id(one)), written(&by_line_id(two)));
            Ok(telling)
        },
    );
}

#[test]
fn m6_the_order_of_keys_and_earlier_calls_change_no_byte() {
    hold(&(any_shop(), any::<u64>()), |(shop, mut dice)| {
        let request = shop.request();
        let first = written(&quote(&request));
        let other = with_keys_shuffled(request.clone(), &mut dice);
        prop_assert_eq!(&first, &written(&quote(&other)));
        prop_assert_eq!(&first, &written(&quote(&request)));
        Ok(())
    });
}

#[test]
fn m6_a_prepared_set_answers_as_evaluate_does() {
    hold(&any_shop(), |shop| {
        let prepared = Prepared::new(&Node::root(&shop.terms(), "")).unwrap();
        let answer = prepared
            .evaluate(&Node::root(&shop.checkout(), ""))
            .unwrap();
        prop_assert_eq!(written(&answer), written(&shop.quote()));
        Ok(())
    });
}

/// The answers that the wasm tests expect in Node and in a browser, from the native build.
#[test]
fn m6_fixed_answers_of_wasm_are_native_answers() {
    for (request, expected) in crate::golden::cases() {
        let request: Value = serde_json::from_str(request).unwrap();
        let answered = match answer(&request) {
            Ok(quote) => written(&quote),
            Err(error) => serde_json::to_string(&error).unwrap(),
        };
        assert_eq!(answered, expected);
    }
}

/// No order of entry, as the merchant asked for.
fn tidy(shop: &mut Shop) {
    if shop.policy.order == "requested" {
        shop.policy.order = "priority";
    }
}

#[test]
fn m7_the_order_of_codes_changes_nothing_but_indexes() {
    let shops = any_shop().prop_map(|mut shop| {
        tidy(&mut shop);
        shop
    });
    hold_where(4, &(shops, any::<u64>()), |(shop, mut dice)| {
        let mut other = shop.clone();
        other.entries = shuffled(other.entries, &mut dice);
        let (one, two) = (shop.quote(), other.quote());
        let telling = !one.adjustments.is_empty() && other.entries != shop.entries;
        prop_assert_eq!(without_indexes(one), without_indexes(two));
        Ok(telling)
    });
}

#[test]
fn m7_the_order_of_rules_and_coupons_changes_nothing_but_indexes() {
    let shops = any_shop().prop_map(|mut shop| {
        tidy(&mut shop);
        shop
    });
    hold_where(8, &(shops, any::<u64>()), |(shop, mut dice)| {
        let mut request = shop.request();
        let one = quote(&request);
        for name in ["rules", "coupons"] {
            if let Value::List(definitions) = crate::shop::field(&mut request, name) {
                let given = std::mem::take(definitions);
                *definitions = shuffled(given, &mut dice);
            }
        }
        let two = quote(&request);
        let telling = !one.adjustments.is_empty() && shop.rules.len() > 1;
        prop_assert_eq!(without_indexes(one), without_indexes(two));
        Ok(telling)
    });
}

/// Several rules behind one code: which is listed first decides whose reason is told, no amount.
#[test]
fn m7_the_order_of_linked_rules_changes_no_amount() {
    let shops = any_shop().prop_map(|mut shop| {
        for rule in &mut shop.rules {
            rule.gate = "coupon";
            let worth = Worth::Percent {
                basis_points: 700,
                cap: None,
            };
            rule.discount.get_or_insert(Discount::plain(worth));
            rule.interaction = None;
        }
        let links: Vec<usize> = (0..shop.rules.len()).collect();
        for coupon in shop.coupons.iter_mut().filter(|_| links.len() > 1) {
            coupon.rules.clone_from(&links);
            coupon.discount = None;
        }
        shop
    });
    hold_where(40, &shops, |shop| {
        let mut other = shop.clone();
        for coupon in &mut other.coupons {
            coupon.rules.reverse();
        }
        let (one, two) = (shop.quote(), other.quote());
        let telling = shop.rules.len() > 1 && one.adjustments.len() > 1;
        prop_assert_eq!(one.fingerprint, two.fingerprint);
        Ok(telling)
    });
}

#[test]
fn m7_every_permutation_of_up_to_four_codes() {
    let shops = any_shop().prop_map(|mut shop| {
        tidy(&mut shop);
        shop.entering_all()
    });
    hold(&shops, |mut shop| {
        let entries = std::mem::take(&mut shop.entries);
        let mut expected = None;
        for permutation in permutations(&entries) {
            shop.entries = permutation;
            let answer = without_indexes(shop.quote());
            prop_assert_eq!(expected.get_or_insert_with(|| answer.clone()), &answer);
        }
        Ok(())
    });
}

fn permutations(entries: &[Entry]) -> Vec<Vec<Entry>> {
    let Some((first, rest)) = entries.split_first() else {
        return vec![Vec::new()];
    };
    let insertions = |shorter: Vec<Entry>| {
        (0..=shorter.len()).map(move |place| {
            let mut longer = shorter.clone();
            longer.insert(place, first.clone());
            longer
        })
    };
    permutations(rest)
        .into_iter()
        .flat_map(insertions)
        .collect()
}
