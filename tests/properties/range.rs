//! M5: integers at the edges of every representation. An answer with figures that are exact in 128 bits, or a typed
//! error; nothing wraps, nothing is lost.

use coupon_engine::error::ErrorCode;
use coupon_engine::model::Value;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::hold::hold_where;
use crate::shop::{NOW, answer, list, minor, text, value_of};

const SAFE: i128 = (1 << 53) - 1;
const MOST_PRICE: i128 = 1_000_000_000_000;
const MOST_QUANTITY: i128 = 1_000_000;

/// A number on the wire, and what it stands for if it is one at all.
type Wire = (Value, Option<i128>);

/// Edges of the wire, and two values to be ordinary beside them.
fn number(ordinary: [i64; 2]) -> impl Strategy<Value = Wire> {
    let edges: Vec<i64> = [
        0_i64,
        1,
        10_000,
        1_000_000,
        1_000_000_000_000,
        1 << 53,
        1 << 62,
        i64::MAX,
    ]
    .into_iter()
    .flat_map(|edge| [edge.saturating_sub(1), edge, edge.saturating_add(1), -edge])
    .chain([i64::MIN])
    .collect();
    let whole = |number: i64| -> Wire { (minor(number), Some(number.into())) };
    let digits = |number: i128| -> Wire { (text(&number.to_string()), Some(number)) };
    prop_oneof![
        60 => proptest::sample::select(ordinary.to_vec()).prop_map(whole),
        4 => proptest::sample::select(edges.clone()).prop_map(whole),
        2 => proptest::sample::select(edges).prop_map(move |edge| digits(edge.into())),
        1 => any::<i64>().prop_map(whole),
        1 => (0..4_i128).prop_map(move |beyond| digits(i128::from(i64::MAX) + beyond)),
        1 => Just((Value::OtherNumber, None)),
    ]
}

/// Whether a field that takes `most` at the most, as a number only or in digits too, takes this.
fn accepts((value, number): &Wire, least: i128, most: i128, takes_digits: bool) -> bool {
    let fits = number.is_some_and(|number| (least..=most).contains(&number));
    match value {
        Value::Integer(_) => fits && number.is_some_and(|number| number <= SAFE),
        Value::Text(_) => fits && takes_digits,
        _ => false,
    }
}

#[test]
fn m5_exact_in_128_bits_or_a_typed_error() {
    let lines = vec(
        (number([999, 1_000_000_000_000]), number([3, 1_000_000])),
        0..13,
    );
    let terms = (
        number([1_500, 10_000]),
        number([700, i64::MAX]),
        number([5_000, 9]),
        number([1, 800]),
    );
    hold_where(
        10,
        &(lines, number([0, 490]), terms),
        |(lines, shipping, (bps, cap, amount, least))| {
            let answer = answer(&request(&lines, &shipping, [&bps, &cap, &amount, &least]));
            let wire = |wire: &Wire| wire.1.unwrap_or(0);
            let subtotal: i128 = lines
                .iter()
                .map(|(price, quantity)| wire(price).saturating_mul(wire(quantity)))
                .fold(0, i128::saturating_add); // numbers this large are refused anyway
            let fields_are_good = lines.iter().all(|(price, quantity)| {
                accepts(price, 0, MOST_PRICE, true) && accepts(quantity, 1, MOST_QUANTITY, false)
            }) && accepts(&shipping, 0, MOST_PRICE, true)
                && accepts(&bps, 1, 10_000, false)
                && [&cap, &amount, &least]
                    .into_iter()
                    .all(|field| accepts(field, 1, i64::MAX.into(), true));
            let fits = subtotal.saturating_add(wire(&shipping)) <= i64::MAX.into();
            match answer {
                Ok(quote) => {
                    prop_assert!(fields_are_good && fits);
                    let totals = quote.totals;
                    prop_assert_eq!(i128::from(totals.subtotal.minor()), subtotal);
                    let shares: i128 = quote
                        .adjustments
                        .iter()
                        .flat_map(|one| &one.lines)
                        .map(|share| i128::from(share.amount.minor()))
                        .sum();
                    prop_assert_eq!(i128::from(totals.discount.minor()), shares);
                    prop_assert!(shares <= subtotal);
                    prop_assert_eq!(
                        i128::from(totals.total.minor()),
                        subtotal - shares + wire(&shipping)
                    );
                    Ok(subtotal > SAFE)
                }
                Err(error) if fields_are_good => {
                    prop_assert!(!fits);
                    prop_assert_eq!(error.code(), ErrorCode::Arithmetic);
                    Ok(true)
                }
                Err(error) => {
                    let typed = [
                        ErrorCode::InvalidType,
                        ErrorCode::InvalidValue,
                        ErrorCode::OutOfRange,
                        ErrorCode::Arithmetic,
                    ];
                    prop_assert!(typed.contains(&error.code()), "{error:?}");
                    prop_assert!(!error.path().is_empty());
                    Ok(true)
                }
            }
        },
    );
}

fn request(
    lines: &[(Wire, Wire)],
    shipping: &Wire,
    [bps, cap, amount, least]: [&Wire; 4],
) -> Value {
    let lines = lines.iter().enumerate().map(|(place, (price, quantity))| {
        let id = place.to_string();
        value_of([
            ("id", text(&id)),
            ("unitPrice", price.0.clone()),
            ("quantity", quantity.0.clone()),
        ])
    });
    let jpy = |amount: &Wire| value_of([("JPY", amount.0.clone())]);
    let coupon = |code: &str, discount: Value, restrictions: Value| {
        value_of([
            ("id", text(code)),
            ("type", text("standard")),
            ("code", text(code)),
            ("discount", discount),
            ("restrictions", restrictions),
        ])
    };
    let percent = value_of([
        ("type", text("percent")),
        ("basisPoints", bps.0.clone()),
        ("cap", jpy(cap)),
    ]);
    let fixed = value_of([("type", text("amount")), ("amounts", jpy(amount))]);
    let minimum = value_of([("minimum", value_of([("amounts", jpy(least))]))]);
    let cart = value_of([
        ("currency", text("JPY")),
        ("lines", list(lines)),
        ("shipping", shipping.0.clone()),
    ]);
    value_of([
        ("codes", list([text("PERCENT"), text("FIXED")].into_iter())),
        ("cart", cart),
        ("now", minor(NOW)),
        ("policy", value_of([("preset", text("dino"))])),
        (
            "coupons",
            list(
                [
                    coupon("PERCENT", percent, minimum),
                    coupon("FIXED", fixed, Value::Null),
                ]
                .into_iter(),
            ),
        ),
    ])
}
