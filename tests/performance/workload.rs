//! The workload whose instructions are counted: `workload LINES COUPONS TIMES` evaluates one cart on prepared coupons so
//! many times, once more to print what came out, and nothing else. Owns the cart and the coupons; counts nothing itself.

use std::error::Error;
use std::hint::black_box;

use coupon_engine::model::{Node, Value};
use coupon_engine::operation::Prepared;
use serde_json::{Value as Json, json};

const CUSTOMER: &str = "42";
/// The first is dearer than every minimum, so that every coupon applies to every cart.
const PRICES: [i64; 7] = [12_000, 2_499, 899, 7_450, 15_999, 3_333, 600];
const QUANTITIES: [i64; 3] = [1, 2, 5];
const CATEGORIES: [&str; 4] = ["shoes", "shirts", "books", "outlet"];

fn main() -> Result<(), Box<dyn Error>> {
    let [lines, coupons, times] = arguments()?;
    let definitions: Vec<Json> = definitions().into_iter().take(coupons).collect();
    let request: Value = serde_json::from_value(request(lines, &definitions))?;
    let definitions: Value = serde_json::from_value(json!({ "coupons": definitions }))?;
    let prepared = Prepared::new(&Node::root(&definitions, "")).map_err(refused)?;

    for _ in 0..times {
        drop(black_box(
            prepared.evaluate(&Node::root(black_box(&request), "")),
        ));
    }

    let quote = prepared
        .evaluate(&Node::root(&request, ""))
        .map_err(refused)?;
    let amounts: Vec<_> = quote.codes.iter().map(|code| code.discount).collect();
    println!("{}", serde_json::to_string(&amounts)?);
    Ok(())
}

fn arguments() -> Result<[usize; 3], Box<dyn Error>> {
    let numbers: Result<Vec<usize>, _> =
        std::env::args().skip(1).map(|text| text.parse()).collect();
    numbers?
        .try_into()
        .map_err(|_| "three numbers: LINES COUPONS TIMES".into())
}

/// The five coupons of the workload; a cart with one coupon has the first.
fn definitions() -> [Json; 5] {
    let ten_products: Vec<String> = (0..10).map(product).collect();
    [
        json!({
            "id": "capped", "type": "standard", "code": "TWENTY", "priority": 1,
            "discount": { "type": "percent", "basisPoints": 2_000, "cap": { "EGP": 5_000 } },
            "restrictions": { "minimum": { "amounts": { "EGP": 2_000 } } },
            "limits": { "total": 1_000, "perCustomer": 3 },
        }),
        json!({
            "id": "fixed", "type": "standard", "code": "TENOFF", "priority": 2,
            "discount": { "type": "amount", "amounts": { "EGP": 1_000 } },
            "restrictions": { "products": { "exclude": ["outlet"] } },
        }),
        json!({
            "id": "restricted", "type": "standard", "code": "CHOSEN", "priority": 3,
            "discount": { "type": "percent", "basisPoints": 1_500 },
            "restrictions": { "products": { "include": ten_products } },
        }),
        json!({
            "id": "minimum", "type": "standard", "code": "FIFTY", "priority": 4,
            "discount": { "type": "percent", "basisPoints": 500 },
            "restrictions": { "minimum": { "amounts": { "EGP": 5_000 } } },
        }),
        json!({
            "id": "limited", "type": "standard", "code": "THREE", "priority": 5,
            "discount": { "type": "amount", "amounts": { "EGP": 300 } },
            "limits": { "perCustomer": 2 },
        }),
    ]
}

fn request(lines: usize, definitions: &[Json]) -> Json {
    let codes: Vec<&Json> = definitions
        .iter()
        .filter_map(|coupon| coupon.get("code"))
        .collect();
    json!({
        "codes": codes,
        "cart": { "currency": "EGP", "lines": cart_lines(lines) },
        "customer": { "keys": [{ "kind": "id", "value": CUSTOMER }] },
        "usage": { "counters": counters(definitions) },
        "now": "2026-06-15T12:00:00Z",
        "policy": { "stacking": { "mode": "sequential", "maxCodes": 5 } },
    })
}

fn cart_lines(count: usize) -> Vec<Json> {
    let prices = PRICES.iter().cycle();
    let quantities = QUANTITIES.iter().cycle();
    let categories = CATEGORIES.iter().cycle();
    (0..count)
        .zip(prices)
        .zip(quantities.zip(categories))
        .map(|((place, price), (quantity, category))| {
            json!({
                "id": format!("line-{place}"),
                "unitPrice": price,
                "quantity": quantity,
                "ids": [product(place), category],
            })
        })
        .collect()
}

fn product(place: usize) -> String {
    format!("product-{place}")
}

/// Each limited coupon has been used, by this customer too.
fn counters(definitions: &[Json]) -> Json {
    definitions
        .iter()
        .filter(|coupon| coupon.get("limits").is_some())
        .filter_map(|coupon| coupon.get("id").and_then(Json::as_str))
        .flat_map(|id| {
            [
                (format!("coupon/{id}"), json!({ "claimed": 417 })),
                (
                    format!("coupon/{id}/customer/id/{CUSTOMER}"),
                    json!({ "claimed": 1 }),
                ),
            ]
        })
        .collect()
}

fn refused(error: coupon_engine::error::Error) -> String {
    format!("the engine refused the workload: {error:?}")
}
